import { describe, expect, it } from "vitest";
import { CATALOGUE } from "./catalogue.ts";
import { summarize } from "./summary.ts";
import type { Ran } from "./summary.ts";

const list = [
  { id: 1, fault: "a kill", proofs: [] },
  { id: 12, fault: "a flood", proofs: [{ file: "tests/e2e/flood.test.ts", title: "flooded" }] },
];
const own: Ran = {
  file: "/x/tests/chaos/a.test.ts",
  title: "crashes > [#1] a kill",
  state: "passed",
  figures: [{ id: 1, text: "lost 0" }],
};
const cited: Ran = { file: "/x/tests/e2e/flood.test.ts", title: "a room flooded", state: "passed", figures: [] };
const proved = (ran: Ran[]): number => summarize(list, ran).proved;

describe("the summary", () => {
  it("names each test of the list with its figures and the tests it cites", () => {
    const besides = { ...own, title: "controls", figures: [{ id: 0, text: "without idempotency: caught" }] };
    expect(summarize(list, [own, cited, besides]).lines).toEqual([
      "#1 ok a kill: lost 0",
      "#12 ok a flood: 1 of tests/e2e/flood.test.ts",
      "without idempotency: caught",
    ]);
  });

  it("counts as proved only what ran and passed, with all that it cites", () => {
    expect(proved([own, cited])).toBe(2);
    expect(proved([own])).toBe(1);
    expect(proved([cited])).toBe(1);
    for (const state of ["failed", "skipped", "pending"] as const) {
      expect(proved([{ ...own, state }, cited])).toBe(1);
      expect(proved([own, { ...cited, state }])).toBe(1);
      expect(proved([own, { ...own, state }, cited])).toBe(1);
    }
    expect(proved([own, { ...cited, title: "another" }])).toBe(1);
  });

  it("takes no number for another that begins alike", () => {
    expect(proved([{ ...own, title: "[#12] a flood" }, cited])).toBe(1);
  });

  it("is made for all of 1 to 26", () => {
    expect(CATALOGUE.map(({ id }) => id)).toEqual(Array.from({ length: 26 }, (_, at) => at + 1));
  });
});
