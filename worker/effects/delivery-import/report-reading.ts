import type { Mapping, RowError } from "../../../core/domain/delivery-imports/mapping.ts";
import { invalid, refuse } from "../../../core/model/refusal.ts";
import type { Refusal } from "../../../core/model/refusal.ts";
import { CsvReader, UnreadableCsv } from "./csv-records.ts";
import type { CsvRecord } from "./csv-records.ts";
import { DateOrderEvidence } from "./dates.ts";
import { DeliverySums } from "./delivery-sums.ts";
import type { SummedCampaign } from "./delivery-sums.ts";
import type { Detection } from "./detect.ts";
import { RowReader } from "./row.ts";
import { Utf8Recoder } from "./text.ts";

/** How many row errors an answer holds; the rest are counted. */
export const MAX_ERRORS = 1_000;

/** How one file is read. */
export interface ReadingOptions {
  readonly detection: Detection;
  /** ISO-4217 of every amount; null if nobody has said it yet, in a preview. */
  readonly currency: string | null;
  /** The last day that rows may be of, YYYY-MM-DD: today in the workspace's report zone. */
  readonly latest_day: string;
  readonly sums?: DeliverySums;
}

/** Reads a report chunk by chunk into sums by fact key, and keeps what could not be read. */
export class ReportReading {
  readonly #csv: CsvReader;
  readonly #recoder: Utf8Recoder;
  readonly #rows: RowReader;
  readonly #sums: DeliverySums;
  readonly #mapping: Mapping;
  readonly #dateColumn: number;
  /** Kept only while the order of day and month is an assumption that a later row may disprove. */
  readonly #dates: DateOrderEvidence | null;
  readonly #errors: RowError[] = [];
  #imported = 0;
  #failed = 0;
  #unreadable = false;
  #refusal: Refusal | null = null;

  constructor({ detection, currency, latest_day, sums }: ReadingOptions) {
    const { mapping, header, columns, encoding, assumed } = detection;
    this.#mapping = mapping;
    this.#dateColumn = columns.get("date") ?? -1;
    this.#dates = assumed.includes("date_order") ? new DateOrderEvidence() : null;
    this.#sums = sums ?? new DeliverySums();
    this.#recoder = new Utf8Recoder(encoding);
    this.#rows = new RowReader({ mapping, header, columns, currency, latest_day });
    this.#csv = new CsvReader(mapping.delimiter, (record) => this.#take(record));
  }

  get rows(): number {
    return this.#imported + this.#failed;
  }

  get imported(): number {
    return this.#imported;
  }

  get failed(): number {
    return this.#failed;
  }

  get facts(): number {
    return this.#sums.facts;
  }

  /** The first {@link MAX_ERRORS}, in the order of lines. */
  get errors(): readonly RowError[] {
    return this.#errors;
  }

  /** Why nothing of the file can be imported, or null. Reading on changes nothing then. */
  get refusal(): Refusal | null {
    return this.#refusal;
  }

  campaigns(): SummedCampaign[] {
    return this.#sums.campaigns();
  }

  async write(chunk: Uint8Array): Promise<void> {
    await this.#guard(() => this.#csv.write(this.#recoder.recode(chunk)));
  }

  /** To be called once, after the last chunk. */
  async end(): Promise<void> {
    await this.#guard(() => this.#csv.end());
    if (this.#refusal) return;
    const verdict = this.#dates?.decide(this.#mapping.decimal_mark === "comma");
    if (verdict && (verdict.kind !== "decided" || verdict.order !== this.#mapping.date_order)) {
      const order = this.#mapping.date_order.replace("_", " ");
      this.#refusal = invalid("/mapping/date_order", `Not all dates can have the ${order}: say mapping.date_order`);
    } else if (this.rows === 0) this.#refusal = invalid("/file", "The file has no rows below its header");
  }

  async #guard(work: () => Promise<void>): Promise<void> {
    if (this.#unreadable || this.#refusal) return;
    try {
      await work();
    } catch (error) {
      if (!(error instanceof UnreadableCsv)) throw error;
      this.#unreadable = true;
      this.#fail({ line: error.line, column: "", reason: error.message });
    }
  }

  #take(record: CsvRecord): void {
    if (record.line <= this.#mapping.header_line || this.#refusal) return;
    this.#dates?.observe(record.cells[this.#dateColumn] ?? "");
    const outcome = this.#rows.read(record);
    if (outcome.kind === "summary") return;
    if (outcome.kind === "error") {
      this.#fail(outcome.error);
      return;
    }
    this.#imported++;
    const tooLarge = this.#sums.add(outcome.row);
    if (tooLarge !== null) this.#refusal = refuse("PAYLOAD_TOO_LARGE", `${tooLarge}: split it, by day for example`);
  }

  #fail(error: RowError): void {
    this.#failed++;
    if (this.#errors.length < MAX_ERRORS) this.#errors.push({ ...error, reason: error.reason.slice(0, 300) });
  }
}
