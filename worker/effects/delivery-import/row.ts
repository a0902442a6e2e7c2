import { UNKNOWN } from "../../../core/domain/delivery/entities.ts";
import type { ImportField, Mapping, RowError } from "../../../core/domain/delivery-imports/mapping.ts";
import type { Device } from "../../../core/domain/media-buys/entities.ts";
import { isBlank, quoted } from "./cells.ts";
import type { CsvRecord } from "./csv-records.ts";
import { parseDay } from "./dates.ts";
import { parseDecimal, toMicros, toMillionths, toWhole } from "./decimal.ts";
import type { Decimal } from "./decimal.ts";
import type { ColumnIndex } from "./detect.ts";
import { externalIdOfName, isExternalId } from "./external-ids.ts";
import { layoutOf } from "./layouts.ts";
import { memo } from "./memo.ts";
import { countryOf, deviceOf } from "./places.ts";

/** A campaign or ad as the report names it; `name` is null if it gives an id only. */
export interface Named {
  readonly external_id: string;
  readonly name: string | null;
}

/** What a row counts. `*_millionths` because platforms attribute fractions of a conversion; null: not reported. */
export interface Measures {
  readonly impressions: number;
  readonly clicks: number;
  readonly spend_micros: number;
  readonly conversions_millionths: number;
  readonly leads_millionths: number | null;
  readonly conversion_value_micros: number;
  readonly completed_views: number | null;
  readonly views: number | null;
  readonly measurable: number | null;
  readonly viewable: number | null;
}

/** A row that can be imported. */
export interface ReportRow {
  readonly line: number;
  readonly date: string;
  readonly campaign: Named;
  readonly ad: Named | null;
  readonly device: Device;
  readonly country: string;
  readonly measures: Measures;
}

export type RowOutcome =
  | { readonly kind: "row"; readonly row: ReportRow }
  | { readonly kind: "error"; readonly error: RowError }
  /** A sum that the report itself adds; not delivery. */
  | { readonly kind: "summary" };

/** How the rows of one file are read. */
export interface RowRules {
  readonly mapping: Mapping;
  readonly header: readonly string[];
  readonly columns: ColumnIndex;
  /** ISO-4217; a row in another currency is an error. */
  readonly currency: string | null;
  /** The last day that is not in the future, YYYY-MM-DD. */
  readonly latest_day: string;
}

const TOTAL = /^(grand )?totals?\b/i;
const NAME_LIMIT = 200;
/** A billion units of money, or of anything counted, on one day of one ad is a mistake in the file. */
const MAX_MEASURE = 1e15;

const PLAIN_COUNT = /^\d{1,15}$/;

/** NaN for what is not whole. */
function wholeOrNaN(decimal: Decimal): number {
  return toWhole(decimal) ?? Number.NaN;
}

/** Stops the reading of a row at its first problem; caught in {@link RowReader.read} and nowhere else. */
class RowProblem extends Error {
  readonly field: ImportField | null;
  constructor(field: ImportField | null, reason: string) {
    super(reason);
    this.field = field;
  }
}

/** Reads records of one file as rows of delivery. */
export class RowReader {
  readonly #rules: RowRules;
  readonly #isId = memo(isExternalId);
  readonly #idOfName = memo(externalIdOfName);
  readonly #countryOf = memo(countryOf);
  readonly #deviceOf = memo(deviceOf);
  readonly #dayOf: (text: string) => string | null;
  readonly #blankCampaignIsSummary: boolean;
  readonly #lastColumn: number;

  constructor(rules: RowRules) {
    this.#rules = rules;
    this.#dayOf = memo((text) => parseDay(text, rules.mapping.date_order));
    this.#blankCampaignIsSummary = layoutOf(rules.mapping.layout).blankCampaignIsSummary;
    this.#lastColumn = Math.max(...rules.columns.values());
  }

