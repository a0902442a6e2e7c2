import type { Campaign } from "../../core/domain/campaigns/entities.ts";
import type { Creative } from "../../core/domain/creatives/entities.ts";
import { factId } from "../../core/domain/delivery/entities.ts";
import type { DeliveryFact } from "../../core/domain/delivery/entities.ts";
import type { DeliveryImport } from "../../core/domain/delivery-imports/entities.ts";
import { ZERO_COUNTS } from "../../core/domain/delivery-imports/entities.ts";
import type { PerformanceFeedback } from "../../core/domain/feedback/entities.ts";
import { EMPTY_BRIEF } from "../../core/domain/campaigns/entities.ts";
import type { MediaBuy, Package } from "../../core/domain/media-buys/entities.ts";
import type { Member } from "../../core/domain/members/entities.ts";
import { DEFAULT_THRESHOLDS } from "../../core/domain/workspaces/entities.ts";
import type { Workspace } from "../../core/domain/workspaces/entities.ts";
import { NOON, testId } from "../../core/model/given.ts";

const created = { created_at: NOON, created_by: "member:mem_1", updated_at: NOON };

export function aWorkspace(id: string, fields: Partial<Workspace> = {}): Workspace {
  return {
    id,
    name: "Halcyon Agency",
    timezone: "America/New_York",
    currency: "USD",
    jurisdiction: null,
    location_hint: null,
    thresholds: DEFAULT_THRESHOLDS,
    ...created,
    ...fields,
  };
}

export function aMember(n: number, fields: Partial<Member> = {}): Member {
  return {
    id: testId("mem", n),
    user_id: `user-${n}`,
    name: `Person ${n}`,
    email: `person${n}@example.com`,
    role: "operator",
    added_at: NOON,
    added_by: "member:mem_1",
    ...fields,
  };
}

export function aCampaign(id: string, fields: Partial<Campaign> = {}): Campaign {
  return {
    id,
    slug: "spring-launch",
    external_id: null,
    title: "Spring launch",
    description: "Boots for the muddy months",
    status: "active",
    generation_status: "idle",
    brief: EMPTY_BRIEF,
    features: ["waitlist"],
    config: { ui_content: {}, scripts: {}, communication: {} },
    state: { step: 1 },
    active_version_ids: {},
    ...created,
    ...fields,
  };
}

export function aPackage(n: number, fields: Partial<Package> = {}): Package {
  return {
    id: testId("pkg", n),
    name: `Package ${n}`,
    inventory_product_id: testId("prod", 1),
    pricing_option_id: "cpm",
    channel: "display",
    pricing: {
      model: "cpm",
      fixed_price_micros: 9_000_000,
      floor_price_micros: null,
      max_bid_micros: null,
      min_spend_micros: 0,
    },
    target_ctr: null,
    median_bid_micros: null,
    available_impressions: 1_000_000,
    budget_micros: 12_000_000_000,
    pacing_strategy: "even",
    bid_micros: null,
    device_bid_modifiers: {},
    geo_countries: ["US"],
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

export function aBuy(n: number, campaignId: string, fields: Partial<MediaBuy> = {}): MediaBuy {
  return {
    id: testId("mb", n),
    campaign_id: campaignId,
    external_id: null,
    brand: { name: "NorthTrail", domain: "northtrail.example" },
    buyer_ref: null,
    status: "active",
    status_reason: null,
    currency: "USD",
    start_at: "2026-11-01T00:00:00.000Z",
    end_at: "2026-12-01T00:00:00.000Z",
    packages: [aPackage(n)],
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

export function aCreative(n: number, mediaBuyId: string, fields: Partial<Creative> = {}): Creative {
  return {
    id: testId("cre", n),
    media_buy_id: mediaBuyId,
    name: `Creative ${n}`,
    format: "display_300x250",
    status: "approved",
    rejection_reason: null,
    external_id: null,
    created_at: NOON,
    ...fields,
  };
}

/** A fact of buy and package `n`. */
export function aFact(n: number, fields: Partial<Omit<DeliveryFact, "id">> = {}): DeliveryFact {
  const fact = {
    media_buy_id: testId("mb", n),
    package_id: testId("pkg", n),
    creative_id: "" as const,
    date: "2026-11-10",
    device: "mobile" as const,
    country: "US",
    source: "demo",
    impressions: 1000,
    clicks: 10,
    completed_views: null,
    views: null,
    measurable: null,
    viewable: null,
    conversions: 1,
    leads: null,
    conversion_value_micros: 0,
    spend_micros: 9_000_000,
    finality: "final" as const,
    reported_at: NOON,
    source_ref: null,
    ...fields,
  };
  return { id: factId(fact), ...fact };
}

export function aFeedback(n: number, mediaBuyId: string): PerformanceFeedback {
  return {
    id: testId("fb", n),
    media_buy_id: mediaBuyId,
    period: { start: "2026-11-01", end: "2026-11-14" },
    impact: { band: "moderate", figure: 0.061 },
    submitted_by: "member:mem_1",
    submitted_at: NOON,
    type: "brand_lift",
    data: { awareness: 0.061, consideration: 0.061, purchase_intent: 0.061, sample_size: 2400 },
  };
}

export function anImport(n: number, fields: Partial<DeliveryImport> = {}): DeliveryImport {
  return {
    id: testId("imp", n),
    file_name: "report.csv",
    digest: null,
    status: "running",
    mapping: {
      layout: "generic",
      source: "generic",
      delimiter: ",",
      header_line: 1,
      columns: {},
      date_order: "year_first",
      decimal_mark: "point",
    },
    currency: "USD",
    inventory_product_id: testId("prod", 1),
    brand: { name: "NorthTrail", domain: "northtrail.example" },
    counts: ZERO_COUNTS,
    errors: [],
    failure: null,
    started_at: NOON,
    started_by: "member:mem_1",
    finished_at: null,
    deadline_at: NOON,
    ...fields,
  };
}
