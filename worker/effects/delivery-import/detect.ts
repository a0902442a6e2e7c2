import { DELIMITERS, IMPORT_FIELDS } from "../../../core/domain/delivery-imports/mapping.ts";
import type {
  Delimiter,
  ImportField,
  Layout,
  Mapping,
  MappingInput,
} from "../../../core/domain/delivery-imports/mapping.ts";
import { invalid } from "../../../core/model/refusal.ts";
import type { Refusal } from "../../../core/model/refusal.ts";
import { readSample } from "./csv-records.ts";
import type { CsvRecord } from "./csv-records.ts";
import { isBlank } from "./cells.ts";
import { DateOrderEvidence } from "./dates.ts";
import { DecimalMarkEvidence } from "./decimal-mark.ts";
import { LAYOUT_DEFINITIONS, headerCurrency, layoutOf, plainHeader } from "./layouts.ts";
import type { LayoutDefinition } from "./layouts.ts";
import { Utf8Recoder, detectEncoding } from "./text.ts";
import type { EncodingFound } from "./text.ts";

/** Where each field stands in a record, counted from 0. */
export type ColumnIndex = ReadonlyMap<ImportField, number>;

/** How a file is to be read, and the first records of it. */
export interface Detection {
  readonly mapping: Mapping;
  readonly encoding: EncodingFound;
  readonly header: readonly string[];
  readonly columns: ColumnIndex;
  /** What nothing in the file decided, so that a person should look: each is a field of the mapping. */
  readonly assumed: readonly ("date_order" | "decimal_mark")[];
  /** The currency that the file itself names. */
  readonly currency: string | null;
  readonly sample: readonly CsvRecord[];
}

/** A header stands among the first records; before it, platforms write a title and the period. */
const HEADER_RECORDS = 50;
/** A record with fewer known columns is not taken for a header. */
const MIN_FIELDS = 3;
const WHOLE_FIELDS: readonly ImportField[] = [
  "impressions",
  "clicks",
  "completed_views",
  "views",
  "measurable",
  "viewable",
];
const DECIMAL_FIELDS: readonly ImportField[] = ["spend", "conversion_value", "conversions", "leads"];

interface Candidate {
  readonly delimiter: Delimiter;
  readonly record: CsvRecord;
  readonly layout: Layout;
  readonly columns: ReadonlyMap<ImportField, number>;
  readonly score: number;
}

/**
 * Finds out how to read a report from its first bytes: encoding, delimiter, header, layout, columns, order of dates
 * and decimal mark. What the caller says in `input` wins. Refuses (VALIDATION_ERROR) what cannot be read safely.
 */
export function detect(sample: Uint8Array, input: MappingInput): Detection | Refusal {
  const encoding = detectEncoding(sample);
  const utf8 = new Utf8Recoder(encoding).recode(sample);
  if (utf8.every((byte) => byte <= 0x20)) return invalid("/file", "The file is empty");
  const best = bestHeader(utf8, input);
  if (!best) {
    return invalid("/mapping/columns", "No header row was recognised: name the columns in mapping.columns", "header");
  }
  const header = best.record.cells.map(headerName);
  const unknown = unknownColumn(header, input);
  if (unknown) return unknown;
  const missing = missingField(best.columns, input);
  if (missing) return missing;
  const rows = readSample(utf8, best.delimiter).filter(({ line }) => line > best.record.line);
  const formats = detectFormats(rows, best, input);
  if ("refused" in formats) return formats;
  const definition = layoutOf(best.layout);
  return {
    mapping: {
      layout: best.layout,
      source: input.source ?? definition.source,
      delimiter: best.delimiter,
      header_line: best.record.line,
      columns: namesOf(best.columns, header),
      date_order: formats.date_order,
      decimal_mark: formats.decimal_mark,
    },
    encoding,
    header,
    columns: best.columns,
    assumed: formats.assumed,
    currency: currencyOf(best, rows),
    sample: rows,
  };
}

/** A header as the mapping names it. */
function headerName(cell: string): string {
  return cell.trim().slice(0, 100);
}

function bestHeader(utf8: Uint8Array, input: MappingInput): Candidate | undefined {
  let best: Candidate | undefined;
  for (const delimiter of input.delimiter ? [input.delimiter] : DELIMITERS) {
    for (const record of readSample(utf8, delimiter, input.header_line ?? HEADER_RECORDS)) {
      if (input.header_line !== undefined && record.line !== input.header_line) continue;
      const candidate = asHeader(delimiter, record, input);
      if (candidate.columns.size >= MIN_FIELDS && candidate.score > (best?.score ?? 0)) best = candidate;
    }
  }
  return best;
}

