import { expect, it } from "vitest";
import { Histogram } from "./load/histogram.ts";
import { CELLS } from "./plan.ts";
import { median, Results } from "./results.ts";
import type { Round } from "./results.ts";

const round = (acked_per_s: number): Round => ({ acked_per_s, rows: null }) as Round; // The rest is not read here.

it("the median of an even number of figures lies between the middle two", () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2]), median([])]).toEqual([2, 2.5, Number.NaN]);
});

it("ratios are taken round by round, so that a slow round of both does not count", () => {
  const results = new Results();
  for (const [ours, theirs] of [
    [200, 100],
    [20, 10],
    [300, 100],
  ]) {
    results.add(CELLS.one_writer, "Flightdeck", round(ours!));
    results.add(CELLS.one_writer, "Socket.IO", round(theirs!));
  }
  expect(results.ratio(CELLS.one_writer, (each) => each.acked_per_s)).toBe(2);
});

it("quantiles are the upper edge of the step that holds them", () => {
  const histogram = new Histogram();
  for (let ms = 1; ms <= 100; ms++) histogram.add(ms - 0.01);
  expect([histogram.quantile(0.5), histogram.quantile(0.99), histogram.quantile(1)]).toEqual([50, 99, 100]);
  expect(new Histogram().quantile(0.99)).toBe(0);
});
