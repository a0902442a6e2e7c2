import { expect, test } from "vitest";
import { ZERO } from "../domain/delivery/entities.ts";
import type { MediaBuySummary } from "../domain/summaries/entities.ts";
import { LIVE_LIMIT_MS, LIVE_TICK_MS, LiveDelivery } from "./live-delivery.ts";

const START = Date.parse("2026-11-20T12:00:00Z");

const buy = (status: MediaBuySummary["status"]): MediaBuySummary =>
  ({
    id: "mb_1",
    campaign_id: "cmp_1",
    status,
    start_at: "2026-11-10T12:00:00.000Z",
    end_at: "2026-12-10T12:00:00.000Z",
    packages: [
      {
        id: "pkg_1",
        channel: "display",
        budget_micros: 18_000_000_000,
        paused: false,
        canceled: false,
        geo_countries: ["US", "DE"],
        counters: { ...ZERO, impressions: 1_000_000, clicks: 2_000, conversions: 100, spend_micros: 6_000_000_000 },
      },
    ],
  }) as unknown as MediaBuySummary;

const live = (): LiveDelivery => new LiveDelivery({ startedAt: START, zone: "America/New_York", random: () => 0.25 });

test("an active buy delivers a little more at each tick, never more clicks than impressions", () => {
  const delivery = live();
  const figures = [1, 2, 3].map((n) => delivery.tick([buy("active")], START + n * LIVE_TICK_MS)[0]?.payload.facts[0]);
  expect(figures.map((fact) => fact?.impressions)).toEqual([2, 4, 6]);
  expect(figures[2]).toMatchObject({ date: "2026-11-20", country: "US", device: "mobile", spend_micros: 36_000 });
  for (const fact of figures) expect(fact?.clicks).toBeLessThanOrEqual(fact?.impressions ?? 0);
});

test("buys that do not run deliver nothing", () => {
  expect(live().tick([buy("paused"), buy("completed")], START)).toEqual([]);
});

test("it ends after half an hour", () => {
  const delivery = live();
  expect(delivery.over(START + LIVE_LIMIT_MS - 1)).toBe(false);
  expect(delivery.tick([buy("active")], START + LIVE_LIMIT_MS)).toEqual([]);
});
