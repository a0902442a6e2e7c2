import { z } from "zod";
import { defineEntity } from "../../model/entity.ts";
import type { ReadTx } from "../../model/transaction.ts";
import {
  Count,
  CurrencyCode,
  ExternalId,
  NonNegativeMicros,
  PositiveMicros,
  ProductId,
  UtcTime,
} from "../../model/units.ts";

export const CHANNELS = [
  "display",
  "native",
  "olv",
  "video",
  "ctv",
  "linear_tv",
  "social",
  "search",
  "audio",
  "podcast",
  "dooh",
  "ooh",
  "gaming",
  "retail_media",
  "influencer",
  "email",
] as const;
export const Channel = z.enum(CHANNELS);
export type Channel = z.infer<typeof Channel>;

export const DeliveryType = z.enum(["guaranteed", "non_guaranteed"]);

export const PRICING_MODELS = ["cpm", "vcpm", "cpc", "cpcv", "cpv", "cpp", "cpa", "flat_rate", "time"] as const;
export const PricingModel = z.enum(PRICING_MODELS);
export type PricingModel = z.infer<typeof PricingModel>;

/** A way to pay: exactly one of a fixed price and an auction's floor is not null. Prices are per unit of the model (cpm: 1,000 impressions). */
export const PricingOption = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, "An option's id is up to 64 of a-z 0-9 _ -"),
    model: PricingModel,
    currency: CurrencyCode,
    fixed_price_micros: PositiveMicros.nullable().default(null),
    floor_price_micros: NonNegativeMicros.nullable().default(null),
    max_bid_micros: PositiveMicros.nullable().default(null),
    min_spend_per_package_micros: NonNegativeMicros.nullable().default(null),
  })
  .refine((option) => (option.fixed_price_micros === null) !== (option.floor_price_micros === null), {
    message: "Give either fixed_price_micros or floor_price_micros",
    path: ["fixed_price_micros"],
  })
  .refine((option) => option.max_bid_micros === null || option.max_bid_micros >= (option.floor_price_micros ?? 0), {
    message: "max_bid_micros is below the floor",
    path: ["max_bid_micros"],
  })
  .refine((option) => option.max_bid_micros === null || option.fixed_price_micros === null, {
    message: "A fixed price takes no bids",
    path: ["max_bid_micros"],
  });
export type PricingOption = z.infer<typeof PricingOption>;

export const ProductName = z.string().trim().min(1).max(200);
export const PricingOptions = z
  .array(PricingOption)
  .min(1)
  .max(20)
  .refine((options) => new Set(options.map((option) => option.id)).size === options.length, "Two options share an id");
/** What buyers can aim at, e.g. `geo_country`, `device`, `audience`. */
export const TargetingCapabilities = z
  .array(z.string().regex(/^[a-z][a-z0-9_]{0,63}$/))
  .max(50)
  .refine((names) => new Set(names).size === names.length, "A capability is named twice");
/** The usual click-through rate of the product, a fraction. */
export const TargetCtr = z.number().gt(0).max(1);

export const InventoryProduct = z.strictObject({
  id: ProductId,
  external_id: ExternalId.nullable(),
  name: ProductName,
  channel: Channel,
  delivery_type: DeliveryType,
  pricing_options: PricingOptions,
  min_budget_micros: NonNegativeMicros,
  /** Impressions for sale per 30 days. */
  available_impressions: Count,
  target_ctr: TargetCtr.nullable(),
  median_bid_micros: PositiveMicros.nullable(),
  targeting_capabilities: TargetingCapabilities,
  /** No longer for sale; existing packages keep their terms. */
  archived: z.boolean(),
  created_at: UtcTime,
  updated_at: UtcTime,
});
export type InventoryProduct = z.infer<typeof InventoryProduct>;

export const inventoryProducts = defineEntity("inventory_product", {
  about: "Advertising space for sale: channel, prices, minimum budget and reach. Packages are bought from it.",
  schema: InventoryProduct,
});

/** A product's id or the caller's own `external_id` of it. */
export const ProductRef = z.union([ProductId, ExternalId]);

/** The product with that id or external id. */
export function findProduct(tx: ReadTx, ref: string): InventoryProduct | undefined {
  return tx.get(inventoryProducts, ref) ?? tx.list(inventoryProducts).find((product) => product.external_id === ref);
}
