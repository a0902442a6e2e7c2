import { NOON, testId } from "../../model/given.ts";
import type { InventoryProduct } from "./entities.ts";

/** A product on sale at auction from $4 CPM, for tests. */
export function aProduct(n: number, fields: Partial<InventoryProduct> = {}): InventoryProduct {
  return {
    id: testId("prod", n),
    external_id: null,
    name: `Product ${n}`,
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
    target_ctr: null,
    median_bid_micros: null,
    targeting_capabilities: [],
    archived: false,
    created_at: NOON,
    updated_at: NOON,
    ...fields,
  };
}
