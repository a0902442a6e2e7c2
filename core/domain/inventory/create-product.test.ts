import { describe, expect, it } from "vitest";
import { NOON, given, testId } from "../../model/given.ts";
import { createProduct } from "./create-product.ts";
import { PricingOption, findProduct, inventoryProducts } from "./entities.ts";
import { updateProduct } from "./update-product.ts";

const option = { id: "auction", model: "cpm", currency: "USD", floor_price_micros: 4_000_000 };
const news = {
  product_id: testId("prod", 1),
  name: "Premium News Display",
  channel: "display",
  delivery_type: "non_guaranteed",
  pricing_options: [option],
  min_budget_micros: 1_000_000_000,
  available_impressions: 20_000_000,
};

describe("creating an inventory product", () => {
  it("offers it for sale, with everything that was left out as null", () => {
    const room = given(null);
    room.send(createProduct, news, { as: "admin" });
    expect(room.get(inventoryProducts, news.product_id)).toMatchObject({
      name: "Premium News Display",
      external_id: null,
      target_ctr: null,
      median_bid_micros: null,
      targeting_capabilities: [],
      archived: false,
      created_at: NOON,
      pricing_options: [
        { id: "auction", floor_price_micros: 4_000_000, fixed_price_micros: null, max_bid_micros: null },
      ],
    });
  });

  it("can be found by the caller's own id, which nobody else may take", () => {
    const room = given(null);
    room.send(createProduct, { ...news, external_id: "SSP-77" });
    expect(findProduct(room.tx, "SSP-77")?.id).toBe(news.product_id);
    const twin = room.send(createProduct, { ...news, product_id: testId("prod", 2), external_id: "SSP-77" });
    expect(twin.refusal).toMatchObject({ code: "VALIDATION_ERROR", issues: [{ pointer: "/external_id" }] });
  });

  it("is undone by taking it off sale", () => {
    const room = given(null);
    const { inverse } = room.send(createProduct, news);
    room.send(updateProduct, inverse?.payload);
    expect(room.get(inventoryProducts, news.product_id)?.archived).toBe(true);
  });

  it("is refused with an id that is in use, and to operators", () => {
    const room = given(null);
    room.send(createProduct, news);
    expect(room.send(createProduct, news).code).toBe("ID_IN_USE");
    expect(given(null).send(createProduct, news, { as: "operator" }).code).toBe("PERMISSION_DENIED");
  });

  it.each([
    ["no pricing option", { pricing_options: [] }],
    ["two options of one id", { pricing_options: [option, option] }],
    ["an unknown channel", { channel: "skywriting" }],
    ["negative money", { min_budget_micros: -1 }],
    ["a fraction of a micro", { min_budget_micros: 0.5 }],
    ["a CTR above 1", { target_ctr: 1.2 }],
    ["an id of another kind", { product_id: testId("mb", 1) }],
    ["an external id that looks like ours", { external_id: testId("prod", 3) }],
    ["an unknown field", { archived: true }],
  ])("is refused with %s", (_case, wrong) => {
    expect(given(null).send(createProduct, { ...news, ...wrong }).code).toBe("VALIDATION_ERROR");
  });
});

describe("a pricing option", () => {
  it.each([
    ["a floor", { floor_price_micros: 4_000_000 }, true],
    ["a floor of nothing", { floor_price_micros: 0 }, true],
    ["a fixed price", { fixed_price_micros: 30_000_000 }, true],
    ["both", { floor_price_micros: 4_000_000, fixed_price_micros: 30_000_000 }, false],
    ["neither", {}, false],
    ["a highest bid below the floor", { floor_price_micros: 4_000_000, max_bid_micros: 3_000_000 }, false],
    ["a highest bid on a fixed price", { fixed_price_micros: 4_000_000, max_bid_micros: 5_000_000 }, false],
  ])("with %s: %s is valid: %s", (_case, prices, valid) => {
    expect(PricingOption.safeParse({ id: "x", model: "cpm", currency: "USD", ...prices }).success).toBe(valid);
  });
});
