import { createHash } from "node:crypto";
import type { z } from "zod";

const CHECK_LENGTH = 16;

/**
 * Where a page ended, as an opaque text. `binding` is what the cursor belongs to: the read, the reader's workspace and the filters.
 * Its check finds mistakes (a cut text, another query's cursor). It is no protection and needs none:
 * every page is limited to what its reader may see, wherever it begins.
 */
export function encodeCursor(key: readonly unknown[], binding: string): string {
  const text = JSON.stringify(key);
  return `${toBase64Url(text)}.${check(text, binding)}`;
}

/** The key in a cursor, or null if it is not one of this binding. */
export function decodeCursor<K>(cursor: string, binding: string, schema: z.ZodType<K>): K | null {
  const [encoded = "", checked, ...rest] = cursor.split(".");
  const text = fromBase64Url(encoded);
  // The second comparison refuses what decoding overlooks: another way to write the same text.
  if (text === null || rest.length > 0 || checked !== check(text, binding) || toBase64Url(text) !== encoded)
    return null;
  const key = schema.safeParse(parse(text));
  return key.success ? key.data : null;
}

function check(text: string, binding: string): string {
  return createHash("sha256").update(`${binding}\n${text}`).digest("hex").slice(0, CHECK_LENGTH);
}

function toBase64Url(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

function fromBase64Url(encoded: string): string | null {
  try {
    const binary = atob(encoded.replaceAll("-", "+").replaceAll("_", "/"));
    return new TextDecoder().decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
  } catch {
    return null;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
