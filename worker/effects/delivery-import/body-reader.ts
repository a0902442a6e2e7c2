import { createHash } from "node:crypto";

/** What reading on a body gave. `cut`: the sender went away before the end. */
export type BodyPart =
  | { readonly kind: "chunk"; readonly bytes: Uint8Array }
  | { readonly kind: "end" }
  | { readonly kind: "too_large" }
  | { readonly kind: "cut" };

/** Reads a request's body once, counting and digesting it, and stops at a limit. */
export class BodyReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #hash = createHash("sha256");
  readonly #limit: number;
  #bytes = 0;

  constructor(body: ReadableStream<Uint8Array>, limit: number) {
    this.#reader = body.getReader();
    this.#limit = limit;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** SHA-256 (hex) of what was read. Ends the digest: call it once. */
  digest(): string {
    return this.#hash.digest("hex");
  }

  async next(): Promise<BodyPart> {
    let read: ReadableStreamReadResult<Uint8Array>;
    try {
      read = await this.#reader.read();
    } catch {
      return { kind: "cut" };
    }
    if (read.done) return { kind: "end" };
    this.#bytes += read.value.length;
    if (this.#bytes > this.#limit) return { kind: "too_large" };
    this.#hash.update(read.value);
    return { kind: "chunk", bytes: read.value };
  }

  /**
   * Reads what is left and forgets it: cancelling a body breaks a later request through the development server (2026-11).
   * A body of more than twice the limit is left unread instead.
   */
  async drain(): Promise<void> {
    for (;;) {
      const part = await this.next();
      if (part.kind === "end" || part.kind === "cut" || this.#bytes > 2 * this.#limit) break;
    }
    this.#reader.releaseLock();
  }
}
