import { z } from "zod";
import { defineEntity } from "../../model/entity.ts";
import type { ReadTx } from "../../model/transaction.ts";
import {
  CampaignId,
  Count,
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
import {
  Brief,
  CampaignDescription,
  CampaignStatus,
  CampaignTitle,
  GenerationStatus,
  Slug,
} from "../campaigns/entities.ts";
import { Counters } from "../delivery/entities.ts";
import { Brand, Country, MediaBuyStatus, PacingStrategy } from "../media-buys/entities.ts";

export const CampaignSummary = z.strictObject({
  id: CampaignId,
  slug: Slug,
  external_id: ExternalId.nullable(),
  title: CampaignTitle,
  description: CampaignDescription,
  brief: Brief,
  status: CampaignStatus,
  generation_status: GenerationStatus,
  /** The campaign's own revision in its room; 0 until the room was first opened. */
  campaign_revision: Count,
  media_buy_count: Count,
  created_at: UtcTime,
  created_by: z.string(),
});
export type CampaignSummary = z.infer<typeof CampaignSummary>;

export const SUMMARY_COUNTRIES = 30;

/** A package as the workspace sees it; its counters are sums over its delivery facts. */
export const PackageSummary = z.strictObject({
  id: PackageId,
  name: z.string(),
  inventory_product_id: ProductId,
  channel: z.string(),
  budget_micros: PositiveMicros,
  bid_micros: PositiveMicros.nullable(),
  pacing_strategy: PacingStrategy,
  paused: z.boolean(),
  canceled: z.boolean(),
  start_at: UtcTime.nullable(),
  end_at: UtcTime.nullable(),
  /** The first {@link SUMMARY_COUNTRIES} of them: 50 packages with all countries would not fit an entity's 64 KB. */
  geo_countries: z.array(Country).max(SUMMARY_COUNTRIES),
  geo_count: Count,
  target_ctr: z.number().nullable(),
  counters: Counters,
});
export type PackageSummary = z.infer<typeof PackageSummary>;

export const MediaBuySummary = z.strictObject({
  id: MediaBuyId,
  campaign_id: CampaignId,
  external_id: ExternalId.nullable(),
  brand: Brand,
  status: MediaBuyStatus,
  currency: CurrencyCode,
  start_at: UtcTime,
  end_at: UtcTime,
  /** Sum over the packages that are not canceled. */
  budget_micros: NonNegativeMicros,
  daily_cap_micros: PositiveMicros.nullable(),
  cap_timezone: TimeZone,
  /** The buy's own revision in its campaign's room. */
  media_buy_revision: Count,
  packages: z.array(PackageSummary).max(50),
  /** Sum of the packages' counters, canceled ones included: what was delivered stays delivered. */
  totals: Counters,
  updated_at: UtcTime,
});
export type MediaBuySummary = z.infer<typeof MediaBuySummary>;

export const campaignSummaries = defineEntity("campaign_summary", {
  about: "A campaign in its workspace's list: what reserves its slug, gives its room birth and mirrors it afterwards.",
  schema: CampaignSummary,
  audience: (summary) => ({ needs: "campaign.read", campaign_id: summary.id }),
});

export const mediaBuySummaries = defineEntity("media_buy_summary", {
  about: "The live mirror of a media buy in its workspace, with the counters of its packages.",
  schema: MediaBuySummary,
  audience: (summary) => ({ needs: "campaign.read", campaign_id: summary.campaign_id }),
});

/** The campaign with that id, slug or external id. Should two share an external id, the one created first. */
export function findCampaignSummary(tx: ReadTx, ref: string): CampaignSummary | undefined {
  const byId = tx.get(campaignSummaries, ref);
  if (byId) return byId;
  const all = tx.list(campaignSummaries);
  return all.find((summary) => summary.slug === ref) ?? oldest(all.filter((summary) => summary.external_id === ref));
}

function oldest(summaries: readonly CampaignSummary[]): CampaignSummary | undefined {
  return summaries.toSorted((a, b) =>
    a.created_at < b.created_at || (a.created_at === b.created_at && a.id < b.id) ? -1 : 1,
  )[0];
}
