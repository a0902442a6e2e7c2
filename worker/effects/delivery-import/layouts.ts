import type { ImportField, Layout } from "../../../core/domain/delivery-imports/mapping.ts";

/** A report's shape: the headers it uses for each field, best first, in the form of {@link plainHeader}. */
export interface LayoutDefinition {
  readonly layout: Layout;
  /** The default source of its facts. One platform has one source, so that either of its exports replaces the other. */
  readonly source: string;
  /** Headers that no other layout uses; the report has it if it has at least `minimum` of them. */
  readonly signature: readonly string[];
  readonly minimum: number;
  readonly columns: Partial<Record<ImportField, readonly string[]>>;
  /** Whether a row without campaign and ad is the report's own sum rather than a mistake. */
  readonly blankCampaignIsSummary: boolean;
}

const FACEBOOK_CONVERSIONS: LayoutDefinition = {
  layout: "facebook_conversions",
  source: "meta_ads",
  signature: ["xyz campaign id", "approved conversion"],
  minimum: 1,
  columns: {
    date: ["date", "day"],
    campaign_id: ["xyz campaign id"],
    ad_id: ["ad id"],
    impressions: ["impressions"],
    clicks: ["clicks"],
    spend: ["spent"],
    leads: ["total conversion"],
    conversions: ["approved conversion"],
  },
  blankCampaignIsSummary: false,
};

const META_ADS: LayoutDefinition = {
  layout: "meta_ads",
  source: "meta_ads",
  signature: [
    "amount spent",
    "reporting starts",
    "reporting ends",
    "ad set name",
    "ad set id",
    "link clicks",
    "clicks all",
  ],
  minimum: 2,
  columns: {
    date: ["day", "date", "reporting starts"],
    end_date: ["reporting ends"],
    campaign_id: ["campaign id"],
    campaign_name: ["campaign name", "campaign"],
    ad_id: ["ad id"],
    ad_name: ["ad name"],
    impressions: ["impressions"],
    clicks: ["link clicks", "clicks all", "clicks"],
    spend: ["amount spent", "spend"],
    conversions: ["purchases", "website purchases", "results", "conversions"],
    leads: ["leads", "website leads", "on facebook leads"],
    conversion_value: [
      "purchases conversion value",
      "purchase conversion value",
      "website purchases conversion value",
      "conversion value",
    ],
    completed_views: ["video plays at 100"],
    views: ["thruplays", "3 second video plays"],
    device: ["impression device", "device platform", "device"],
    country: ["country"],
    currency: ["currency"],
  },
  blankCampaignIsSummary: true,
};

const GOOGLE_ADS: LayoutDefinition = {
  layout: "google_ads",
  source: "google_ads",
  signature: [
    "impr",
    "cost",
    "currency code",
    "conv value",
    "ad group",
    "ad group id",
    "campaign status",
    "cost conv",
    "avg cpc",
  ],
  minimum: 2,
  columns: {
    date: ["day", "date"],
    campaign_id: ["campaign id"],
    campaign_name: ["campaign", "campaign name"],
    ad_id: ["ad id"],
    ad_name: ["ad name", "ad"],
    impressions: ["impr", "impressions"],
    clicks: ["clicks"],
    spend: ["cost"],
    conversions: ["conversions", "conv"],
    conversion_value: ["conv value", "conversion value", "total conv value"],
    views: ["views", "trueview views"],
    measurable: ["measurable impr", "active view measurable impr"],
    viewable: ["viewable impr", "active view viewable impr"],
    device: ["device"],
    country: ["country territory", "country territory user location", "country territory matched", "country"],
    currency: ["currency code", "currency"],
  },
  blankCampaignIsSummary: true,
};

const GENERIC: LayoutDefinition = {
  layout: "generic",
  source: "csv",
  signature: [],
  minimum: 0,
  columns: {
    date: ["date", "day", "report date", "report day"],
    campaign_id: ["campaign id", "media buy id", "buy id", "line item id", "campaign external id"],
    campaign_name: ["campaign name", "campaign", "media buy", "buy", "line item"],
    ad_id: ["ad id", "creative id", "creative external id"],
    ad_name: ["ad name", "ad", "creative name", "creative"],
    impressions: ["impressions", "impr", "imps"],
    clicks: ["clicks", "link clicks"],
    spend: ["spend", "cost", "spent", "amount spent", "media cost", "revenue advertiser"],
    spend_micros: ["spend micros", "cost micros"],
    conversions: ["conversions", "conv", "purchases", "total conversions"],
    leads: ["leads", "enquiries"],
    conversion_value: ["conversion value", "conv value", "conversions value", "value"],
    conversion_value_micros: ["conversion value micros"],
    completed_views: ["completed views", "complete views", "video completions", "completions"],
    views: ["views", "video views"],
    measurable: ["measurable", "measurable impressions", "measurable impr"],
    viewable: ["viewable", "viewable impressions", "viewable impr"],
    device: ["device", "device type", "device category"],
    country: ["country", "country code", "geo"],
    currency: ["currency", "currency code"],
  },
  blankCampaignIsSummary: false,
};

/** Every layout, the most particular first. */
export const LAYOUT_DEFINITIONS: readonly LayoutDefinition[] = [FACEBOOK_CONVERSIONS, META_ADS, GOOGLE_ADS, GENERIC];

/** The layout of that name. */
export function layoutOf(name: Layout): LayoutDefinition {
  return LAYOUT_DEFINITIONS.find(({ layout }) => layout === name) ?? GENERIC;
}

const CURRENCY_SUFFIX = /\(([A-Z]{3})\)\s*$/;

/** A header as layouts name it: small letters and digits, words separated by one space, without a currency in brackets. */
export function plainHeader(header: string): string {
  return header
    .replace(CURRENCY_SUFFIX, "")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** The currency in brackets at the end of a header such as "Amount spent (USD)". */
export function headerCurrency(header: string): string | null {
  return CURRENCY_SUFFIX.exec(header)?.[1] ?? null;
}
