/** A value that survives JSON unchanged. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Why a text or value was not accepted as JSON from outside. */
export class JsonLimitError extends Error {}

/** Nesting beyond this is refused before any schema sees it (a schema would recurse). */
export const MAX_JSON_DEPTH = 32;

const FORBIDDEN_KEYS = new Set(["__proto__", "constructor", "prototype"]);

/**
 * Parses text from outside. Throws `SyntaxError` for bad JSON and `JsonLimitError`
 * for nesting over {@link MAX_JSON_DEPTH}, lone surrogates, or a key that could reach a prototype.
 */
export function parseJson(text: string): unknown {
  assertShallow(text);
  const value: unknown = JSON.parse(text);
  assertPlain(value);
  return value;
}

/** Counts brackets outside strings, so that deep input is refused in one pass, without recursion. */
function assertShallow(text: string): void {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === 0x5c) at++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > MAX_JSON_DEPTH) throw new JsonLimitError(`JSON is nested deeper than ${MAX_JSON_DEPTH} levels`);
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
}

function assertPlain(value: unknown): void {
  if (typeof value === "string") {
    if (!value.isWellFormed()) throw new JsonLimitError("A string has a lone surrogate");
    return;
  }
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) assertPlain(item);
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    if (FORBIDDEN_KEYS.has(key)) throw new JsonLimitError(`The key "${key}" is not allowed`);
    if (!key.isWellFormed()) throw new JsonLimitError("A key has a lone surrogate");
    assertPlain(item);
  }
}

/** JSON with sorted keys and no `undefined`: equal values give equal text (RFC 8785 in spirit; numbers are as JSON.stringify writes them). */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const parts = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`);
    return `{${parts.join(",")}}`;
  }
  return JSON.stringify(value) ?? "null";
}

/** How many bytes a value takes as UTF-8 JSON. Counted by hand: core has no TextEncoder. */
export function jsonBytes(value: unknown): number {
  let bytes = 0;
  for (const character of JSON.stringify(value) ?? "") {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
