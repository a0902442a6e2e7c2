import { CsvError, parse } from "csv-parse/stream";
import { parse as parseSync } from "csv-parse/sync";
import type { Delimiter } from "../../../core/domain/delivery-imports/mapping.ts";

/** One record of a file: the line it begins on, counted from 1, and its cells as text. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** A record longer than this is a quote that nobody closed. */
const MAX_RECORD_CHARS = 64 * 1024;

/** From here on the file cannot be read as a table. The records before were delivered. */
export class UnreadableCsv extends Error {
  /** The line on which the unreadable record begins. */
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

interface LineInfo {
  readonly lines: number;
}

/** Numbers records by their first line. The parser counts to a record's last line, and cells may hold line breaks. */
function lineCounter(sink: (record: CsvRecord) => void): {
  readonly next: () => number;
  readonly take: (cells: string[], info: LineInfo) => null;
} {
  let next = 1;
  return {
    next: () => next,
    take(cells, info) {
      const line = next;
      next = info.lines + 1;
      if (cells.length > 1 || (cells[0] ?? "").trim() !== "") sink({ line, cells });
      // Nothing is queued on the parser's readable side: it never fills up and never has to be read.
      return null;
    },
  };
}

function options(delimiter: Delimiter): object {
  return {
    delimiter,
    bom: false,
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: MAX_RECORD_CHARS,
    skip_empty_lines: false,
  };
}

/** Parses UTF-8 chunks as they come and hands each record on; empty lines are counted and dropped. */
export class CsvReader {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  /** Settles with the parser. The Workers runtime tells the last failure on the readable side only (2026-11). */
  readonly #settled: Promise<void>;
  readonly #nextLine: () => number;

  constructor(delimiter: Delimiter, sink: (record: CsvRecord) => void) {
    const counter = lineCounter(sink);
    this.#nextLine = counter.next;
    // The parser's own types say TransformStream<any, any>: it takes bytes, and gives nothing (see lineCounter).
    const { writable, readable } = parse({ ...options(delimiter), on_record: counter.take }) as TransformStream<
      Uint8Array,
      never
    >;
    this.#writer = writable.getWriter();
    this.#settled = readable.getReader().closed;
    // The same failure reaches whoever writes or ends; unheard, it would end the process.
    this.#settled.catch(() => undefined);
    this.#writer.closed.catch(() => undefined);
  }

  /** Throws {@link UnreadableCsv}. */
  async write(chunk: Uint8Array): Promise<void> {
    await this.#guard(() => this.#writer.write(chunk));
  }

  /** Delivers the last record. Throws {@link UnreadableCsv}. */
  async end(): Promise<void> {
    await this.#guard(async () => {
      await Promise.all([this.#writer.close(), this.#settled]);
    });
  }

  async #guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof CsvError) throw new UnreadableCsv(this.#nextLine(), reasonOf(error));
      throw error;
    }
  }
}

/** The records of a sample, as far as it can be read. */
export function readSample(utf8: Uint8Array, delimiter: Delimiter, limit = Infinity): CsvRecord[] {
  const records: CsvRecord[] = [];
  const counter = lineCounter((record) => records.push(record));
  try {
    parseSync(utf8, {
      ...options(delimiter),
      ...(Number.isFinite(limit) && { to: limit }),
      on_record: counter.take,
    });
  } catch (error) {
    // A sample may end inside a quoted cell: what came before is the sample.
    if (!(error instanceof CsvError)) throw error;
  }
  return records;
}

function reasonOf(error: CsvError): string {
  return error.code === "CSV_QUOTE_NOT_CLOSED" || error.code === "CSV_MAX_RECORD_SIZE"
    ? "A quote is opened here and never closed: nothing after it could be read"
    : error.message;
}
