import { refuse } from "../../../core/model/refusal.ts";
import type { Refusal } from "../../../core/model/refusal.ts";
import type { BodyReader } from "./body-reader.ts";

/** Larger files are refused. */
export const MAX_FILE_BYTES = 50 * 1024 * 1024;
/** How much of a file is looked at before it is decided how to read it. */
export const SAMPLE_BYTES = 1024 * 1024;

/** Why a body could not be read to its end. */
export function bodyRefusal(kind: "too_large" | "cut", limit: number): Refusal {
  return kind === "too_large"
    ? refuse("PAYLOAD_TOO_LARGE", `A file may have ${Math.floor(limit / 1024 / 1024)} MB: split it, by day for example`)
    : refuse("INVALID_REQUEST", "The upload was cut off before its end", { hint: "Send the whole file again." });
}

/** Reads the beginning of a body: at least {@link SAMPLE_BYTES}, or all of it. */
export async function readBeginning(body: BodyReader): Promise<Uint8Array | "too_large" | "cut"> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (length < SAMPLE_BYTES) {
    const part = await body.next();
    if (part.kind === "end") break;
    if (part.kind !== "chunk") return part.kind;
    chunks.push(part.bytes);
    length += part.bytes.length;
  }
  const sample = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    sample.set(chunk, at);
    at += chunk.length;
  }
  return sample;
}
