import { describe, expect, it } from "vitest";
import { UNIT, aBuy, auctionPackage, fixedPackage } from "../media-buys/buy.fixture.ts";
import { estimatedImpressions } from "./estimate.ts";

describe("the estimate of impressions", () => {
  it("is what the budget buys by the thousand, summed over packages", () => {
    expect(estimatedImpressions(aBuy())).toBe(1_200_000 + 3_750_000);
  });

  it("is never more than what is available in the flight", () => {
    const scarce = fixedPackage({ available_impressions: 300_000 });
    expect(estimatedImpressions(aBuy({ packages: [scarce] }))).toBe(300_000);
    const brief = { start_at: "2026-11-05T12:00:00.000Z", end_at: "2026-11-08T12:00:00.000Z" };
    expect(estimatedImpressions(aBuy({ packages: [{ ...scarce, ...brief }] }))).toBe(30_000);
  });

  it("is what is available when impressions are not what is paid for", () => {
    const pricing = { ...auctionPackage().pricing, model: "cpc" as const };
    const clicks = auctionPackage({ pricing, available_impressions: 70_000, bid_micros: UNIT });
    expect(estimatedImpressions(aBuy({ packages: [clicks] }))).toBe(70_000);
  });

  it("is a number that can be counted, however much is available for however long", () => {
    const endless = { available_impressions: 9e15, end_at: "9999-12-31T00:00:00.000Z", bid_micros: 1 };
    const packages = [auctionPackage({ ...endless, budget_micros: 9e15 }), auctionPackage(endless)];
    expect(estimatedImpressions(aBuy({ packages }))).toBe(Number.MAX_SAFE_INTEGER);
  });

  it("leaves canceled packages out", () => {
    expect(estimatedImpressions(aBuy({ packages: [fixedPackage({ canceled: true }), auctionPackage()] }))).toBe(
      3_750_000,
    );
  });
});
