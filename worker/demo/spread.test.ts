import fc from "fast-check";
import { expect, test } from "vitest";
import { spread } from "./spread.ts";

test("parts add up to the whole, whatever the weights", () => {
  const weights = fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(fc.nat(2_000_000_000), weights, (total, some) => {
      fc.pre(some.some((weight) => weight > 1e-6));
      const parts = spread(total, some);
      expect(parts.reduce((sum, part) => sum + part, 0)).toBe(total);
      parts.forEach((part, at) => expect(part === 0 || (some[at] ?? 0) > 0).toBe(true));
    }),
  );
});

test("nothing is given where there is no weight", () => {
  expect(spread(10, [1, 0, 1])).toEqual([5, 0, 5]);
  expect(() => spread(1, [0, 0])).toThrow("Nothing to spread over");
});
