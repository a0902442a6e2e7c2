import { z } from "zod";
import { defineCommand } from "../../model/command.ts";
import { defineEvent } from "../../model/event.ts";
import { refuse } from "../../model/refusal.ts";
import { Count, ExternalId, NonNegativeMicros, PositiveMicros, ProductId } from "../../model/units.ts";
import {
  Channel,
  DeliveryType,
  InventoryProduct,
  PricingOptions,
  ProductName,
  TargetCtr,
  TargetingCapabilities,
  inventoryProducts,
} from "./entities.ts";
import { refuseTakenExternalId } from "./external-ids.ts";

export const productCreated = defineEvent("inventory_product:create:v1:success", {
  data: InventoryProduct,
  apply(tx, product) {
    tx.create(inventoryProducts, product);
  },
});

export const createProduct = defineCommand("inventory_product:create:v1", {
  about: "Offer advertising space: its channel, prices, minimum budget and reach.",
  input: z.strictObject({
    product_id: ProductId.optional(),
    external_id: ExternalId.nullish(),
    name: ProductName,
    channel: Channel,
    delivery_type: DeliveryType,
    pricing_options: PricingOptions,
    min_budget_micros: NonNegativeMicros,
    available_impressions: Count,
    target_ctr: TargetCtr.nullish(),
    median_bid_micros: PositiveMicros.nullish(),
    targeting_capabilities: TargetingCapabilities.default([]),
  }),
  example: {
    name: "Premium News Display",
    channel: "display",
    delivery_type: "non_guaranteed",
    pricing_options: [
      {
        id: "auction",
        model: "cpm",
        currency: "USD",
        fixed_price_micros: null,
        floor_price_micros: 4_000_000,
        max_bid_micros: null,
        min_spend_per_package_micros: null,
      },
    ],
    min_budget_micros: 1_000_000_000,
    available_impressions: 20_000_000,
    target_ctr: 0.002,
    targeting_capabilities: ["geo_country", "device"],
  },
  needs: "inventory.edit",
  refuses: ["ID_IN_USE", "VALIDATION_ERROR"],
  emits: [productCreated],
  answers: "created",
  inverse: ({ product_id }) =>
    product_id ? { type: "inventory_product:update:v1", payload: { product_id, updates: { archived: true } } } : null,
  decide(tx, { product_id, ...input }, { now, id }) {
    const productId = product_id ?? id("prod");
    if (tx.used(inventoryProducts, productId)) return refuse("ID_IN_USE", "A product has this id.");
    const product: InventoryProduct = {
      ...input,
      id: productId,
      external_id: input.external_id ?? null,
      target_ctr: input.target_ctr ?? null,
      median_bid_micros: input.median_bid_micros ?? null,
      archived: false,
      created_at: now,
      updated_at: now,
    };
    return refuseTakenExternalId(tx, product, "/external_id") ?? [productCreated.of(product)];
  },
});