function asHeader(delimiter: Delimiter, record: CsvRecord, input: MappingInput): Candidate {
  const plain = record.cells.map(plainHeader);
  const hits = (definition: LayoutDefinition): number => definition.signature.filter((h) => plain.includes(h)).length;
  const definition = input.layout
    ? layoutOf(input.layout)
    : (LAYOUT_DEFINITIONS.find((known) => hits(known) >= known.minimum) ?? layoutOf("generic"));
  const columns = new Map<ImportField, number>();
  const generic = layoutOf("generic").columns;
  const given = input.columns ?? {};
  for (const field of IMPORT_FIELDS) {
    const name = given[field];
    if (name === null) continue;
    const at = name === undefined ? -1 : findColumn(record.cells, name);
    if (at >= 0) columns.set(field, at);
  }
  const byName = columns.size;
  for (const known of [definition.columns, generic]) {
    for (const field of IMPORT_FIELDS) {
      if (columns.has(field) || given[field] !== undefined) continue;
      const at = (known[field] ?? []).map((alias) => plain.indexOf(alias)).find((i) => i >= 0 && !taken(columns, i));
      if (at !== undefined) columns.set(field, at);
    }
  }
  // A share of nothing known: viewable impressions are counted of measurable ones.
  if (!columns.has("measurable")) columns.delete("viewable");
  return {
    delimiter,
    record,
    layout: definition.layout,
    columns,
    score: columns.size + 2 * hits(definition) + 5 * byName,
  };
}

function taken(columns: ReadonlyMap<ImportField, number>, at: number): boolean {
  return [...columns.values()].includes(at);
}

function findColumn(cells: readonly string[], name: string): number {
  const exact = cells.findIndex((cell) => headerName(cell) === headerName(name));
  return exact >= 0 ? exact : cells.findIndex((cell) => plainHeader(cell) === plainHeader(name));
}

function unknownColumn(header: readonly string[], input: MappingInput): Refusal | null {
  for (const [field, name] of Object.entries(input.columns ?? {})) {
    if (name !== null && findColumn(header, name) < 0) {
      return invalid(`/mapping/columns/${field}`, `The file has no column "${name}"`, "header");
    }
  }
  return null;
}

function missingField(columns: ColumnIndex, input: MappingInput): Refusal | null {
  if (!columns.has("date")) {
    return invalid(
      "/mapping/columns/date",
      "The report has no column of days: export it with a daily breakdown",
      "header",
    );
  }
  if (!columns.has("campaign_id") && !columns.has("campaign_name")) {
    return invalid("/mapping/columns/campaign_id", "The report has no column that names the campaign", "header");
  }
  if (!columns.has("impressions")) {
    return invalid("/mapping/columns/impressions", "The report has no column of impressions", "header");
  }
  if (!columns.has("spend") && !columns.has("spend_micros") && input.columns?.spend !== null) {
    const message = "The report has no column of spend; if it has none, say null for it in mapping.columns.spend";
    return invalid("/mapping/columns/spend", message, "header");
  }
  return null;
}

type Formats = Pick<Mapping, "date_order" | "decimal_mark"> & Pick<Detection, "assumed">;

function detectFormats(rows: readonly CsvRecord[], best: Candidate, input: MappingInput): Formats | Refusal {
  const dates = new DateOrderEvidence();
  const marks = new DecimalMarkEvidence();
  const cell = (row: CsvRecord, field: ImportField): string => row.cells[best.columns.get(field) ?? -1] ?? "";
  for (const row of rows) {
    dates.observe(cell(row, "date"));
    for (const field of WHOLE_FIELDS) marks.observe(cell(row, field), true);
    for (const field of DECIMAL_FIELDS) marks.observe(cell(row, field), false);
  }
  const assumed: ("date_order" | "decimal_mark")[] = [];
  const mark = marks.decide(best.delimiter);
  if (mark.assumed && !input.decimal_mark) assumed.push("decimal_mark");
  const decimal_mark = input.decimal_mark ?? mark.mark;
  if (input.date_order) return { date_order: input.date_order, decimal_mark, assumed };
  const verdict = dates.decide(decimal_mark === "comma" && !mark.assumed);
  if (verdict.kind !== "decided") {
    const why = verdict.kind === "contradictory" ? "Some dates can only have the day first, others only the month" : "";
    const message = `${why || `"${verdict.example}" can be read with the day or the month first`}: say mapping.date_order`;
    return invalid("/mapping/date_order", message, verdict.kind);
  }
  if (verdict.assumed) assumed.push("date_order");
  return { date_order: verdict.order, decimal_mark, assumed };
}

function namesOf(columns: ColumnIndex, header: readonly string[]): Mapping["columns"] {
  const names: Mapping["columns"] = {};
  for (const [field, at] of columns) names[field] = header[at] ?? "";
  return names;
}

/** The currency in the header of the spend, else the first in the column of currencies. */
function currencyOf({ record, columns }: Candidate, rows: readonly CsvRecord[]): string | null {
  const inHeader = headerCurrency(record.cells[columns.get("spend") ?? -1]?.trim() ?? "");
  if (inHeader) return inHeader;
  const at = columns.get("currency") ?? -1;
  const first = rows.map(({ cells }) => (cells[at] ?? "").trim()).find((text) => !isBlank(text));
  return first !== undefined && /^[A-Z]{3}$/.test(first) ? first : null;
}
