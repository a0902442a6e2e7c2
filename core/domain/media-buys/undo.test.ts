import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Operation } from "./apply-operations.ts";
import { AUCTION, BUY, FIXED, aBuy, givenBuy } from "./buy.fixture.ts";
import { mediaBuys } from "./entities.ts";
import { anyOperation } from "./operations.fixture.ts";
import { updateMediaBuy } from "./update-media-buy.ts";

/** The fields of the buy that operations change. */
const relevant = (scenario: ReturnType<typeof givenBuy>) => {
  const { status, daily_cap_micros, packages } = scenario.get(mediaBuys, BUY)!;
  return { status, daily_cap_micros, packages };
};

describe("undoing an update", () => {
  it("leads back to exactly what was", () => {
    const scenario = givenBuy();
    const operations: Operation[] = [
      { operation: "remove_geo", countries: ["US"] },
      { operation: "add_geo", countries: ["FR"], package_ids: [AUCTION] },
      { operation: "adjust_bid", device: "all", percent: 17.3, package_ids: [AUCTION] },
      { operation: "adjust_bid", device: "mobile", percent: 33, package_ids: [AUCTION] },
      { operation: "set_daily_cap", amount_micros: 5_000_000_000 },
      { operation: "shift_budget", from_package_id: FIXED, to_package_id: AUCTION, percent: 12.34 },
      { operation: "set_status", status: "paused", reason: "x" },
    ];
    const { inverse } = scenario.when(updateMediaBuy, { media_buy_id: BUY, operations });
    expect(inverse?.type).toBe("media_buy:update:v1");
    expect(scenario.send(updateMediaBuy, inverse?.payload).code).toBeNull();
    expect(relevant(scenario)).toEqual(relevant(givenBuy()));
  });

  it("is not offered where the graph does not lead back", () => {
    const end = (operation: Operation) =>
      givenBuy().when(updateMediaBuy, { media_buy_id: BUY, operations: [operation] }).inverse;
    expect(end({ operation: "set_status", status: "completed" })).toBeNull();
    expect(end({ operation: "set_status", status: "canceled", reason: "x" })).toBeNull();
    expect(end({ operation: "set_status", status: "canceled", package_ids: [AUCTION] })).toBeNull();
    const waiting = givenBuy(aBuy({ status: "pending_start" }));
    const start: Operation[] = [{ operation: "set_status", status: "active" }];
    expect(waiting.when(updateMediaBuy, { media_buy_id: BUY, operations: start }).inverse).toBeNull();
  });

  it("whatever was done, either leads back exactly or is not offered", () => {
    let offered = 0;
    fc.assert(
      fc.property(fc.array(anyOperation, { minLength: 1, maxLength: 5 }), (operations) => {
        const scenario = givenBuy();
        const outcome = scenario.when(updateMediaBuy, { media_buy_id: BUY, operations });
        if (!outcome.inverse) return;
        offered++;
        expect(scenario.send(updateMediaBuy, outcome.inverse.payload).code).toBeNull();
        expect(relevant(scenario)).toEqual(relevant(givenBuy()));
      }),
      { numRuns: 150, seed: 7 },
    );
    expect(offered).toBeGreaterThan(60);
  });
});
