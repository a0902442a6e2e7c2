import { z } from "zod";

/** Nesting that the free JSON of a campaign may have; the object itself is level 1. */
export const MAX_FREE_DEPTH = 16;

/** A JSON object whose content is the caller's own. It is data: nothing here is ever executed. */
export const FreeObject = z
  .record(z.string().min(1).max(128), z.unknown())
  .refine((value) => depthOf(value) <= MAX_FREE_DEPTH, `Nested deeper than ${MAX_FREE_DEPTH} levels`);
export type FreeObject = Readonly<Record<string, unknown>>;

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
