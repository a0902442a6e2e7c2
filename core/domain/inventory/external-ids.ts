import { invalid } from "../../model/refusal.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { ReadTx } from "../../model/transaction.ts";
import { inventoryProducts } from "./entities.ts";
import type { InventoryProduct } from "./entities.ts";

/** VALIDATION_ERROR if another product has the external id: it stands for the product wherever an id does. */
export function refuseTakenExternalId(tx: ReadTx, product: InventoryProduct, pointer: string): Refusal | null {
  if (product.external_id === null) return null;
  const twin = tx
    .list(inventoryProducts)
    .find((other) => other.external_id === product.external_id && other.id !== product.id);
  return twin ? invalid(pointer, `${twin.name} has this external id already.`, "unique") : null;
}
