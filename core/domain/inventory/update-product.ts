import { z } from "zod";
import { defineCommand } from "../../model/command.ts";
import { defineEvent } from "../../model/event.ts";
import { canonicalJson } from "../../model/json.ts";
import { patched, unpatch } from "../../model/patch.ts";
import { refuse, refuseField } from "../../model/refusal.ts";
import { ProductId } from "../../model/units.ts";
import { InventoryProduct, ProductRef, findProduct, inventoryProducts } from "./entities.ts";
import { refuseTakenExternalId } from "./external-ids.ts";

const Updates = InventoryProduct.omit({ id: true, created_at: true, updated_at: true }).partial();

export const productUpdated = defineEvent("inventory_product:update:v1:success", {
  data: z.strictObject({ product_id: ProductId, updates: Updates }),
  apply(tx, { product_id, updates }, { at }) {
    const product = tx.get(inventoryProducts, product_id);
    if (product) tx.put(inventoryProducts, { ...patched(product, updates), updated_at: at });
  },
});

export const updateProduct = defineCommand("inventory_product:update:v1", {
  about:
    "Change a product's terms or take it off sale (`archived`). Packages already bought keep the terms they were bought on.",
  input: z.strictObject({ product_id: ProductRef, updates: Updates }),
  example: { product_id: "prod_01JD0000000000000000000000", updates: { available_impressions: 25_000_000 } },
  needs: "inventory.edit",
  refuses: ["PRODUCT_NOT_FOUND", "VALIDATION_ERROR", "NO_CHANGE"],
  emits: [productUpdated],
  target: (input, tx) => {
    const product = findProduct(tx, input.product_id);
    return product ? [inventoryProducts, product.id] : null;
  },
  inverse: ({ product_id, updates }, before) => {
    const product = findProduct(before, product_id);
    if (!product) return null;
    const payload = { product_id: product.id, updates: unpatch(product, updates) };
    return { type: "inventory_product:update:v1", payload };
  },
  decide(tx, { product_id, updates }) {
    const product = findProduct(tx, product_id);
    if (!product) return refuseField("PRODUCT_NOT_FOUND", "/product_id", "This workspace has no such product.");
    const after = patched(product, updates);
    if (canonicalJson(after) === canonicalJson(product)) return refuse("NO_CHANGE", "The product is already as asked.");
    const taken = refuseTakenExternalId(tx, after, "/updates/external_id");
    return taken ?? [productUpdated.of({ product_id: product.id, updates })];
  },
});
