import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AUCTION, FIXED, UNIT, aBuy, auctionPackage, fixedPackage, givenBuy, operate } from "./buy.fixture.ts";
import { totalBudget } from "./entities.ts";

const shift = { operation: "shift_budget", from_package_id: FIXED, to_package_id: AUCTION, percent: 50 } as const;

describe("shifting budget", () => {
  it("moves a part of the source's budget, not of its spend", () => {
    const { packages } = operate(givenBuy(aBuy(), { [FIXED]: { spend_micros: 10_000 * UNIT } }), shift);
    expect(packages.map((pkg) => pkg.budget_micros)).toEqual([18_000 * UNIT, 42_000 * UNIT]);
  });

  it("reports both packages before and after", () => {
    expect(operate(givenBuy(), shift).changes).toMatchObject([
      {
        package_ids: [FIXED, AUCTION],
        previous_value: { [FIXED]: 36_000 * UNIT, [AUCTION]: 24_000 * UNIT },
        new_value: { [FIXED]: 18_000 * UNIT, [AUCTION]: 42_000 * UNIT },
      },
    ]);
  });

  it("leaves the source what it has spent", () => {
    const spent = (spend_micros: number) => givenBuy(aBuy(), { [FIXED]: { spend_micros } });
    expect(operate(spent(18_000 * UNIT), shift).outcome.code).toBeNull();
    expect(operate(spent(18_000 * UNIT + 1), shift).outcome.refusal).toMatchObject({
      code: "BUDGET_EXCEEDED",
      issues: [{ pointer: "/operations/0" }],
      details: { least_micros: 18_000 * UNIT + 1 },
    });
  });

  it("leaves the source its minimum", () => {
    expect(operate(givenBuy(), { ...shift, percent: 87 }).outcome.code).toBe("BUDGET_TOO_LOW");
    expect(operate(givenBuy(), { ...shift, percent: 100 }).outcome.code).toBe("BUDGET_TOO_LOW");
  });

  it("refuses to shift from a package to itself, or where there is none", () => {
    expect(operate(givenBuy(), { ...shift, to_package_id: FIXED }).outcome.code).toBe("VALIDATION_ERROR");
    const gone = "pkg_01J00000000000000000000404";
    const outcome = operate(givenBuy(), { ...shift, to_package_id: gone }).outcome;
    expect(outcome.refusal).toMatchObject({
      code: "PACKAGE_NOT_FOUND",
      issues: [{ pointer: "/operations/0/to_package_id" }],
    });
    const canceled = aBuy({ packages: [fixedPackage(), auctionPackage({ canceled: true })] });
    expect(operate(givenBuy(canceled), shift).outcome.code).toBe("INVALID_STATE");
  });

  it("keeps the total to the micro, whatever is shifted how often", () => {
    const percents = fc.array(fc.tuple(fc.boolean(), fc.double({ min: 0.0001, max: 100, noNaN: true })), {
      maxLength: 8,
    });
    const budgets = fc.tuple(fc.integer({ min: 1, max: 2 ** 50 }), fc.integer({ min: 1, max: 2 ** 50 }));
    fc.assert(
      fc.property(budgets, percents, ([a, b], shifts) => {
        const pricing = { ...fixedPackage().pricing, min_spend_micros: 0 };
        const packages = [
          fixedPackage({ budget_micros: a, pricing }),
          fixedPackage({ id: AUCTION, budget_micros: b, pricing }),
        ];
        const scenario = givenBuy(aBuy({ packages }));
        for (const [back, percent] of shifts) {
          const ends = back
            ? { from_package_id: AUCTION, to_package_id: FIXED }
            : { from_package_id: FIXED, to_package_id: AUCTION };
          const { buy } = operate(scenario, { operation: "shift_budget", ...ends, percent });
          expect(totalBudget(buy)).toBe(a + b);
          expect(Math.min(...buy.packages.map((pkg) => pkg.budget_micros))).toBeGreaterThan(0);
        }
      }),
      { numRuns: 60 },
    );
  });
});
