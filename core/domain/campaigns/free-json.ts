import { z } from "zod";

/** Nesting that the free JSON of a campaign may have; the object itself is level 1. */
export const MAX_FREE_DEPTH = 16;

/** A JSON object whose content is the caller's own. It is data: nothing here is ever executed. */
export const FreeObject = z
  .record(z.string().min(1).max(128), z.unknown())
  .refine((value) => depthOf(value) <= MAX_FREE_DEPTH, `Nested deeper than ${MAX_FREE_DEPTH} levels`);
export type FreeObject = Readonly<Record<string, unknown>>;

/** The size of a value as UTF-8 JSON, in bytes. */
export function jsonBytes(value: unknown): number {
  let bytes = 0;
  for (const character of JSON.stringify(value)) bytes += utf8Length(character.codePointAt(0) ?? 0);
  return bytes;
}

/** Bytes of a code point in UTF-8; counted here because core knows no encoder of any platform. */
function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

/** Levels of objects and arrays; a plain value has none. */
export function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  let deepest = 0;
  for (const item of Object.values(value)) deepest = Math.max(deepest, depthOf(item));
  return deepest + 1;
}

/** `base` with the patch's keys replaced; a key patched with null goes. */
export function mergeShallow(base: FreeObject, patch: FreeObject): FreeObject {
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, value);
  }
  return Object.fromEntries(merged);
}
