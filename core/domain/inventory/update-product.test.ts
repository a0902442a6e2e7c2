import { describe, expect, it } from "vitest";
import { given, testId } from "../../model/given.ts";
import { inventoryProducts } from "./entities.ts";
import { aProduct } from "./product.fixture.ts";
import { updateProduct } from "./update-product.ts";

const LATER = "2026-11-20T15:00:00.000Z";
const news = aProduct(1, { external_id: "SSP-77" });
const room = () => given(null).having(inventoryProducts, news, aProduct(2));

describe("updating an inventory product", () => {
  it("changes what is named, null included, and keeps the rest", () => {
    const scenario = room();
    const updates = { name: "News", target_ctr: 0.002, external_id: null };
    scenario.when(updateProduct, { product_id: "SSP-77", updates }, { as: "admin", now: LATER });
    expect(scenario.get(inventoryProducts, news.id)).toEqual({ ...news, ...updates, updated_at: LATER });
  });

  it("can be undone", () => {
    const scenario = room();
    const { inverse } = scenario.when(updateProduct, {
      product_id: "SSP-77",
      updates: { external_id: "X", archived: true },
    });
    scenario.send(updateProduct, inverse?.payload);
    expect(scenario.get(inventoryProducts, news.id)).toEqual(news);
  });

  it("is refused for unknown products, for no change and for an external id that is taken", () => {
    expect(room().when(updateProduct, { product_id: testId("prod", 9), updates: { name: "X" } }).code).toBe(
      "PRODUCT_NOT_FOUND",
    );
    expect(room().when(updateProduct, { product_id: news.id, updates: { name: news.name } }).code).toBe("NO_CHANGE");
    const taken = room().when(updateProduct, { product_id: testId("prod", 2), updates: { external_id: "SSP-77" } });
    expect(taken.refusal).toMatchObject({ code: "VALIDATION_ERROR", issues: [{ pointer: "/updates/external_id" }] });
  });

  it.each([
    ["no pricing option", { pricing_options: [] }],
    ["another id", { id: testId("prod", 9) }],
    ["another birthday", { created_at: LATER }],
  ])("is refused with %s", (_case, updates) => {
    expect(room().send(updateProduct, { product_id: news.id, updates }).code).toBe("VALIDATION_ERROR");
  });

  it("is refused to operators", () => {
    const input = { product_id: news.id, updates: { archived: true } };
    expect(room().when(updateProduct, input, { as: "operator" }).code).toBe("PERMISSION_DENIED");
  });
});
