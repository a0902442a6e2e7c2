import { z } from "zod";
import { defineEntity } from "../../model/entity.ts";
import { refuse } from "../../model/refusal.ts";
import type { Refusal } from "../../model/refusal.ts";
import { Count, CurrencyCode, ImportId, ProductId, UtcTime } from "../../model/units.ts";
import { Brand } from "../media-buys/entities.ts";
import { Mapping, RowError } from "./mapping.ts";

export { Mapping, RowError } from "./mapping.ts";

export const IMPORT_STATUSES = ["running", "completed", "failed"] as const;

/** How long an import may run before the room declares it failed: an upload of 50 MB over a slow line, and its commands. */
export const IMPORT_TIME_LIMIT_MS = 30 * 60_000;
/** How many row errors are kept; the rest are counted. */
export const MAX_KEPT_ERRORS = 100;

/** How many ended runs a campaign remembers besides the newest one; older ones are forgotten. */
export const MAX_KEPT_RUNS = 50;

/** SHA-256 of the file, hex. */
export const FileDigest = z.string().regex(/^[0-9a-f]{64}$/, "A digest is SHA-256 in 64 hex digits");
export const FileName = z.string().trim().min(1).max(255);

/**
 * What came of a file. `rows` = `imported` + `failed`; `facts` are the rows of one key summed, and of these
 * `unchanged` were known already, so that nothing was written for them.
 */
export const ImportCounts = z.strictObject({
  rows: Count,
  imported: Count,
  failed: Count,
  facts: Count,
  unchanged: Count,
  buys_created: Count,
  creatives_created: Count,
});
export type ImportCounts = z.infer<typeof ImportCounts>;

export const ZERO_COUNTS: Readonly<ImportCounts> = Object.freeze({
  rows: 0,
  imported: 0,
  failed: 0,
  facts: 0,
  unchanged: 0,
  buys_created: 0,
  creatives_created: 0,
});

/** Why a run failed. Facts of the batches before it stay: importing the file again completes them. */
export const ImportFailure = z.strictObject({ code: z.string().max(64), message: z.string().min(1).max(500) });
export type ImportFailure = z.infer<typeof ImportFailure>;

export const DeliveryImport = z.strictObject({
  id: ImportId,
  file_name: FileName,
  /** Known when the last byte was read. */
  digest: FileDigest.nullable(),
  status: z.enum(IMPORT_STATUSES),
  mapping: Mapping,
  /** The currency of every amount in the file, and of the buys made from it. */
  currency: CurrencyCode,
  /** What the packages made from it are bought from. */
  inventory_product_id: ProductId,
  brand: Brand,
  counts: ImportCounts,
  /** The first of them; `counts.failed` counts all. */
  errors: z.array(RowError).max(MAX_KEPT_ERRORS),
  failure: ImportFailure.nullable(),
  started_at: UtcTime,
  started_by: z.string(),
  finished_at: UtcTime.nullable(),
  deadline_at: UtcTime,
});
export type DeliveryImport = z.infer<typeof DeliveryImport>;

export const deliveryImports = defineEntity("delivery_import", {
  about: "One run of reading a delivery report from a file: how it was read, what came of it, and which lines failed.",
  schema: DeliveryImport,
  due: ({ id, status, deadline_at }) =>
    status === "running"
      ? { at: deadline_at, command: { type: "delivery:import_expire:v1", payload: { import_id: id } } }
      : null,
});

/** Why nothing more can be added to a run. */
export function endedRun({ status }: DeliveryImport): Refusal {
  const hint = "Import the file again under a new Idempotency-Key.";
  return refuse("STALE_RUN", `The import is ${status} already`, { hint });
}
