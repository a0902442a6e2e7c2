import { z } from "zod";
import { defineEntity } from "../../model/entity.ts";
import type { Due } from "../../model/entity.ts";
import { invalid, refuse, refuseField } from "../../model/refusal.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { ReadTx } from "../../model/transaction.ts";
import {
  CampaignId,
  Count,
  CreativeId,
  CurrencyCode,
  ExternalId,
  MediaBuyId,
  NonNegativeMicros,
  PackageId,
  PositiveMicros,
  ProductId,
  TimeZone,
  UtcTime,
} from "../../model/units.ts";
import { readOnlyCampaign } from "../campaigns/entities.ts";
import { Channel, PricingModel } from "../inventory/entities.ts";
import { Country } from "./countries.ts";

export { Country, CountryInput, isCountry, isoCountry } from "./countries.ts";

export const MEDIA_BUY_STATUSES = [
  "pending_creatives",
  "pending_start",
  "active",
  "paused",
  "completed",
  "rejected",
  "canceled",
] as const;
export const MediaBuyStatus = z.enum(MEDIA_BUY_STATUSES);
export type MediaBuyStatus = z.infer<typeof MediaBuyStatus>;

export const PACING_STRATEGIES = ["even", "asap", "front_loaded"] as const;
export const PacingStrategy = z.enum(PACING_STRATEGIES);
export type PacingStrategy = z.infer<typeof PacingStrategy>;

export const DEVICES = ["desktop", "mobile", "tablet", "ctv", "dooh", "unknown"] as const;
export const Device = z.enum(DEVICES);
export type Device = z.infer<typeof Device>;

/** Bid modifiers by device, as fractions: 0.2 bids 20 % more there. */
export const DeviceBidModifiers = z.partialRecord(Device, z.number().min(-0.9).max(9));
export type DeviceBidModifiers = z.infer<typeof DeviceBidModifiers>;

/** A creative's share of a package's rotation, 0..100. */
export const CreativeAssignment = z.strictObject({ creative_id: CreativeId, weight: z.int().min(0).max(100) });

/** How many creatives one package rotates at most. */
export const MAX_ASSIGNMENTS = 100;

/** The price terms a package was bought on. A fixed price, or a floor that bids must reach: exactly one is not null. */
export const PackagePricing = z.strictObject({
  model: PricingModel,
  fixed_price_micros: PositiveMicros.nullable(),
  floor_price_micros: NonNegativeMicros.nullable(),
  max_bid_micros: PositiveMicros.nullable(),
  /** The least budget of a package: the larger of the product's and the option's minimum. */
  min_spend_micros: NonNegativeMicros,
});
export type PackagePricing = z.infer<typeof PackagePricing>;

/**
 * One line of a buy. It keeps copies of its product's terms from the day it was bought,
 * so that browsers and later rules need no lookup and a later change of the product does not rewrite a contract.
 */
export const Package = z.strictObject({
  id: PackageId,
  name: z.string().min(1).max(200),
  inventory_product_id: ProductId,
  pricing_option_id: z.string().min(1).max(64),
  channel: Channel,
  pricing: PackagePricing,
  /** The product's usual click-through rate, a fraction. */
  target_ctr: z.number().min(0).max(1).nullable(),
  median_bid_micros: PositiveMicros.nullable(),
  /** The product's impressions per 30 days when it was bought. */
  available_impressions: Count,
  budget_micros: PositiveMicros,
  pacing_strategy: PacingStrategy,
  /** In an auction; null on a fixed price. */
  bid_micros: PositiveMicros.nullable(),
  device_bid_modifiers: DeviceBidModifiers,
  geo_countries: z.array(Country).min(1).max(250),
  geo_exclude: z.array(Country).max(250),
  /** Devices it may run on; empty: all. */
  devices: z.array(Device).max(DEVICES.length),
  audiences: z.array(z.string().min(1).max(64)).max(20),
  impressions_goal: Count.nullable(),
  /** Its own flight inside the buy's; null: the buy's. */
  start_at: UtcTime.nullable(),
  end_at: UtcTime.nullable(),
  paused: z.boolean(),
  canceled: z.boolean(),
  creative_assignments: z.array(CreativeAssignment).max(MAX_ASSIGNMENTS),
});
export type Package = z.infer<typeof Package>;

export const Brand = z.strictObject({
  name: z.string().trim().min(1).max(120),
  domain: z
    .string()
    .regex(/^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, "A domain such as example.com"),
});

