import { demoId, dollars } from "./ids.ts";
import { productId } from "./inventory.ts";

/** A share of the whole, by name. */
type Shares = Readonly<Record<string, number>>;

/** What a buy has delivered to date; money in micros. */
export interface Delivered {
  readonly impressions: number;
  readonly clicks: number;
  readonly spend_micros: number;
  readonly conversions: number;
  readonly leads: number;
  readonly conversion_value_micros: number;
  readonly completed_views: number | null;
  /** Share of measurable impressions that were viewable. */
  readonly viewability: number;
}

export interface DemoPackage {
  readonly id: string;
  readonly product_id: string;
  readonly pricing_option_id: "cpm-fixed" | "cpm-auction";
  readonly budget_micros: number;
  readonly bid_micros?: number;
}

/** One media buy of the demo: what it is, and what its delivery adds up to. */
export interface DemoBuy {
  readonly id: string;
  readonly campaign_id: string;
  readonly brand: { readonly name: string; readonly domain: string };
  readonly packages: readonly DemoPackage[];
  /** Days from the start of the flight to now; negative before it starts. */
  readonly running_days: number;
  readonly flight_days: number;
  readonly creatives: readonly string[];
  readonly format: string;
  readonly countries: Shares;
  readonly devices: Shares;
  /** Clicks by country where they are not proportional to impressions. */
  readonly clicks_by_country?: Readonly<Record<string, number>>;
  /** A factor on the weight of a day, by how many days ago it was. */
  day_factor(daysAgo: number): number;
  readonly delivered: Delivered | null;
}

const OTHER_DEVICES: Shares = { mobile: 58, desktop: 36, tablet: 6 };
const STEADY = (): number => 1;

export const CAMPAIGNS = {
  outdoors: demoId("cmp", 1),
  growth: demoId("cmp", 2),
  trust: demoId("cmp", 3),
  launch: demoId("cmp", 4),
  summer: demoId("cmp", 5),
} as const;

const brand = (name: string): DemoBuy["brand"] => ({ name, domain: `${name.toLowerCase()}.example` });

export const DEMO_BUYS: readonly DemoBuy[] = [
  {
    id: demoId("mb", 1),
    campaign_id: CAMPAIGNS.outdoors,
    brand: brand("NorthTrail"),
    packages: [
      {
        id: demoId("pkg", 11),
        product_id: productId(0),
        pricing_option_id: "cpm-fixed",
        budget_micros: dollars(36_000),
      },
      {
        id: demoId("pkg", 12),
        product_id: productId(1),
        pricing_option_id: "cpm-fixed",
        budget_micros: dollars(24_000),
      },
    ],
    running_days: 14,
    flight_days: 30,
    creatives: ["Ridge at dawn, 15 s", "Storm shell, 30 s"],
    format: "video_15s",
    countries: { US: 78, CA: 22 },
    devices: { ctv: 92, mobile: 5, desktop: 3 },
    day_factor: STEADY,
    delivered: {
      impressions: 914_667,
      clicks: 366,
      spend_micros: dollars(27_440),
      conversions: 0,
      leads: 0,
      conversion_value_micros: 0,
      completed_views: 859_787,
      viewability: 0.93,
    },
  },
  {
    id: demoId("mb", 2),
    campaign_id: CAMPAIGNS.growth,
    brand: brand("BrightBean"),
    packages: [
      {
        id: demoId("pkg", 21),
        product_id: productId(2),
        pricing_option_id: "cpm-auction",
        budget_micros: dollars(18_000),
        bid_micros: dollars(5.12),
      },
    ],
    running_days: 14,
    flight_days: 28,
    creatives: ["First cup free, 300x250", "Roasted on Tuesday, 728x90"],
    format: "display_300x250",
    countries: { US: 50, GB: 25, DE: 25 },
    devices: OTHER_DEVICES,
    clicks_by_country: { US: 1_721, GB: 682, DE: 179 },
    day_factor: STEADY,
    delivered: {
      impressions: 1_434_375,
      clicks: 2_582,
      spend_micros: dollars(9_180),
      conversions: 129,
      leads: 0,
      conversion_value_micros: dollars(12_301.2),
      completed_views: null,
      viewability: 0.71,
    },
  },
  {
    id: demoId("mb", 3),
    campaign_id: CAMPAIGNS.growth,
    brand: brand("FlowDesk"),
    packages: [
      {
        id: demoId("pkg", 31),
        product_id: productId(3),
        pricing_option_id: "cpm-fixed",
        budget_micros: dollars(25_000),
      },
    ],
    running_days: 14,
    flight_days: 21,
    creatives: ["Inbox zero by noon", "Forms people finish"],
    format: "native_feed",
    countries: { US: 100 },
    devices: OTHER_DEVICES,
    day_factor: (daysAgo) => (daysAgo <= 5 ? 1.9 : 1),
    delivered: {
      impressions: 939_394,
      clicks: 4_227,
      spend_micros: dollars(20_667),
      conversions: 62,
      leads: 148,
      conversion_value_micros: 0,
      completed_views: null,
      viewability: 0.74,
    },
  },
  {
    id: demoId("mb", 4),
    campaign_id: CAMPAIGNS.trust,
    brand: brand("CityBank"),
    packages: [
      {
        id: demoId("pkg", 41),
        product_id: productId(4),
        pricing_option_id: "cpm-auction",
        budget_micros: dollars(40_000),
        bid_micros: dollars(17.5),
      },
    ],
    running_days: 14,
    flight_days: 60,
    creatives: ["A branch near you, 970x250"],
    format: "display_970x250",
    countries: { US: 64, GB: 36 },
    devices: OTHER_DEVICES,
    day_factor: (daysAgo) => (daysAgo <= 6 ? 0.6 : 1),
    delivered: {
      impressions: 473_333,
      clicks: 426,
      spend_micros: dollars(6_627),
      conversions: 5,
      leads: 0,
      conversion_value_micros: 0,
      completed_views: null,
      viewability: 0.52,
    },
  },
  {
    id: demoId("mb", 5),
    campaign_id: CAMPAIGNS.outdoors,
    brand: brand("VeloRide"),
    packages: [
      {
        id: demoId("pkg", 51),
        product_id: productId(5),
        pricing_option_id: "cpm-fixed",
        budget_micros: dollars(12_000),
      },
    ],
    running_days: 8,
    flight_days: 20,
    creatives: ["Downhill, story", "City loop, story"],
    format: "story_9x16",
    countries: { US: 55, FR: 25, NL: 20 },
    devices: OTHER_DEVICES,
    day_factor: (daysAgo) => (daysAgo === 0 ? 0 : 1),
    delivered: {
      impressions: 533_333,
      clicks: 5_867,
      spend_micros: dollars(4_800),
      conversions: 147,
      leads: 0,
      conversion_value_micros: dollars(13_968),
      completed_views: null,
      viewability: 0.68,
    },
  },
  {
    id: demoId("mb", 6),
    campaign_id: CAMPAIGNS.launch,
    brand: brand("GlowLab"),
    packages: [
      {
        id: demoId("pkg", 61),
        product_id: productId(6),
        pricing_option_id: "cpm-fixed",
        budget_micros: dollars(18_000),
      },
      {
        id: demoId("pkg", 62),
        product_id: productId(5),
        pricing_option_id: "cpm-fixed",
        budget_micros: dollars(12_000),
      },
    ],
    running_days: -3,
    flight_days: 30,
    creatives: ["Morning glow, audio 30 s", "Before and after, story"],
    format: "audio_30s",
    countries: { US: 100 },
    devices: OTHER_DEVICES,
    day_factor: STEADY,
    delivered: null,
  },
];
