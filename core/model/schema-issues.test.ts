import { describe, expect, it } from "vitest";
import { z } from "zod";
import { badInput } from "./schema-issues.ts";

const Name = z.strictObject({ name: z.string(), tags: z.record(z.string(), z.string()).optional() });

function refusalOf(payload: unknown) {
  const parsed = Name.safeParse(payload);
  if (parsed.success) throw new Error("It was accepted");
  return badInput(parsed.error);
}

describe("what is wrong with a payload", () => {
  it("names each unknown field and each wrong one, by its pointer", () => {
    expect(refusalOf({ name: 7, "a/b~c": 1 }).issues?.map(({ pointer, keyword }) => [pointer, keyword])).toEqual([
      ["/name", "invalid_type"],
      ["/a~1b~0c", "unknown"],
    ]);
  });

  it("is told in a few kilobytes, whatever was sent", () => {
    const many = Object.fromEntries(Array.from({ length: 9_000 }, (_, n) => [`unknown-field-${n}`, n]));
    const { issues = [] } = refusalOf({ name: "x", ...many });
    expect(issues).toHaveLength(50);
    expect(JSON.stringify(refusalOf({ ...many, name: 1 })).length).toBeLessThan(16_384);
    const long = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`${n}`.padEnd(2_000, "~"), n]));
    expect(JSON.stringify(refusalOf({ name: "x", ...long })).length).toBeLessThan(16_384 * 2);
    expect(JSON.stringify(refusalOf({ name: "x", tags: long })).length).toBeLessThan(16_384 * 2);
  });
});
