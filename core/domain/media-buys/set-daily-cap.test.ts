import { describe, expect, it } from "vitest";
import type { Operation } from "./apply-operations.ts";
import { AUCTION, UNIT, aBuy, givenBuy, operate } from "./buy.fixture.ts";

describe("setting the daily cap", () => {
  it("sets, changes and takes it away", () => {
    const scenario = givenBuy();
    const cap = (amount_micros: number | null) => operate(scenario, { operation: "set_daily_cap", amount_micros }).buy;
    expect(cap(5_000 * UNIT).daily_cap_micros).toBe(5_000 * UNIT);
    expect(cap(6_000 * UNIT).daily_cap_micros).toBe(6_000 * UNIT);
    expect(cap(null).daily_cap_micros).toBeNull();
  });

  it("may be the whole budget but no more", () => {
    const cap = (amount_micros: number) => operate(givenBuy(), { operation: "set_daily_cap", amount_micros }).outcome;
    expect(cap(60_000 * UNIT).code).toBeNull();
    expect(cap(60_000 * UNIT + 1).code).toBe("VALIDATION_ERROR");
  });

  it("is judged against the budget after packages were canceled in the same update", () => {
    const scenario = givenBuy(aBuy({ daily_cap_micros: 40_000 * UNIT }));
    const cancel: Operation = { operation: "set_status", status: "canceled", package_ids: [AUCTION] };
    expect(operate(scenario, cancel).outcome.code).toBe("VALIDATION_ERROR");
    const lower = { operation: "set_daily_cap", amount_micros: 30_000 * UNIT } as const;
    expect(operate(scenario, cancel, lower).outcome.code).toBeNull();
  });

  it("warns when the budget cannot be spent in full, and not when it can", () => {
    const cap = (amount_micros: number) => operate(givenBuy(), { operation: "set_daily_cap", amount_micros }).warnings;
    expect(cap(3_999 * UNIT)).toMatchObject([{ code: "cannot_spend_in_full" }]);
    expect(cap(4_000 * UNIT)).toEqual([]);
  });

  it("has nothing to do when it is so already", () => {
    expect(operate(givenBuy(), { operation: "set_daily_cap", amount_micros: null }).outcome.code).toBe("NO_CHANGE");
  });
});
