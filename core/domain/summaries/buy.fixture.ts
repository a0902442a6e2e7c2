import { CAMPAIGN, NOON, testId } from "../../model/given.ts";
import { ZERO, zeroPackageCounter } from "../delivery/entities.ts";
import type { Counters, PackageCounter } from "../delivery/entities.ts";
import type { MediaBuy, Package } from "../media-buys/entities.ts";

/** A package of $36,000 in two countries, for tests. */
export function aPackage(n: number, fields: Partial<Package> = {}): Package {
  return {
    id: testId("pkg", n),
    name: `Package ${n}`,
    inventory_product_id: testId("prod", 1),
    pricing_option_id: "auction",
    channel: "ctv",
    pricing: {
      model: "cpm",
      fixed_price_micros: null,
      floor_price_micros: 4_000_000,
      max_bid_micros: null,
      min_spend_micros: 0,
    },
    target_ctr: null,
    median_bid_micros: null,
    available_impressions: 20_000_000,
    budget_micros: 36_000_000_000,
    pacing_strategy: "even",
    bid_micros: 6_400_000,
    device_bid_modifiers: {},
    geo_countries: ["US", "CA"],
    geo_exclude: [],
    devices: [],
    audiences: [],
    impressions_goal: null,
    start_at: null,
    end_at: null,
    paused: false,
    canceled: false,
    creative_assignments: [],
    ...fields,
  };
}

/** A running media buy of the scenario's campaign with those packages, for tests. */
export function aBuy(n: number, packages: Package[], fields: Partial<MediaBuy> = {}): MediaBuy {
  return {
    id: testId("mb", n),
    campaign_id: CAMPAIGN,
    external_id: null,
    brand: { name: "NorthTrail", domain: "northtrail.example" },
    buyer_ref: null,
    status: "active",
    status_reason: null,
    currency: "USD",
    start_at: "2026-11-07T05:00:00.000Z",
    end_at: "2026-12-07T05:00:00.000Z",
    packages,
    daily_cap_micros: null,
    cap_timezone: "America/New_York",
    notes: null,
    cancellation: null,
    created_at: NOON,
    updated_at: NOON,
    updated_by: "member:mem_1",
    ...fields,
  };
}

/** What a package delivered, for tests. */
export function aCounter(pkg: Package, buy: MediaBuy, totals: Partial<Counters>): PackageCounter {
  return { ...zeroPackageCounter(pkg.id, buy.id), totals: { ...ZERO, ...totals } };
}
