import { describe, expect, it } from "vitest";
import { NOON } from "../../model/given.ts";
import type { Scenario } from "../../model/given.ts";
import { reportDelivery } from "../delivery/report-delivery.ts";
import { AUCTION, BUY, FIXED, UNIT, aBuy, auctionPackage, fixedPackage, givenBuy } from "../media-buys/buy.fixture.ts";
import { mediaBuys } from "../media-buys/entities.ts";
import type { MediaBuy } from "../media-buys/entities.ts";
import { updateMediaBuy } from "../media-buys/update-media-buy.ts";
import { deliveryOf } from "./buy-delivery.ts";
import { sumCounters } from "./counters.ts";
import { buyHealth } from "./health.ts";
import { MediaBuyReport, mediaBuyReport } from "./media-buy-report.ts";
import { AT_NOON } from "./reporting.fixture.ts";

/** Half of the flight is over; CTV has spent 25,000 of 36,000, display 9,000 of 24,000. */
function delivered(buy: Partial<MediaBuy> = {}): Scenario {
  const room = givenBuy(aBuy(buy));
  const fact = { source: "google_ads", date: "2026-11-19", reported_at: "2026-11-20T04:00:00Z" };
  room.when(reportDelivery, {
    facts: [
      { ...fact, package_id: FIXED, device: "ctv", country: "US", impressions: 800_000, spend_micros: 25_000 * UNIT },
      {
        ...fact,
        package_id: AUCTION,
        device: "mobile",
        country: "DE",
        impressions: 2_000_000,
        clicks: 4_000,
        spend_micros: 6_000 * UNIT,
      },
      {
        ...fact,
        package_id: AUCTION,
        device: "desktop",
        country: "US",
        impressions: 1_000_000,
        clicks: 2_000,
        spend_micros: 3_000 * UNIT,
        reported_at: "2026-11-20T06:00:00Z",
      },
    ],
  });
  return room;
}

const reportOf = (room: Scenario) => mediaBuyReport(room.tx, room.get(mediaBuys, BUY)!, AT_NOON);

describe("the report of a media buy", () => {
  it("says what it delivered, at what rate, and how it keeps up with the plan", () => {
    const report = MediaBuyReport.parse(reportOf(delivered()));
    expect(report).toMatchObject({
      id: BUY,
      status: "active",
      currency: "USD",
      at: NOON,
      timezone: "UTC",
      budget_micros: 60_000 * UNIT,
      totals: { impressions: 3_800_000, clicks: 6_000, spend_micros: 34_000 * UNIT },
      ratios: { ctr: 6 / 3_800, cpm_micros: 8_947_368, roas: 0, vcr: null },
      pacing: { index: 34 / 30, state: "overspend", expected_micros: 30_000 * UNIT, spend_micros: 34_000 * UNIT },
      reported_at: "2026-11-20T06:00:00.000Z",
    });
    expect(report.projection.daily_micros).toBe(Math.round((34_000 * UNIT) / 7));
    expect(report.projection.end_at).toBe("2026-11-25T20:28:14.117Z");
  });

  it("judges its health with the reason, and recommends commands that work", () => {
    const room = delivered();
    const { health, recommendations } = reportOf(room);
    expect(health).toEqual(buyHealth(deliveryOf(room.tx, room.get(mediaBuys, BUY)!), AT_NOON));
    expect(health?.reasons[0]).toMatchObject({ level: "warning", rule: "pacing" });
    const [first] = recommendations;
    expect(first?.kind).toBe("cap_spend");
    expect(room.send(updateMediaBuy, first?.command?.payload).code).toBeNull();
  });

  it("breaks down by channel, device, country and package, each adding up to the whole", () => {
    const report = reportOf(delivered());
    expect(report.by_device.map(({ key }) => key)).toEqual(["ctv", "mobile", "desktop"]);
    expect(report.by_country.map(({ key, totals }) => [key, totals.spend_micros / UNIT])).toEqual([
      ["US", 28_000],
      ["DE", 6_000],
    ]);
    expect(report.by_channel.map(({ key }) => key)).toEqual(["ctv", "display"]);
    expect(report.by_package.map((pkg) => [pkg.name, pkg.pacing.state])).toEqual([
      ["CTV", "overspend"],
      ["Display", "behind"],
    ]);
    for (const parts of [report.by_channel, report.by_device, report.by_country, report.by_package]) {
      expect(sumCounters(parts.map(({ totals }) => totals))).toEqual(report.totals);
    }
  });

  it("is the same in a browser", () => {
    const room = delivered();
    expect(mediaBuyReport(room.browser, room.browser.get(mediaBuys, BUY)!, AT_NOON)).toEqual(reportOf(room));
  });

  it("has no health and no advice for a buy that does not run, and nulls before anything was delivered", () => {
    expect(reportOf(delivered({ status: "paused" }))).toMatchObject({ health: null, recommendations: [] });
    const fresh = MediaBuyReport.parse(reportOf(givenBuy(aBuy({ status: "pending_start", start_at: NOON }))));
    expect(fresh).toMatchObject({
      ratios: { ctr: null, cpm_micros: null },
      pacing: { index: null, state: null },
      projection: { daily_micros: null, end_at: null },
      by_device: [],
      by_country: [],
      reported_at: null,
    });
  });

  it("keeps what a canceled package delivered, but not its budget", () => {
    const packages = [fixedPackage({ canceled: true }), auctionPackage()];
    const report = MediaBuyReport.parse(reportOf(delivered({ packages })));
    expect(report).toMatchObject({ budget_micros: 24_000 * UNIT, totals: { spend_micros: 34_000 * UNIT } });
    expect(report.by_package[0]).toMatchObject({ canceled: true, totals: { spend_micros: 25_000 * UNIT } });
  });
});
