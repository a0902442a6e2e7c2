/** A value that survives JSON unchanged. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Why a text or value was not accepted as JSON from outside; `pointer` (RFC 6901) leads to what is wrong with it. */
export class JsonLimitError extends Error {
  readonly pointer: string;
  constructor(message: string, pointer = "") {
    super(message);
    this.pointer = pointer;
  }
}

/** Nesting beyond this is refused before any schema sees it (a schema would recurse). */
export const MAX_JSON_DEPTH = 32;

const FORBIDDEN_KEYS = new Set(["__proto__", "constructor", "prototype"]);

/**
 * Parses text from outside. Throws `SyntaxError` for bad JSON and `JsonLimitError` for nesting over {@link MAX_JSON_DEPTH},
 * lone surrogates, numbers beyond a double's range, or a key that could reach a prototype.
 */
export function parseJson(text: string): unknown {
  assertShallow(text);
  const value: unknown = JSON.parse(text);
  const flaw = flawIn(value);
  if (flaw) throw new JsonLimitError(flaw.message, flaw.path.map(pointerStep).join(""));
  return value;
}

function pointerStep(key: string): string {
  return `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
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

interface Flaw {
  readonly message: string;
  readonly path: readonly string[];
}

/** The first thing in a parsed value that must not get further. Its path is put together on the way back: good values cost none. */
function flawIn(value: unknown): Flaw | null {
  if (typeof value === "string")
    return value.isWellFormed() ? null : { message: "A string has a lone surrogate", path: [] };
  // 1e999 is read as Infinity, which would be written as null: the room and its log would disagree.
  if (typeof value === "number") return Number.isFinite(value) ? null : { message: "A number is too large", path: [] };
  if (typeof value !== "object" || value === null) return null;
  for (const [key, item] of Object.entries(value)) {
    if (FORBIDDEN_KEYS.has(key)) return { message: `The key "${key}" is not allowed`, path: [key] };
    if (!key.isWellFormed()) return { message: "A key has a lone surrogate", path: [] };
    const flaw = flawIn(item);
    if (flaw) return { ...flaw, path: [key, ...flaw.path] };
  }
  return null;
}

/** JSON with sorted keys and no `undefined`: equal values give equal text (RFC 8785 in spirit; numbers are as JSON.stringify writes them). */
export function canonicalJson(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  // Put together by hand: every command is digested by it, and lists of entries cost three times as much.
  let inside = "";
  if (Array.isArray(value)) {
    for (const item of value) inside += `,${canonicalJson(item ?? null)}`;
    return `[${inside.slice(1)}]`;
  }
  for (const key of Object.keys(value).sort()) {
    const item: unknown = Reflect.get(value, key);
    if (item !== undefined) inside += `,${JSON.stringify(key)}:${canonicalJson(item)}`;
  }
  return `{${inside.slice(1)}}`;
}

/** How many bytes a value takes as UTF-8 JSON. */
export function jsonBytes(value: unknown): number {
  return utf8Bytes(JSON.stringify(value) ?? "");
}

/** How many bytes a text takes as UTF-8. Counted by hand: core has no TextEncoder. */
export function utf8Bytes(text: string): number {
  // Most text is plain ASCII, which a search finds out some ten times faster than counting.
  if (!/[^ -~]/.test(text)) return text.length;
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
