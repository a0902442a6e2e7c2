import type { Mapping, RowError } from "../../../core/domain/delivery-imports/mapping.ts";
import { isRefusal } from "../../../core/model/refusal.ts";
import type { Refusal } from "../../../core/model/refusal.ts";
import { BodyReader } from "./body-reader.ts";
import { detect } from "./detect.ts";
import type { Detection } from "./detect.ts";
import { parseOptions } from "./import-options.ts";
import { ReportReading } from "./report-reading.ts";
import { bodyRefusal, MAX_FILE_BYTES, readBeginning } from "./sampled-body.ts";
import { totalsOf } from "./totals.ts";
import type { ReportTotals } from "./totals.ts";

const PREVIEW_ROWS = 20;
const EASTERNMOST_MS = 14 * 3_600_000;

/** How a file would be imported; nothing was written. */
export interface ImportPreview {
  readonly mapping: Mapping;
  readonly assumed: Detection["assumed"];
  readonly currency: string | null;
  readonly header: readonly string[];
  /** The first rows, as the file has them. */
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[];
  /** Of the part that was looked at: whether that is the whole file, and what it adds up to. */
  readonly complete: boolean;
  readonly imported: number;
  readonly failed: number;
  readonly errors: readonly RowError[];
  readonly total: ReportTotals;
}

/** Looks at the beginning of a file (1 MB) and says how it would be read. Writes nothing. `now` is in milliseconds since 1970. */
export async function previewImport(
  stream: ReadableStream<Uint8Array>,
  options: unknown,
  now: () => number,
): Promise<ImportPreview | Refusal> {
  const body = new BodyReader(stream, MAX_FILE_BYTES);
  const preview = await look(body, options, now);
  await body.drain();
  return preview;
}

async function look(body: BodyReader, given: unknown, now: () => number): Promise<ImportPreview | Refusal> {
  const options = parseOptions(given);
  if (isRefusal(options)) return options;
  const sample = await readBeginning(body);
  if (typeof sample === "string") return bodyRefusal(sample, MAX_FILE_BYTES);
  const detection = detect(sample, options.mapping);
  if (isRefusal(detection)) return detection;
  const complete = (await body.next()).kind === "end";
  const currency = options.currency ?? detection.currency;
  // Its own zone is the room's to know: a day that has begun anywhere on earth is not in the future here.
  const latest_day = new Date(now() + EASTERNMOST_MS).toISOString().slice(0, 10);
  const reading = new ReportReading({ detection, currency, latest_day });
  // A line cut in two at the end of the sample is no error of the file.
  await reading.write(complete ? sample : sample.subarray(0, sample.lastIndexOf(0x0a) + 1));
  await reading.end();
  if (reading.refusal) return reading.refusal;
  return {
    mapping: detection.mapping,
    assumed: detection.assumed,
    currency,
    header: detection.header,
    rows: detection.sample.slice(0, PREVIEW_ROWS),
    complete,
    imported: reading.imported,
    failed: reading.failed,
    errors: reading.errors.slice(0, 100),
    total: totalsOf(reading.campaigns()),
  };
}
