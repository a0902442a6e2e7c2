import { z } from "zod";
import { Count, ExternalId, NonNegativeMicros, ReportDay } from "../../model/units.ts";
import type { InventoryProduct, PricingOption } from "../inventory/entities.ts";
import { Country, isCountry } from "../media-buys/entities.ts";
import type { MediaBuy, Package } from "../media-buys/entities.ts";
import { addDays, daysBetween } from "../reporting/report-day.ts";
import type { DeliveryImport } from "./entities.ts";
import { startOfDay } from "./start-of-day.ts";

/** A campaign of a report: what is known of it besides its facts. */
export const ReportedCampaign = z.strictObject({
  external_id: ExternalId,
  name: z.string().trim().min(1).max(200).nullable(),
  first_day: ReportDay,
  last_day: ReportDay,
  /** What the report says it spent in all. */
  spend_micros: NonNegativeMicros,
  impressions: Count,
  /** Where it was seen; empty: the report does not say. */
  countries: z.array(Country).max(250),
});
export type ReportedCampaign = z.infer<typeof ReportedCampaign>;

/** A campaign whose last reported day is at most this long ago is taken to run on, for {@link RUNS_ON_DAYS}. */
const STILL_RUNNING_DAYS = 2;
const RUNS_ON_DAYS = 30;

interface BuyTerms {
  readonly run: DeliveryImport;
  readonly product: InventoryProduct;
  readonly campaign_id: string;
  /** IANA zone of report days. */
  readonly zone: string;
  /** ISO-8601 UTC. */
  readonly now: string;
  /** Today in that zone. */
  readonly today: string;
  readonly by: string;
  readonly media_buy_id: string;
  readonly package_id: string;
}

/**
 * The media buy, with one package, that stands for a campaign of a report. Its flight is the reported days, its budget
 * what was spent (at least the product's minimum): nothing says what was planned.
 */
export function importedBuy(reported: ReportedCampaign, terms: BuyTerms): MediaBuy {
  const { run, zone, now, today } = terms;
  const runsOn = daysBetween(reported.last_day, today) <= STILL_RUNNING_DAYS;
  const end_at = startOfDay(addDays(reported.last_day, runsOn ? RUNS_ON_DAYS : 1), zone);
  return {
    id: terms.media_buy_id,
    campaign_id: terms.campaign_id,
    external_id: reported.external_id,
    brand: run.brand,
    buyer_ref: null,
    status: end_at <= now ? "completed" : "active",
    status_reason: `Imported from ${run.file_name}`,
    currency: run.currency,
    start_at: startOfDay(reported.first_day, zone),
    end_at,
    packages: [importedPackage(reported, terms)],
    daily_cap_micros: null,
    cap_timezone: zone,
    notes: null,
    cancellation: null,
    created_at: now,
    updated_at: now,
    updated_by: terms.by,
  };
}

function importedPackage(reported: ReportedCampaign, { product, run, package_id }: BuyTerms): Package {
  const option = optionIn(product, run.currency);
  const min_spend_micros = Math.max(product.min_budget_micros, option?.min_spend_per_package_micros ?? 0);
  return {
    id: package_id,
    name: reported.name ?? `Campaign ${reported.external_id}`,
    inventory_product_id: product.id,
    pricing_option_id: option?.id ?? "imported",
    channel: product.channel,
    pricing: {
      model: option?.model ?? "cpm",
      fixed_price_micros: option?.fixed_price_micros ?? null,
      floor_price_micros: option ? option.floor_price_micros : 0,
      max_bid_micros: option?.max_bid_micros ?? null,
      min_spend_micros,
    },
    target_ctr: product.target_ctr,
    median_bid_micros: product.median_bid_micros,
    available_impressions: product.available_impressions,
    budget_micros: Math.max(1, min_spend_micros, wholeUnits(reported.spend_micros)),
    pacing_strategy: "even",
    bid_micros: bidFor(reported, product, option),
    device_bid_modifiers: {},
    geo_countries: reported.countries.length > 0 ? [...new Set(reported.countries)].sort() : everyCountry(),
    geo_exclude: [],
    devices: [],
    audiences: [],
    impressions_goal: null,
    start_at: null,
    end_at: null,
    paused: false,
    canceled: false,
    creative_assignments: [],
  };
}

/** The option in a currency: a fixed price if there is one, as it needs no bid. */
function optionIn({ pricing_options }: InventoryProduct, currency: string): PricingOption | undefined {
  const inCurrency = pricing_options.filter((option) => option.currency === currency);
  return inCurrency.find(({ fixed_price_micros }) => fixed_price_micros !== null) ?? inCurrency[0];
}

/**
 * The bid of an auction: what was paid for a thousand impressions, else what is usual for the product, within what is
 * allowed. A product that is no longer sold in the currency leaves an auction without a floor, which needs a bid as well:
 * without one nothing about the package could be changed later.
 */
function bidFor(
  { spend_micros, impressions }: ReportedCampaign,
  { median_bid_micros }: InventoryProduct,
  option: PricingOption | undefined,
): number | null {
  if (option && option.floor_price_micros === null) return null;
  const perThousand = !option || option.model === "cpm" || option.model === "vcpm";
  const paid = perThousand && impressions > 0 ? Math.round((spend_micros / impressions) * 1_000) : 0;
  const bid = Math.max(1, option?.floor_price_micros ?? 0, paid > 0 ? paid : (median_bid_micros ?? 0));
  return Math.min(bid, option?.max_bid_micros ?? Number.MAX_SAFE_INTEGER);
}

/** Money rounded up to whole units of its currency. */
function wholeUnits(micros: number): number {
  const rounded = Math.ceil(micros / 1_000_000) * 1_000_000;
  return Number.isSafeInteger(rounded) ? rounded : micros;
}

/** All assigned countries: a report that names none does not say that it ran in only some. */
function everyCountry(): string[] {
  const letters = Array.from({ length: 26 }, (_, n) => String.fromCharCode(65 + n));
  return letters.flatMap((first) => letters.map((second) => first + second)).filter(isCountry);
}
