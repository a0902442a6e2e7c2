import { describe, expect, it } from "vitest";
import { patched, unpatch } from "./patch.ts";

describe("a patch", () => {
  const base: { name: string; note: string | null; days: number } = { name: "NorthTrail", note: "x", days: 30 };

  it("replaces the fields it names, null included", () => {
    expect(patched(base, { name: "South", note: null })).toEqual({ name: "South", note: null, days: 30 });
  });

  it("leaves fields alone that it names as undefined", () => {
    expect(patched(base, { days: undefined })).toEqual(base);
  });

  it("is undone by the values from before", () => {
    const patch = { name: "South", note: null };
    expect(patched(patched(base, patch), unpatch(base, patch))).toEqual(base);
  });
});