export const MediaBuy = z.strictObject({
  id: MediaBuyId,
  campaign_id: CampaignId,
  external_id: ExternalId.nullable(),
  brand: Brand,
  buyer_ref: z.string().min(1).max(128).nullable(),
  status: MediaBuyStatus,
  /** Why it has this status, if somebody said so. */
  status_reason: z.string().min(1).max(500).nullable(),
  currency: CurrencyCode,
  start_at: UtcTime,
  end_at: UtcTime,
  packages: z.array(Package).min(1).max(50),
  daily_cap_micros: PositiveMicros.nullable(),
  /** The zone in which a day of the daily cap begins and ends. */
  cap_timezone: TimeZone,
  notes: z.string().max(2_000).nullable(),
  cancellation: z.strictObject({ reason: z.string().min(1).max(500), at: UtcTime, by: z.string() }).nullable(),
  created_at: UtcTime,
  updated_at: UtcTime,
  updated_by: z.string(),
});
export type MediaBuy = z.infer<typeof MediaBuy>;

export const mediaBuys = defineEntity("media_buy", {
  about: "A purchase of inventory for a campaign: flight, budget, packages and status. Its revision is kept beside it.",
  schema: MediaBuy,
  due: nextTransition,
});

/** The start of a buy that waits for it, and the end of one that runs: the moments at which its status changes by itself. */
function nextTransition(buy: MediaBuy): Due | null {
  const at = buy.status === "pending_start" ? buy.start_at : isRunning(buy.status) ? buy.end_at : null;
  return at === null ? null : { at, command: { type: "media_buy:advance:v1", payload: { media_buy_id: buy.id } } };
}

function isRunning(status: MediaBuyStatus): boolean {
  return status === "active" || status === "paused";
}

/** How many media buys one campaign's room, and every browser in it, holds. Ended ones count: they stay. */
export const MAX_CAMPAIGN_BUYS = 2_000;

/** VALIDATION_ERROR, about what `pointer` leads to, if `added` more media buys do not fit the campaign. */
export function tooManyBuys(tx: ReadTx, added: number, pointer: string): Refusal | null {
  if (tx.list(mediaBuys).length + added <= MAX_CAMPAIGN_BUYS) return null;
  const message = `A campaign holds at most ${MAX_CAMPAIGN_BUYS} media buys.`;
  return { ...invalid(pointer, message, "maxItems"), hint: "Create another campaign for more media buys." };
}

/** A media buy's id or the caller's own `external_id` of it. */
export const MediaBuyRef = z.union([MediaBuyId, ExternalId]);

/** The buy with that id or external id. */
export function findMediaBuy(tx: ReadTx, ref: string): MediaBuy | undefined {
  return tx.get(mediaBuys, ref) ?? tx.list(mediaBuys).find((buy) => buy.external_id === ref);
}

/** Σ budgets of the packages that are not canceled, in micros. */
export function totalBudget(buy: {
  readonly packages: readonly Pick<Package, "budget_micros" | "canceled">[];
}): number {
  return buy.packages.reduce((sum, pkg) => (pkg.canceled ? sum : sum + pkg.budget_micros), 0);
}

/** Whether nothing can change any more: completed, rejected or canceled. */
export function isTerminal(status: MediaBuyStatus): boolean {
  return status === "completed" || status === "rejected" || status === "canceled";
}

/** The buy with that id or external id, if it and its creatives may still change: MEDIA_BUY_NOT_FOUND, or INVALID_STATE when it or its campaign is final. */
export function writableBuy(tx: ReadTx, ref: string): MediaBuy | Refusal {
  const buy = findMediaBuy(tx, ref);
  if (!buy) return noSuchBuy(ref);
  if (isTerminal(buy.status)) {
    return refuse("INVALID_STATE", `The media buy is ${buy.status}: nothing about it can change any more.`);
  }
  return readOnlyCampaign(tx) ?? buy;
}

export function noSuchBuy(ref: string): Refusal {
  return refuseField("MEDIA_BUY_NOT_FOUND", "/media_buy_id", `There is no media buy ${ref} in this campaign.`);
}

/** What `expected_revision` of a command about a buy is compared with. */
export function targetBuy(ref: string, tx: ReadTx): readonly [typeof mediaBuys, string] | null {
  const buy = findMediaBuy(tx, ref);
  return buy ? [mediaBuys, buy.id] : null;
}
