import { demoId, dollars } from "./ids.ts";

interface Product {
  readonly name: string;
  readonly channel: string;
  /** A fixed CPM, or the floor of an auction, in dollars. */
  readonly fixed?: number;
  readonly floor?: number;
  readonly median_bid?: number;
  readonly target_ctr?: number;
  readonly min_budget: number;
  readonly available: number;
}

const PRODUCTS: readonly Product[] = [
  {
    name: "Premium Living Room CTV",
    channel: "ctv",
    fixed: 30,
    target_ctr: 0.0004,
    min_budget: 10_000,
    available: 6_000_000,
  },
  {
    name: "Premium Online Video",
    channel: "olv",
    fixed: 30,
    target_ctr: 0.0004,
    min_budget: 5_000,
    available: 9_000_000,
  },
  {
    name: "Open Display Auction",
    channel: "display",
    floor: 4,
    median_bid: 6,
    target_ctr: 0.0018,
    min_budget: 1_000,
    available: 80_000_000,
  },
  {
    name: "In-feed Native",
    channel: "native",
    fixed: 22,
    target_ctr: 0.0042,
    min_budget: 5_000,
    available: 12_000_000,
  },
  {
    name: "News Display Auction",
    channel: "display",
    floor: 9,
    median_bid: 17,
    target_ctr: 0.0009,
    min_budget: 5_000,
    available: 15_000_000,
  },
  { name: "Social Stories", channel: "social", fixed: 9, target_ctr: 0.01, min_budget: 1_000, available: 60_000_000 },
  { name: "Streaming Audio", channel: "audio", fixed: 18, min_budget: 2_000, available: 20_000_000 },
  {
    name: "High-impact Takeover",
    channel: "display",
    floor: 32,
    median_bid: 36,
    target_ctr: 0.006,
    min_budget: 25_000,
    available: 1_500_000,
  },
];

/** The product's id by its place in the list above. */
export const productId = (at: number): string => demoId("prod", at + 1);

/** Payloads of `inventory_product:create:v1`, one per product. */
export function inventoryPayloads(): object[] {
  return PRODUCTS.map((product, at) => ({
    product_id: productId(at),
    name: product.name,
    channel: product.channel,
    delivery_type: product.fixed === undefined ? "non_guaranteed" : "guaranteed",
    pricing_options: [
      {
        id: product.fixed === undefined ? "cpm-auction" : "cpm-fixed",
        model: "cpm",
        currency: "USD",
        fixed_price_micros: product.fixed === undefined ? null : dollars(product.fixed),
        floor_price_micros: product.floor === undefined ? null : dollars(product.floor),
        max_bid_micros: null,
        min_spend_per_package_micros: null,
      },
    ],
    min_budget_micros: dollars(product.min_budget),
    available_impressions: product.available,
    target_ctr: product.target_ctr ?? null,
    median_bid_micros: product.median_bid === undefined ? null : dollars(product.median_bid),
    targeting_capabilities: ["geo_country", "device"],
  }));
}
