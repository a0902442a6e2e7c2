import { describe, expect, it } from "vitest";
import { UNIT, aBuy, auctionPackage, fixedPackage } from "../media-buys/buy.fixture.ts";
import { buyPacing, elapsedShare, expectedShare, packagePacing } from "./pacing.ts";
import { AT_NOON, deliveryFor, halfway } from "./reporting.fixture.ts";

const spent = (units: number) => ({ totals: { spend_micros: units * UNIT } });
const pace = (buy = halfway(), units = 0, now = AT_NOON.now) =>
  buyPacing(deliveryFor(buy, spent(units)), { ...AT_NOON, now });

describe("pacing", () => {
  it("compares what is spent with what should be", () => {
    expect(pace(halfway(), 14_700)).toEqual({
      index: 0.98,
      state: "on_track",
      expected_micros: 15_000 * UNIT,
      spend_micros: 14_700 * UNIT,
      budget_micros: 30_000 * UNIT,
    });
  });

  it.each([
    [13_499, "behind"],
    [13_500, "on_track"],
    [16_500, "on_track"],
    [16_501, "overspend"],
  ])("calls %i of 15,000 expected %s", (units, state) => {
    expect(pace(halfway(), units).state).toBe(state);
  });

  it("says nothing before the start and in the first six hours", () => {
    const { start_at } = halfway();
    expect(pace(halfway(), 0, "2026-11-05T11:00:00.000Z")).toMatchObject({
      index: null,
      state: null,
      expected_micros: 0,
    });
    expect(pace(halfway(), 0, start_at).index).toBeNull();
    expect(pace(halfway(), 0, "2026-11-05T17:59:59.999Z").index).toBeNull();
    expect(pace(halfway(), 0, "2026-11-05T18:00:00.000Z").index).toBe(0);
  });

  it("expects the whole budget at the end and after it", () => {
    expect(pace(halfway(), 30_000, "2027-03-01T00:00:00.000Z").index).toBe(1);
  });

  it("expects more early on when it is front-loaded", () => {
    expect(expectedShare("front_loaded", 0.5)).toBe(0.75);
    expect(pace(halfway({ pacing_strategy: "front_loaded" }), 22_500).index).toBe(1);
  });

  it("expects nothing in particular as soon as possible: on track until the budget is spent", () => {
    const asap = halfway({ pacing_strategy: "asap" });
    expect(pace(asap, 29_999)).toMatchObject({ index: null, state: "on_track", expected_micros: null });
    expect(pace(asap, 30_000).state).toBe("overspend");
    expect(pace(asap, 0, "2026-11-01T00:00:00.000Z").state).toBeNull();
  });

  it("adds the expectations of packages with different flights and strategies", () => {
    const buy = aBuy({
      packages: [
        fixedPackage({
          budget_micros: 1_000 * UNIT,
          start_at: "2026-11-20T00:00:00.000Z",
          end_at: "2026-11-21T00:00:00.000Z",
        }),
        auctionPackage({ budget_micros: 2_000 * UNIT, pacing_strategy: "front_loaded" }),
      ],
    });
    const delivery = deliveryFor(buy, spent(250), spent(1_500));
    expect(buyPacing(delivery, AT_NOON)).toMatchObject({ index: 1_750 / 2_000, expected_micros: 2_000 * UNIT });
    expect(packagePacing(delivery, buy.packages[0]!, AT_NOON).index).toBe(0.5);
  });

  it("leaves canceled packages out", () => {
    const buy = aBuy({
      packages: [fixedPackage({ budget_micros: 30_000 * UNIT }), auctionPackage({ canceled: true })],
    });
    expect(buyPacing(deliveryFor(buy, spent(15_000), spent(9_000)), AT_NOON)).toMatchObject({
      index: 1,
      budget_micros: 30_000 * UNIT,
    });
  });

  it("knows how much of a flight is over", () => {
    expect(elapsedShare(aBuy(), "2026-11-20T12:00:00.000Z")).toBe(0.5);
    expect(elapsedShare(aBuy(), "2026-01-01T00:00:00.000Z")).toBe(0);
    expect(elapsedShare(aBuy(), "2027-01-01T00:00:00.000Z")).toBe(1);
  });
});
