import type { MediaBuyStatus } from "../../../core/domain/media-buys/entities.ts";
import type { JudgedDelivery } from "../../../core/domain/reporting/buy-delivery.ts";
import type { CampaignSummary, MediaBuySummary } from "../../../core/domain/summaries/entities.ts";

/** A row of the buys table. */
export interface BuyRow {
  readonly buy: MediaBuySummary;
  readonly campaign: CampaignSummary | undefined;
}

export interface BuyFilter {
  readonly status: MediaBuyStatus | "all";
  /** Part of a brand, a campaign's title, a channel or an external id. */
  readonly text: string;
}

/** Statuses in the order in which they need attention. */
const ORDER: readonly MediaBuyStatus[] = [
  "active",
  "paused",
  "pending_creatives",
  "pending_start",
  "completed",
  "rejected",
  "canceled",
];

/** The rows to show: what matches, running ones first, then by brand. */
export function visibleRows(
  buys: readonly MediaBuySummary[],
  campaigns: readonly CampaignSummary[],
  filter: BuyFilter,
): BuyRow[] {
  const byId = new Map(campaigns.map((campaign) => [campaign.id, campaign]));
  const wanted = filter.text.trim().toLowerCase();
  return buys
    .map((buy) => ({ buy, campaign: byId.get(buy.campaign_id) }))
    .filter((row) => filter.status === "all" || row.buy.status === filter.status)
    .filter((row) => wanted === "" || searchText(row).includes(wanted))
    .toSorted((a, b) => ORDER.indexOf(a.buy.status) - ORDER.indexOf(b.buy.status) || compareNames(a.buy, b.buy));
}

/** A summary as pacing and health read it. */
export function judged(buy: MediaBuySummary): JudgedDelivery {
  return { buy, counters: new Map(buy.packages.map((pkg) => [pkg.id, { totals: pkg.counters }])) };
}

export function channelsOf(buy: MediaBuySummary): string {
  return [...new Set(buy.packages.filter((pkg) => !pkg.canceled).map((pkg) => pkg.channel))].join(" + ");
}

/** The countries of all packages, the first few of them. */
export function countriesOf(buy: MediaBuySummary): string {
  const all = [...new Set(buy.packages.filter((pkg) => !pkg.canceled).flatMap((pkg) => pkg.geo_countries))];
  return all.length <= 4 ? all.join(" ") : `${all.slice(0, 3).join(" ")} +${all.length - 3}`;
}

function searchText({ buy, campaign }: BuyRow): string {
  return [buy.brand.name, buy.brand.domain, campaign?.title, channelsOf(buy), buy.external_id].join(" ").toLowerCase();
}

function compareNames(a: MediaBuySummary, b: MediaBuySummary): number {
  return a.brand.name.localeCompare(b.brand.name) || (a.id < b.id ? -1 : 1);
}
