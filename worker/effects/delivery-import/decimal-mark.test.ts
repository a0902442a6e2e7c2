import { expect, it } from "vitest";
import { DecimalMarkEvidence } from "./decimal-mark.ts";

function decide(cells: readonly string[], options: { whole?: boolean; delimiter?: string } = {}): string {
  const evidence = new DecimalMarkEvidence();
  for (const cell of cells) evidence.observe(cell, options.whole ?? false);
  const { mark, assumed } = evidence.decide(options.delimiter ?? ",");
  return assumed ? `${mark}, assumed` : mark;
}

it("is the later of two separators", () => {
  expect(decide(["1,234.56"])).toBe("point");
  expect(decide(["€ 1.234,56"])).toBe("comma");
});

it("is not a separator that repeats", () => {
  expect(decide(["1,234,567"])).toBe("point");
  expect(decide(["1.234.567"])).toBe("comma");
});

it("is a lone separator unless three digits follow it", () => {
  expect(decide(["1.429999948"])).toBe("point");
  expect(decide(["0,123"])).toBe("comma");
  expect(decide(["12,5"])).toBe("comma");
});

it("is not a lone separator in a column that counts things", () => {
  expect(decide(["7.350"], { whole: true })).toBe("comma");
  expect(decide(["7,350"], { whole: true })).toBe("point");
});

it("is assumed from the delimiter where every cell can be read either way", () => {
  expect(decide(["1,234", "56"])).toBe("point, assumed");
  expect(decide(["1.234"], { delimiter: ";" })).toBe("comma, assumed");
  expect(decide(["12", "7"])).toBe("point");
});

it("follows most cells, so that one slip does not change a file", () => {
  expect(decide(["1.5", "2.25", "3,5", "4.75"])).toBe("point");
});
