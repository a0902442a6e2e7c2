import { z } from "zod";
import { FileName } from "../../../core/domain/delivery-imports/entities.ts";
import { MappingInput } from "../../../core/domain/delivery-imports/mapping.ts";
import { ProductRef } from "../../../core/domain/inventory/entities.ts";
import { Brand } from "../../../core/domain/media-buys/entities.ts";
import { refuse } from "../../../core/model/refusal.ts";
import type { Refusal } from "../../../core/model/refusal.ts";
import { CurrencyCode, ImportId } from "../../../core/model/units.ts";

/** What somebody may say about a file besides its bytes. Everything has a default. */
export const ImportOptions = z.strictObject({
  import_id: ImportId.optional(),
  file_name: FileName.default("report.csv"),
  /** What the packages made from it are bought from. Default: a social product of the inventory, else the first. */
  inventory_product_id: ProductRef.optional(),
  brand: Brand.optional(),
  /** Default: what the file says, else the workspace's. */
  currency: CurrencyCode.optional(),
  mapping: MappingInput.default({}),
});
export type ImportOptions = z.infer<typeof ImportOptions>;

/** Checks options that came from outside. VALIDATION_ERROR names the field. */
export function parseOptions(options: unknown): ImportOptions | Refusal {
  const parsed = ImportOptions.safeParse(options ?? {});
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message, code }) => ({
    pointer: path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join(""),
    message,
    keyword: code,
  }));
  return refuse("VALIDATION_ERROR", issues[0]?.message ?? "The options are not valid", { issues });
}
