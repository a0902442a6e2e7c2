import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const HERE = import.meta.dirname;

function rulesIn(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, rule]) => rule ?? "");
}

const page = readFileSync(`${HERE}/../../docs/spec/room-engine.md`, "utf8");
const defined = rulesIn(page, /^- \*\*\[(RE\d+)\]\*\*/gm);
const tests = [HERE, `${HERE}/../adapters/native`].flatMap((folder) =>
  readdirSync(folder).flatMap((name) => (name.endsWith(".test.ts") ? `${folder}/${name}` : [])),
);
const cited = new Set(tests.flatMap((path) => rulesIn(readFileSync(path, "utf8"), /"\[(RE\d+)\] /g)));

describe("docs/spec/room-engine.md", () => {
  it("gives each rule a number of its own, in ascending order", () => {
    const numbers = defined.map((rule) => Number(rule.slice(2)));
    expect(numbers.length).toBeGreaterThan(50);
    expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
  });

  it("has no rule that no test cites", () => {
    expect(defined.filter((rule) => !cited.has(rule))).toEqual([]);
  });

  it("has every rule that a test cites", () => {
    expect([...cited].filter((rule) => !defined.includes(rule))).toEqual([]);
  });
});
