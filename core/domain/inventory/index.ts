import type { DomainModule } from "../../model/room.ts";
import { createProduct, productCreated } from "./create-product.ts";
import { inventoryProducts } from "./entities.ts";
import { productUpdated, updateProduct } from "./update-product.ts";

export const inventoryModule: DomainModule = {
  name: "inventory",
  entities: [inventoryProducts],
  events: [productCreated, productUpdated],
  commands: [createProduct, updateProduct],
  signals: [],
};
