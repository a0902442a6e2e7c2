import { createHash } from "node:crypto";
import { z } from "zod";
import { DeliveryImport, MAX_KEPT_ERRORS } from "../../../core/domain/delivery-imports/entities.ts";
import type { ImportCounts } from "../../../core/domain/delivery-imports/entities.ts";
import type { Mapping, RowError } from "../../../core/domain/delivery-imports/mapping.ts";
import type { CommandCall } from "../../../core/model/command.ts";
import { invalid, isRefusal } from "../../../core/model/refusal.ts";
import type { Refusal } from "../../../core/model/refusal.ts";
import { BodyReader } from "./body-reader.ts";
import { detect } from "./detect.ts";
import type { Detection } from "./detect.ts";
import { patiently } from "./execute.ts";
import type { Execute, Wait } from "./execute.ts";
import { parseOptions } from "./import-options.ts";
import type { ImportOptions } from "./import-options.ts";
import { ReportReading } from "./report-reading.ts";
import { bodyRefusal, MAX_FILE_BYTES, readBeginning } from "./sampled-body.ts";
import { totalsOf } from "./totals.ts";
import type { ReportTotals } from "./totals.ts";
import { writeFacts } from "./write-facts.ts";

/** One upload. */
export interface ImportRequest {
  readonly body: ReadableStream<Uint8Array>;
  /** What came along with it; checked here. */
  readonly options: unknown;
  /** Names this import; the same on every try, so that a retry finishes what was begun. */
  readonly command_id: string;
  /** The length of the body, if its sender said it. */
  readonly total_bytes?: number | undefined;
  readonly execute: Execute;
  /** Tells everybody in the room how far it is. */
  readonly signal: (name: string, data: unknown) => void;
  /** How to wait when the room asks for it. Default: a timer. */
  readonly wait?: Wait;
  /** Default: {@link MAX_FILE_BYTES}. */
  readonly limit_bytes?: number;
}

/** What came of an upload. `errors` are the first thousand; `counts.failed` counts all. */
export interface ImportAnswer {
  readonly import_id: string;
  readonly counts: ImportCounts;
  readonly errors: readonly RowError[];
  readonly mapping: Mapping;
  /** What nothing in the file decided. */
  readonly assumed: Detection["assumed"];
  readonly currency: string;
  readonly total: ReportTotals;
}

/** How often progress is told. */
const PROGRESS_BYTES = 1024 * 1024;

const Started = z.object({ run: DeliveryImport, report_day: z.string() });

/**
 * Reads an uploaded report and reports its facts to the campaign's room.
 * Nothing is written before the last row was read; bad rows are left out and named in the answer.
 * Safe to repeat with the same `command_id` and file, also after a crash. The body is always read to its end.
 */
