import { JsonLimitError, parseJson } from "../../../core/model/json.ts";
import { refuse } from "../../../core/model/refusal.ts";
import type { Refusal } from "../../../core/model/refusal.ts";

/** A body read, or why not. `status` differs from the refusal's own where HTTP has a better word. */
export type BodyRead =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly refusal: Refusal; readonly status?: number };

/** Reads a JSON body of at most `maxBytes`, without ever holding more than that. */
export async function readJson(request: Request, maxBytes: number): Promise<BodyRead> {
  if (mediaType(request) !== "application/json") {
    const refusal = refuse("INVALID_REQUEST", "The body must be JSON.", {
      hint: "Send Content-Type: application/json.",
    });
    return { ok: false, refusal, status: 415 };
  }
  const bytes = await readBytes(request, maxBytes);
  if (!bytes) return { ok: false, refusal: tooLarge(maxBytes) };
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
    return { ok: true, value: parseJson(text) };
  } catch (error) {
    return { ok: false, refusal: notJson(error) };
  }
}

/** The refusal of a body over its limit. */
export function tooLarge(maxBytes: number): Refusal {
  return refuse("PAYLOAD_TOO_LARGE", `The body is larger than ${maxBytes} bytes.`, {
    details: { max_bytes: maxBytes },
  });
}

/** The media type without its parameters, lower case; "" if there is none. */
export function mediaType(request: Request): string {
  return (request.headers.get("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

/** Whether the sender already says that the body is over the limit. */
export function announcesMoreThan(request: Request, maxBytes: number): boolean {
  return Number(request.headers.get("content-length") ?? 0) > maxBytes;
}

/** The body's bytes as they come; none if there is no body. */
export function bodyStream(request: Request): ReadableStream<Uint8Array> {
  // The runtime's types leave open what the chunks are; the Fetch standard says bytes.
  return (request.body ?? new Blob([]).stream()) as ReadableStream<Uint8Array>;
}

/** How much of a body over its limit is read and dropped; what is longer is left unread. */
const MAX_DRAINED_BYTES = 8 * 1024 * 1024;

/**
 * The whole body, or null if it is longer than `maxBytes`. A body that turns out too long is drained or left, never
 * cancelled: after a cancelled request body a later request through the development server fails (2026-11).
 */
async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array | null> {
  if (announcesMoreThan(request, maxBytes)) return null;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunksOf(bodyStream(request))) {
    length += chunk.byteLength;
    if (length <= maxBytes) chunks.push(chunk);
    else if (length > MAX_DRAINED_BYTES) break;
    else chunks.length = 0;
  }
  if (length > maxBytes) return null;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncIterable<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.releaseLock();
  }
}

function notJson(error: unknown): Refusal {
  if (error instanceof JsonLimitError) {
    const message = `${error.message}.`;
    return refuse("INVALID_REQUEST", message, { issues: [{ pointer: error.pointer, message, keyword: "json" }] });
  }
  if (error instanceof SyntaxError) return refuse("INVALID_REQUEST", "The body is not valid JSON.");
  if (error instanceof TypeError) return refuse("INVALID_REQUEST", "The body is not valid UTF-8.");
  throw error;
}