  read(record: CsvRecord): RowOutcome {
    if (this.#isSummary(record)) return { kind: "summary" };
    try {
      return { kind: "row", row: this.#row(record) };
    } catch (problem) {
      if (!(problem instanceof RowProblem)) throw problem;
      const column = problem.field === null ? "" : (this.#rules.mapping.columns[problem.field] ?? "");
      return { kind: "error", error: { line: record.line, column, reason: problem.message } };
    }
  }

  #row(record: CsvRecord): ReportRow {
    this.#checkLength(record);
    const date = this.#day(record);
    const currency = this.#text(record, "currency");
    if (currency && this.#rules.currency && currency.toUpperCase() !== this.#rules.currency) {
      throw new RowProblem("currency", `${quoted(currency)} is not the import's currency ${this.#rules.currency}`);
    }
    const campaign = this.#named(record, "campaign_id", "campaign_name");
    if (!campaign) throw new RowProblem(this.#firstOf("campaign_id", "campaign_name"), "The row names no campaign");
    const country = this.#text(record, "country");
    const code = country === "" || country.toLowerCase() === UNKNOWN ? UNKNOWN : this.#countryOf(country);
    if (code === null) throw new RowProblem("country", `${quoted(country)} is no country`);
    return {
      line: record.line,
      date,
      campaign,
      ad: this.#named(record, "ad_id", "ad_name"),
      device: this.#deviceOf(this.#text(record, "device")),
      country: code,
      measures: this.#measures(record),
    };
  }

  #measures(record: CsvRecord): Measures {
    const impressions = this.#whole(record, "impressions") ?? 0;
    const clicks = this.#whole(record, "clicks") ?? 0;
    if (clicks > impressions)
      throw new RowProblem("clicks", `${clicks} clicks are more than ${impressions} impressions`);
    const measurable = this.#share(record, "measurable", impressions);
    return {
      impressions,
      clicks,
      spend_micros: this.#whole(record, "spend_micros") ?? this.#number(record, "spend", toMicros) ?? 0,
      conversions_millionths: this.#number(record, "conversions", toMillionths) ?? 0,
      leads_millionths: this.#number(record, "leads", toMillionths),
      conversion_value_micros:
        this.#whole(record, "conversion_value_micros") ?? this.#number(record, "conversion_value", toMicros) ?? 0,
      completed_views: this.#share(record, "completed_views", impressions),
      views: this.#whole(record, "views"),
      measurable,
      viewable: this.#share(record, "viewable", measurable ?? 0),
    };
  }

  #checkLength({ cells }: CsvRecord): void {
    const { header } = this.#rules;
    const extra = cells.slice(header.length).some((cell) => cell.trim() !== "");
    if (extra || cells.length <= this.#lastColumn) {
      const hint = extra ? "; a value that holds the separator must be in quotes" : "";
      throw new RowProblem(null, `The row has ${cells.length} columns, the header ${header.length}${hint}`);
    }
  }

  #day(record: CsvRecord): string {
    const text = this.#text(record, "date");
    if (text === "") throw new RowProblem("date", "The row has no date");
    const order = this.#rules.mapping.date_order;
    const day = this.#dayOf(text);
    if (day === null) throw new RowProblem("date", `${quoted(text)} is no date with the ${order.replace("_", " ")}`);
    if (day > this.#rules.latest_day) throw new RowProblem("date", `${day} is in the future`);
    const end = this.#text(record, "end_date");
    const isRange = this.#rules.columns.has("end_date") && this.#startsPeriod();
    if (isRange && end !== "" && this.#dayOf(end) !== day) {
      throw new RowProblem("end_date", "The row covers several days: export the report with a daily breakdown");
    }
    return day;
  }

  /** Whether the date column is the start of a period: beside a column of days, the period is that of the whole report. */
  #startsPeriod(): boolean {
    return /start/i.test(this.#rules.mapping.columns.date ?? "");
  }

  #named(record: CsvRecord, idField: ImportField, nameField: ImportField): Named | null {
    const id = this.#text(record, idField);
    const name = this.#text(record, nameField).slice(0, NAME_LIMIT).trim().toWellFormed();
    if (id === "") return name === "" ? null : { external_id: this.#idOfName(name), name };
    if (!this.#isId(id))
      throw new RowProblem(idField, `${quoted(id)} is no id: up to 128 characters, no spaces or slashes`);
    return { external_id: id, name: name === "" ? null : name };
  }

  /** A count that is part of another; null if not reported. */
  #share(record: CsvRecord, field: ImportField, of: number): number | null {
    const value = this.#whole(record, field);
    if (value !== null && value > of) throw new RowProblem(field, `${value} is more than the ${of} it is a part of`);
    return value;
  }

  #whole(record: CsvRecord, field: ImportField): number | null {
    return this.#number(record, field, wholeOrNaN);
  }

  #number(record: CsvRecord, field: ImportField, convert: (decimal: Decimal) => number | null): number | null {
    const text = this.#text(record, field);
    if (text === "") return null;
    // Most cells are small whole numbers: for them, exact arithmetic is a detour.
    if (PLAIN_COUNT.test(text) && convert === wholeOrNaN) return Number(text);
    if (text.includes("%")) throw new RowProblem(field, `${quoted(text)} is a percentage, not a number`);
    const decimal = parseDecimal(text, this.#rules.mapping.decimal_mark);
    if (!decimal) throw new RowProblem(field, `${quoted(text)} is no number written like ${this.#pattern()}`);
    const value = convert(decimal);
    if (Number.isNaN(value)) throw new RowProblem(field, `${quoted(text)} is not a whole number`);
    if (decimal.negative && value !== 0) throw new RowProblem(field, `${quoted(text)} is negative`);
    if (value === null || value > MAX_MEASURE) throw new RowProblem(field, `${quoted(text)} is too large`);
    return value;
  }

  #pattern(): string {
    return this.#rules.mapping.decimal_mark === "point" ? "1,234.56" : "1.234,56";
  }

  /** The cell without surrounding spaces; empty if blank or not a column of this file. */
  #text(record: CsvRecord, field: ImportField): string {
    const at = this.#rules.columns.get(field);
    const cell = at === undefined ? "" : (record.cells[at] ?? "");
    return isBlank(cell) ? "" : cell.trim();
  }

  #firstOf(...fields: ImportField[]): ImportField | null {
    return fields.find((field) => this.#rules.columns.has(field)) ?? null;
  }

  #isSummary(record: CsvRecord): boolean {
    const date = this.#text(record, "date");
    const first = record.cells.find((cell) => !isBlank(cell))?.trim() ?? "";
    if (TOTAL.test(first) && (date === "" || TOTAL.test(date))) return true;
    const dimensions: ImportField[] = ["campaign_id", "campaign_name", "ad_id", "ad_name"];
    return this.#blankCampaignIsSummary && dimensions.every((field) => this.#text(record, field) === "");
  }
}