export async function runImport(request: ImportRequest): Promise<ImportAnswer | Refusal> {
  const body = new BodyReader(request.body, request.limit_bytes ?? MAX_FILE_BYTES);
  try {
    return await begin({ ...request, execute: patiently(request.execute, request.wait ?? pause) }, body);
  } finally {
    await body.drain();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function begin(request: ImportRequest, body: BodyReader): Promise<ImportAnswer | Refusal> {
  const options = parseOptions(request.options);
  if (isRefusal(options)) return options;
  const sample = await readBeginning(body);
  if (typeof sample === "string") return bodyRefusal(sample, request.limit_bytes ?? MAX_FILE_BYTES);
  const detection = detect(sample, options.mapping);
  if (isRefusal(detection)) return detection;
  if (options.currency && detection.currency && options.currency !== detection.currency) {
    return invalid("/currency", `The file says that its amounts are in ${detection.currency}, not ${options.currency}`);
  }
  const started = await request.execute(startCall(options, detection), commandId(request, "start"));
  if (isRefusal(started)) return started;
  return new Upload(request, { body, detection, ...Started.parse(started.data) }).finish(sample);
}

function startCall({ mapping: _input, ...options }: ImportOptions, { mapping, currency }: Detection): CommandCall {
  const payload = { ...options, ...(currency && { currency }), mapping };
  return { type: "delivery:import:v1", payload };
}

/** The id of a command of an import, the same on every try. */
function commandId({ command_id }: ImportRequest, step: string): string {
  const id = `${command_id}:${step}`;
  return id.length <= 255 ? id : createHash("sha256").update(id).digest("hex");
}

interface Begun {
  readonly body: BodyReader;
  readonly detection: Detection;
  readonly run: DeliveryImport;
  /** Today in the workspace's report zone. */
  readonly report_day: string;
}

/** A started run, to be brought to its end. */
class Upload {
  readonly #request: ImportRequest;
  readonly #body: BodyReader;
  readonly #detection: Detection;
  readonly #run: DeliveryImport;
  readonly #reading: ReportReading;
  #told = 0;

  constructor(request: ImportRequest, begun: Begun) {
    const { body, detection, run, report_day } = begun;
    this.#request = request;
    this.#body = body;
    this.#detection = detection;
    this.#run = run;
    this.#reading = new ReportReading({ detection, currency: run.currency, latest_day: report_day });
  }

  async finish(sample: Uint8Array): Promise<ImportAnswer | Refusal> {
    const stopped = await this.#read(sample);
    if (stopped) return this.#fail(stopped, null);
    const digest = this.#body.digest();
    const refusal = this.#reading.refusal;
    if (refusal) return this.#fail(refusal, digest);
    const { execute } = this.#request;
    const written = await writeFacts({
      campaigns: this.#reading.campaigns(),
      run: this.#run,
      digest,
      execute: (call, step) => execute(call, commandId(this.#request, step)),
    });
    if (isRefusal(written)) return this.#fail(written, digest);
    const { rows, imported, failed, errors } = this.#reading;
    const ended = { digest, counts: { rows, imported, failed, ...written }, errors: errors.slice(0, MAX_KEPT_ERRORS) };
    const finished = await execute(this.#finishCall(ended), commandId(this.#request, "finish"));
    if (isRefusal(finished)) return finished;
    this.#progress();
    return {
      import_id: this.#run.id,
      counts: ended.counts,
      errors,
      mapping: this.#run.mapping,
      assumed: this.#detection.assumed,
      currency: this.#run.currency,
      total: totalsOf(this.#reading.campaigns()),
    };
  }

  /** Reads the body to its end. Returns why it could not. */
  async #read(sample: Uint8Array): Promise<Refusal | null> {
    await this.#reading.write(sample);
    this.#progress();
    for (;;) {
      const part = await this.#body.next();
      if (part.kind === "end") break;
      if (part.kind !== "chunk") return bodyRefusal(part.kind, this.#request.limit_bytes ?? MAX_FILE_BYTES);
      await this.#reading.write(part.bytes);
      if (this.#body.bytes - this.#told >= PROGRESS_BYTES) this.#progress();
    }
    await this.#reading.end();
    return null;
  }

  /** Tells the room that the run failed, and the sender why. */
  async #fail(refusal: Refusal, digest: string | null): Promise<Refusal> {
    const { rows, imported, failed, errors } = this.#reading;
    const nothing = { facts: 0, unchanged: 0, buys_created: 0, creatives_created: 0 };
    const counts = { rows, imported, failed, ...nothing };
    const failure = { code: refusal.code, message: refusal.message.slice(0, 500) };
    const ended = { digest, counts, errors: errors.slice(0, MAX_KEPT_ERRORS), failure };
    // If even that is refused, the room's deadline ends the run.
    await this.#request.execute(this.#finishCall(ended), commandId(this.#request, "failed"));
    return { ...refusal, details: { ...refusal.details, import_id: this.#run.id } };
  }

  #finishCall(ended: object): CommandCall {
    return { type: "delivery:import_finish:v1", payload: { import_id: this.#run.id, ...ended } };
  }

  #progress(): void {
    this.#told = this.#body.bytes;
    const { total_bytes, signal } = this.#request;
    const facts = { import_id: this.#run.id, rows: this.#reading.rows, bytes: this.#body.bytes };
    signal("delivery:import_progress", { ...facts, ...(total_bytes !== undefined && { total_bytes }) });
  }
}
