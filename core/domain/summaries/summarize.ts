import type { ReadTx } from "../../model/transaction.ts";
import { campaignOf, campaigns } from "../campaigns/entities.ts";
import { ZERO, packageCounters } from "../delivery/entities.ts";
import type { Counters } from "../delivery/entities.ts";
import { mediaBuys, totalBudget } from "../media-buys/entities.ts";
import type { MediaBuy, Package } from "../media-buys/entities.ts";
import { sumCounters } from "../reporting/counters.ts";
import { SUMMARY_COUNTRIES } from "./entities.ts";
import type { CampaignSummary, MediaBuySummary, PackageSummary } from "./entities.ts";

/** What the workspace's list says about this room's campaign; null in a room without one. */
export function summarizeCampaign(tx: ReadTx): CampaignSummary | null {
  const campaign = campaignOf(tx);
  if (!campaign) return null;
  return {
    id: campaign.id,
    slug: campaign.slug,
    external_id: campaign.external_id,
    title: campaign.title,
    description: campaign.description,
    brief: campaign.brief,
    status: campaign.status,
    generation_status: campaign.generation_status,
    campaign_revision: tx.revision(campaigns, campaign.id),
    media_buy_count: tx.list(mediaBuys).length,
    created_at: campaign.created_at,
    created_by: campaign.created_by,
  };
}

/** What the workspace's list says about a media buy of this room; null if there is none with that id. */
export function summarizeMediaBuy(tx: ReadTx, id: string): MediaBuySummary | null {
  const buy = tx.get(mediaBuys, id);
  if (!buy) return null;
  const packages = buy.packages.map((item) => summarizePackage(item, countersOf(tx, item.id)));
  return {
    id: buy.id,
    campaign_id: buy.campaign_id,
    external_id: buy.external_id,
    brand: buy.brand,
    status: buy.status,
    currency: buy.currency,
    start_at: buy.start_at,
    end_at: buy.end_at,
    budget_micros: totalBudget(buy),
    daily_cap_micros: buy.daily_cap_micros,
    cap_timezone: buy.cap_timezone,
    media_buy_revision: tx.revision(mediaBuys, id),
    packages,
    totals: sumCounters(packages.map((item) => item.counters)),
    updated_at: buy.updated_at,
  };
}

/** The buy a package belongs to. */
export function buyOfPackage(tx: ReadTx, packageId: string): MediaBuy | undefined {
  const counter = tx.get(packageCounters, packageId);
  return counter && tx.get(mediaBuys, counter.media_buy_id);
}

function summarizePackage(item: Package, counters: Counters): PackageSummary {
  return {
    id: item.id,
    name: item.name,
    inventory_product_id: item.inventory_product_id,
    channel: item.channel,
    budget_micros: item.budget_micros,
    bid_micros: item.bid_micros,
    pacing_strategy: item.pacing_strategy,
    paused: item.paused,
    canceled: item.canceled,
    start_at: item.start_at,
    end_at: item.end_at,
    geo_countries: item.geo_countries.slice(0, SUMMARY_COUNTRIES),
    geo_count: item.geo_countries.length,
    target_ctr: item.target_ctr,
    counters,
  };
}

function countersOf(tx: ReadTx, packageId: string): Counters {
  return tx.get(packageCounters, packageId)?.totals ?? ZERO;
}
