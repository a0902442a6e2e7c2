import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../scripts/local/paths.ts";

/** What follows each number on the page, up to the next. */
const promises = new Map(
  [...read("docs/spec/promises.md").matchAll(/^- \*\*\[(P\d+)\]\*\* ([\s\S]*?)(?=^- |(?![\s\S]))/gm)].map(
    ([, number = "", text = ""]) => [number, text],
  ),
);

/** Files of tests by the promises that their titles cite. */
const cited = new Map<string, string[]>();
for (const folder of ["core", "worker", "client", "tests", "scripts"]) {
  for (const name of readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })) {
    if (!/\.test\.tsx?$/.test(name)) continue;
    const path = `${folder}/${name.replaceAll("\\", "/")}`;
    for (const [, number = ""] of read(path).matchAll(/["`]\[(P\d+)\] /g))
      cited.set(number, [...(cited.get(number) ?? []), path]);
  }
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

describe("docs/spec/promises.md", () => {
  it("numbers its promises one after the other", () => {
    expect([...promises.keys()]).toEqual(Array.from({ length: 10 }, (_, at) => `P${at + 1}`));
  });

  it("has every promise that a test cites", () => {
    expect([...cited.keys()].filter((number) => !promises.has(number))).toEqual([]);
  });

  it.each([...promises])("names the tests that prove %s, and these cite it", (number, text) => {
    const named = [...text.matchAll(/\]\(\.\.\/\.\.\/([^)]+)\)/g)].map(([, path = ""]) => path);
    expect(named.toSorted()).toEqual([...new Set(cited.get(number))].toSorted());
  });
});
