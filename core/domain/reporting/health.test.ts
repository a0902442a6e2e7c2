import { describe, expect, it } from "vitest";
import { AUCTION, UNIT, aBuy, auctionPackage } from "../media-buys/buy.fixture.ts";
import { buyHealth } from "./health.ts";
import { AT_NOON, deliveryFor, halfway } from "./reporting.fixture.ts";

const healthAt = (units: number) =>
  buyHealth(deliveryFor(halfway(), { totals: { spend_micros: units * UNIT } }), AT_NOON);

describe("the health of a buy", () => {
  it("is good on plan, without reasons", () => {
    expect(healthAt(15_000)).toEqual({ level: "good", reasons: [] });
  });

  it.each([
    [11_999, "poor", "Pacing index 0.80 is below 0.80"],
    [12_000, "warning", "Pacing index 0.80 is below 0.90"],
    [13_500, "good", undefined],
    [16_500, "good", undefined],
    [16_650, "warning", "Pacing index 1.11 is above 1.10"],
    [18_150, "poor", "Pacing index 1.21 is above 1.20"],
  ])("after %i of 15,000 expected is %s", (units, level, message) => {
    const health = healthAt(units);
    expect(health.level).toBe(level);
    expect(health.reasons[0]?.message).toBe(message);
  });

  it.each([
    [16, "good", undefined],
    [15, "warning", AUCTION],
    [10, "warning", AUCTION],
    [9, "poor", AUCTION],
  ])("with %i clicks of 20 aimed at is %s", (clicks, level, package_id) => {
    const buy = aBuy({ packages: [auctionPackage({ budget_micros: 30_000 * UNIT, target_ctr: 0.002 })] });
    const totals = { impressions: 10_000, clicks, spend_micros: 15_000 * UNIT };
    const health = buyHealth(deliveryFor(buy, { totals }), AT_NOON);
    expect(health.level).toBe(level);
    expect(health.reasons.map((reason) => [reason.rule, reason.package_id])).toEqual(
      package_id ? [["ctr", package_id]] : [],
    );
  });

  it("does not judge clicks without a target or impressions", () => {
    const totals = { impressions: 10_000, clicks: 0, spend_micros: 15_000 * UNIT };
    expect(buyHealth(deliveryFor(halfway({ target_ctr: null }), { totals }), AT_NOON).level).toBe("good");
    const none = { totals: { spend_micros: 15_000 * UNIT } };
    expect(buyHealth(deliveryFor(halfway({ target_ctr: 0.01 }), none), AT_NOON).level).toBe("good");
  });

  it("warns when nearly all is spent with much of the flight left", () => {
    const asap = halfway({ pacing_strategy: "asap" });
    const at = (units: number, now = AT_NOON.now) =>
      buyHealth(deliveryFor(asap, { totals: { spend_micros: units * UNIT } }), { ...AT_NOON, now });
    expect(at(28_500).level).toBe("good");
    expect(at(28_501)).toMatchObject({ level: "warning", reasons: [{ rule: "spend" }] });
    expect(at(28_501, "2026-12-02T12:00:00.000Z").level).toBe("good");
  });

  it("puts the worst reason first", () => {
    const buy = aBuy({ packages: [auctionPackage({ budget_micros: 30_000 * UNIT })] });
    const totals = { impressions: 10_000, clicks: 1, spend_micros: 13_000 * UNIT };
    const { reasons } = buyHealth(deliveryFor(buy, { totals }), AT_NOON);
    expect(reasons.map((reason) => [reason.rule, reason.level])).toEqual([
      ["ctr", "poor"],
      ["pacing", "warning"],
    ]);
  });

  it("follows the workspace's own thresholds", () => {
    const thresholds = { ...AT_NOON.thresholds, pacing_behind: 0.5, pacing_poor_low: 0.4 };
    const delivery = deliveryFor(halfway(), { totals: { spend_micros: 9_000 * UNIT } });
    expect(buyHealth(delivery, AT_NOON).level).toBe("poor");
    expect(buyHealth(delivery, { ...AT_NOON, thresholds }).level).toBe("good");
  });
});
