import { CAMPAIGN, given, testId } from "../../model/given.ts";
import type { Outcome, Scenario } from "../../model/given.ts";
import { EMPTY_BRIEF, campaigns } from "../campaigns/entities.ts";
import type { Campaign } from "../campaigns/entities.ts";
import { ZERO, dayCounterId, dayCounters, packageCounters, zeroPackageCounter } from "../delivery/entities.ts";
import type { Counters } from "../delivery/entities.ts";
import type { Operation } from "./apply-operations.ts";
import { mediaBuys } from "./entities.ts";
import type { MediaBuy, Package } from "./entities.ts";
import type { Notice } from "./notice.ts";
import type { ChangeApplied } from "./operation.ts";
import { mediaBuyUpdated, updateMediaBuy } from "./update-media-buy.ts";

/** Buys for tests. One unit of money in micros. */
export const UNIT = 1_000_000;
export const BUY = testId("mb", 1);
export const FIXED = testId("pkg", 1);
export const AUCTION = testId("pkg", 2);

/** A package at a fixed CPM of 30 for 36,000. */
export function fixedPackage(fields: Partial<Package> = {}): Package {
  return {
    id: FIXED,
    name: "CTV",
    inventory_product_id: testId("prod", 1),
    pricing_option_id: "cpm-fixed",
    channel: "ctv",
    pricing: {
      model: "cpm",
      fixed_price_micros: 30 * UNIT,
      floor_price_micros: null,
      max_bid_micros: null,
      min_spend_micros: 5_000 * UNIT,
    },
    target_ctr: null,
    median_bid_micros: null,
    available_impressions: 9_000_000,
    budget_micros: 36_000 * UNIT,
    pacing_strategy: "even",
    bid_micros: null,
    device_bid_modifiers: {},
    geo_countries: ["CA", "US"],
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

/** A package in an auction with floor 4, highest bid 20, bidding 6.40, for 24,000. */
export function auctionPackage(fields: Partial<Package> = {}): Package {
  return {
    ...fixedPackage(),
    id: AUCTION,
    name: "Display",
    inventory_product_id: testId("prod", 2),
    pricing_option_id: "cpm-auction",
    channel: "display",
    pricing: {
      model: "cpm",
      fixed_price_micros: null,
      floor_price_micros: 4 * UNIT,
      max_bid_micros: 20 * UNIT,
      min_spend_micros: 1_000 * UNIT,
    },
    target_ctr: 0.002,
    median_bid_micros: 7 * UNIT,
    budget_micros: 24_000 * UNIT,
    bid_micros: 6_400_000,
    geo_countries: ["DE", "GB", "US"],
    ...fields,
  };
}

/** An active buy of both packages, 60,000 in all, on day 15 of 30 at the noon of scenarios. */
export function aBuy(fields: Partial<MediaBuy> = {}): MediaBuy {
  return {
    id: BUY,
    campaign_id: CAMPAIGN,
    external_id: "crm-77",
    brand: { name: "NorthTrail", domain: "northtrail.example" },
    buyer_ref: null,
    status: "active",
    status_reason: null,
    currency: "USD",
    start_at: "2026-11-05T12:00:00.000Z",
    end_at: "2026-12-05T12:00:00.000Z",
    packages: [fixedPackage(), auctionPackage()],
    daily_cap_micros: null,
    cap_timezone: "America/New_York",
    notes: null,
    cancellation: null,
    created_at: "2026-11-01T09:00:00.000Z",
    updated_at: "2026-11-01T09:00:00.000Z",
    updated_by: "member:mem_1",
    ...fields,
  };
}

export const aCampaign: Campaign = {
  id: CAMPAIGN,
  slug: "autumn-trails",
  external_id: null,
  title: "Autumn trails",
  description: "",
  status: "active",
  generation_status: "idle",
  brief: { ...EMPTY_BRIEF },
  features: [],
  config: { ui_content: {}, scripts: {}, communication: {} },
  state: {},
  active_version_ids: {},
  created_at: "2026-11-01T09:00:00.000Z",
  created_by: "member:mem_1",
  updated_at: "2026-11-01T09:00:00.000Z",
};

/** What was delivered, by package id; all of it on the report day before the noon of scenarios, on desktop, in the US. */
export type Delivered = Readonly<Record<string, Partial<Counters>>>;

/** A campaign room with one buy and what it delivered. */
export function givenBuy(buy: MediaBuy = aBuy(), delivered: Delivered = {}): Scenario {
  const scenario = given().having(campaigns, aCampaign).having(mediaBuys, buy);
  for (const pkg of buy.packages) {
    const totals = { ...ZERO, ...delivered[pkg.id] };
    const overdelivery = totals.spend_micros > pkg.budget_micros;
    const parts = delivered[pkg.id] ? { by_device: { desktop: totals }, by_country: { US: totals } } : {};
    scenario.having(packageCounters, { ...zeroPackageCounter(pkg.id, buy.id), totals, ...parts, overdelivery });
    if (!delivered[pkg.id]) continue;
    const date = "2026-11-19";
    const day = { id: dayCounterId(pkg.id, date), package_id: pkg.id, media_buy_id: buy.id, date, ...totals };
    scenario.having(dayCounters, day);
  }
  return scenario;
}

/** Sends operations to {@link BUY} and reads what came of it; a refused update changes and reports nothing. */
export function operate(scenario: Scenario, ...operations: Operation[]): Operated {
  const outcome = scenario.when(updateMediaBuy, { media_buy_id: BUY, operations });
  const [event] = outcome.events;
  const { changes_applied: changes, warnings } = event
    ? mediaBuyUpdated.data.parse(event.data)
    : { changes_applied: [], warnings: [] };
  const buy = scenario.get(mediaBuys, BUY);
  if (!buy) throw new Error("The scenario has no buy");
  return { outcome, buy, packages: buy.packages, changes, warnings };
}

interface Operated {
  readonly outcome: Outcome;
  readonly buy: MediaBuy;
  readonly packages: MediaBuy["packages"];
  readonly changes: readonly ChangeApplied[];
  readonly warnings: readonly Notice[];
}
