import type { DateOrder } from "../../../core/domain/delivery-imports/mapping.ts";

const YEAR_FIRST = /^(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})$/;
const NUMERIC = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})$/;
const MONTH_NAME_FIRST = /^([a-z]{3,9})\.? (\d{1,2}),? (\d{4})$/;
const DAY_BEFORE_NAME = /^(\d{1,2})\.?[ -]([a-z]{3,9})\.?,?[ -](\d{4})$/;
const WEEKDAY = /^[a-z]{3,9},? (?=[a-z]|\d{1,2}[ .])/;
const TIME_OF_DAY = /[t ]\d{1,2}:\d{2}.*$/;
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** What a date's text leaves open: `day` is settled, or `first`/`second` stand in an order that the file decides. */
type DateParts =
  | { readonly kind: "settled"; readonly year: number; readonly month: number; readonly day: number }
  | {
      readonly kind: "open";
      readonly first: number;
      readonly second: number;
      readonly year: number;
      readonly separator: string;
    };

function parts(text: string): DateParts | null {
  const lower = text.trim().toLowerCase().replace(TIME_OF_DAY, "");
  const plain = lower.replace(WEEKDAY, (weekday) => (isMonth(weekday) ? weekday : ""));
  const year = YEAR_FIRST.exec(plain);
  if (year && (year[2] !== "" || plain.length === 8)) return settled(year[1], Number(year[3]), year[4]);
  const numeric = NUMERIC.exec(plain);
  if (numeric) {
    const [, first, separator = "", second, tail = ""] = numeric;
    const full = tail.length === 2 ? 2_000 + Number(tail) : Number(tail);
    return { kind: "open", first: Number(first), second: Number(second), year: full, separator };
  }
  const named = MONTH_NAME_FIRST.exec(plain);
  if (named) return settled(named[3], monthOf(named[1]), named[2]);
  const dayed = DAY_BEFORE_NAME.exec(plain);
  return dayed ? settled(dayed[3], monthOf(dayed[2]), dayed[1]) : null;
}

function settled(year: string | undefined, month: number, day: string | undefined): DateParts {
  return { kind: "settled", year: Number(year), month, day: Number(day) };
}

function isMonth(text: string): boolean {
  return monthOf(text) > 0;
}

function monthOf(name: string | undefined): number {
  return MONTHS.indexOf((name ?? "").slice(0, 3)) + 1;
}

/** The day as YYYY-MM-DD, or null if the text is no day of the calendar in that order. A time of day is dropped. */
export function parseDay(text: string, order: DateOrder): string | null {
  const found = parts(text);
  if (!found) return null;
  if (found.kind === "settled") return calendarDay(found.year, found.month, found.day);
  if (order === "year_first") return null;
  return order === "day_first"
    ? calendarDay(found.year, found.second, found.first)
    : calendarDay(found.year, found.first, found.second);
}

function calendarDay(year: number, month: number, day: number): string | null {
  if (year < 2_000 || year > 2_100 || month < 1 || month > 12 || day < 1) return null;
  if (day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return null;
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

const CLEAR_MAJORITY = 10;

/** What the dates of a file say about the order of day and month. */
export type DateVerdict =
  | { readonly kind: "decided"; readonly order: DateOrder; readonly assumed: boolean }
  | { readonly kind: "contradictory"; readonly example: string }
  | { readonly kind: "undecidable"; readonly example: string };

/** Collects from all dates of a file which order they can be in. Nothing is guessed that a single day could disprove. */
export class DateOrderEvidence {
  #dayFirst = 0;
  #monthFirst = 0;
  #yearFirst = 0;
  #open = "";
  #openSeparator = "";
  #example = "";

  observe(cell: string): void {
    const found = parts(cell);
    if (!found) return;
    if (found.kind === "settled") {
      this.#yearFirst++;
      return;
    }
    if (found.first > 12 && found.second <= 12) {
      this.#dayFirst++;
      this.#example ||= cell;
    } else if (found.second > 12 && found.first <= 12) this.#monthFirst++;
    else if (found.first !== found.second && this.#open === "") {
      this.#open = cell;
      this.#openSeparator = found.separator;
    }
  }

  /** `commaDecimals`: numbers are written 1.234,56, which no country with the month first does. */
  decide(commaDecimals: boolean): DateVerdict {
    const fewer = Math.min(this.#dayFirst, this.#monthFirst);
    const more = Math.max(this.#dayFirst, this.#monthFirst);
    // A slip in one line is that line's error; two orders side by side are no report to guess at.
    if (fewer * CLEAR_MAJORITY > more) return { kind: "contradictory", example: this.#example };
    if (more > 0)
      return { kind: "decided", order: this.#dayFirst === more ? "day_first" : "month_first", assumed: false };
    if (this.#open === "")
      return { kind: "decided", order: this.#yearFirst > 0 ? "year_first" : "day_first", assumed: false };
    // Dots and dashes go with the day first; a slash is used both ways, and a wrong guess would put money on wrong days.
    if (this.#openSeparator !== "/" || commaDecimals) return { kind: "decided", order: "day_first", assumed: true };
    return { kind: "undecidable", example: this.#open };
  }
}
