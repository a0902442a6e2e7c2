import { z } from "zod";
import { DeliverySource } from "../delivery/entities.ts";

/** The shapes of delivery reports that are recognised; `generic` is any table whose headers name what they hold. */
export const LAYOUTS = ["meta_ads", "google_ads", "facebook_conversions", "generic"] as const;
export const Layout = z.enum(LAYOUTS);
export type Layout = z.infer<typeof Layout>;

/** What a column of a report can mean. `*_micros` columns hold integer micros, the others decimal money. */
export const IMPORT_FIELDS = [
  "date",
  "end_date",
  "campaign_id",
  "campaign_name",
  "ad_id",
  "ad_name",
  "impressions",
  "clicks",
  "spend",
  "spend_micros",
  "conversions",
  "leads",
  "conversion_value",
  "conversion_value_micros",
  "completed_views",
  "views",
  "measurable",
  "viewable",
  "device",
  "country",
  "currency",
] as const;
export const ImportField = z.enum(IMPORT_FIELDS);
export type ImportField = z.infer<typeof ImportField>;

export const DELIMITERS = [",", ";", "\t", "|"] as const;
export const Delimiter = z.enum(DELIMITERS);
export type Delimiter = z.infer<typeof Delimiter>;

/** How 03/04/2026 is read; a date that begins with the year is always read as it stands. */
export const DATE_ORDERS = ["year_first", "day_first", "month_first"] as const;
export const DateOrder = z.enum(DATE_ORDERS);
export type DateOrder = z.infer<typeof DateOrder>;

/** `point`: 1,234.56. `comma`: 1.234,56. */
export const DecimalMark = z.enum(["point", "comma"]);
export type DecimalMark = z.infer<typeof DecimalMark>;

const ColumnName = z.string().min(1).max(100);

/** What the caller says about a report; everything left out is detected. A column of null is not read. */
export const MappingInput = z.strictObject({
  layout: Layout.optional(),
  source: DeliverySource.optional(),
  delimiter: Delimiter.optional(),
  header_line: z.int().min(1).max(1_000).optional(),
  columns: z.partialRecord(ImportField, ColumnName.nullable()).optional(),
  date_order: DateOrder.optional(),
  decimal_mark: DecimalMark.optional(),
});
export type MappingInput = z.infer<typeof MappingInput>;

/** How a report was read. Sent back as {@link MappingInput} it reads the same file the same way. */
export const Mapping = z.strictObject({
  layout: Layout,
  /** Who reports: part of each fact's key, the same for every export of one platform, so that a newer export replaces. */
  source: DeliverySource,
  delimiter: Delimiter,
  header_line: z.int().positive(),
  columns: z.partialRecord(ImportField, ColumnName),
  date_order: DateOrder,
  decimal_mark: DecimalMark,
});
export type Mapping = z.infer<typeof Mapping>;

/** Why one line was not imported. `column` is the header as the file has it, empty if the whole line is meant. */
export const RowError = z.strictObject({
  line: z.int().positive(),
  column: z.string().max(100),
  reason: z.string().max(300),
});
export type RowError = z.infer<typeof RowError>;
