import { describe, expect, it } from "vitest";
import { AUCTION, UNIT, aBuy, auctionPackage, givenBuy, operate } from "./buy.fixture.ts";

const auctionOnly = (fields = {}) => givenBuy(aBuy({ packages: [auctionPackage(fields)] }));

describe("adjusting a bid", () => {
  it("raises and lowers it by percent, in whole micros", () => {
    const up = operate(auctionOnly(), { operation: "adjust_bid", device: "all", percent: 25 });
    expect(up.packages[0]?.bid_micros).toBe(8 * UNIT);
    const down = operate(auctionOnly(), { operation: "adjust_bid", device: "all", percent: -33.333 });
    expect(down.packages[0]?.bid_micros).toBe(4_266_688);
  });

  it("on one device changes the modifier there, and compounds", () => {
    const scenario = auctionOnly();
    const raise = { operation: "adjust_bid", device: "mobile", percent: 20 } as const;
    expect(operate(scenario, raise).packages[0]?.device_bid_modifiers).toEqual({ mobile: 0.2 });
    expect(operate(scenario, raise).packages[0]?.device_bid_modifiers).toEqual({ mobile: 0.44 });
  });

  it("forgets a modifier that comes back to none", () => {
    const scenario = auctionOnly({ device_bid_modifiers: { mobile: 0.25, desktop: 0.1 } });
    const lower = { operation: "adjust_bid", device: "mobile", percent: -20 } as const;
    expect(operate(scenario, lower).packages[0]?.device_bid_modifiers).toEqual({ desktop: 0.1 });
  });

  it("never bids nothing, and never below the floor", () => {
    const { outcome } = operate(auctionOnly(), { operation: "adjust_bid", device: "all", percent: -90 });
    expect(outcome.refusal).toMatchObject({ code: "VALIDATION_ERROR", issues: [{ pointer: "/operations/0" }] });
  });

  it("refuses a bid that falls below the floor on some device only", () => {
    const modest = { device_bid_modifiers: { tablet: -0.3 } };
    const lower = { operation: "adjust_bid", device: "all", percent: -20 } as const;
    expect(operate(auctionOnly(modest), lower).outcome.code).toBe("VALIDATION_ERROR");
    expect(operate(auctionOnly(), lower).outcome.code).toBeNull();
    const tablet = { operation: "adjust_bid", device: "tablet", percent: -40 } as const;
    expect(operate(auctionOnly(), tablet).outcome.code).toBe("VALIDATION_ERROR");
  });

  it("refuses a bid above the highest the product takes", () => {
    const raise = { operation: "adjust_bid", device: "all", percent: 900 } as const;
    expect(operate(auctionOnly(), raise).outcome.code).toBe("VALIDATION_ERROR");
  });

  it("refuses a bid that could not be counted to the micro, where nothing else limits it", () => {
    const pricing = { ...auctionPackage().pricing, max_bid_micros: null };
    const raise = (device: "all" | "mobile", percent: number, fields = {}) =>
      operate(auctionOnly({ pricing, bid_micros: 9e15, ...fields }), { operation: "adjust_bid", device, percent })
        .outcome;
    const tooMuch = { code: "VALIDATION_ERROR", message: expect.stringContaining("2^53") };
    expect(raise("all", 900).refusal).toMatchObject({ ...tooMuch, issues: [{ pointer: "/operations/0/percent" }] });
    expect(raise("mobile", 900).refusal).toMatchObject({ ...tooMuch, issues: [{ pointer: "/operations/0" }] });
    expect(raise("all", 0.01, { device_bid_modifiers: { mobile: 0.5 } }).refusal).toMatchObject(tooMuch);
    expect(raise("all", 0.01).code).toBeNull();
  });

  it("refuses a modifier beyond −90 % or +900 %", () => {
    const scenario = auctionOnly({ device_bid_modifiers: { mobile: 5 } });
    const { outcome } = operate(scenario, { operation: "adjust_bid", device: "mobile", percent: 100 });
    expect(outcome.refusal).toMatchObject({ code: "VALIDATION_ERROR", issues: [{ pointer: "/operations/0/percent" }] });
  });

  it("is unsupported on a fixed price, unless the auctions alone are named", () => {
    const raise = { operation: "adjust_bid", device: "all", percent: 10 } as const;
    expect(operate(givenBuy(), raise).outcome.code).toBe("UNSUPPORTED_FEATURE");
    const named = operate(givenBuy(), { ...raise, package_ids: [AUCTION] });
    expect(named.packages.map((pkg) => pkg.bid_micros)).toEqual([null, 7_040_000]);
  });
});
