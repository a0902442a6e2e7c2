import type { Clock, LogRow, OutboxConsumer } from "./ports.ts";
import { within } from "./within.ts";

const RETRY_FIRST_MS = 500;
const RETRY_CAP_MS = 60_000;
/** The longest wait while something urgent is not delivered: somebody thrown out must not stay for a minute. */
const URGENT_CAP_MS = 5_000;
/** A delivery that takes longer has failed: it may have arrived or not. */
const DELIVERY_TIMEOUT_MS = 30_000;

/** One consumer's way through the log: where it is, and when it is to be tried again. */
export class Lane {
  readonly consumer: OutboxConsumer;
  readonly #clock: Clock;
  cursor: number;
  /** Rows passed since cursors were last saved. */
  unsaved = 0;
  /** Milliseconds since 1970 before which it is not tried again; 0 unless the last try failed. */
  notBefore = 0;
  running: Promise<void> | null = null;
  failures = 0;
  #failedAt = 0;
  /** Up to where it was looked for urgent rows, and the last of them. */
  #lookedAt = 0;
  #urgentAt = 0;
  #wake: (() => void) | null = null;
  #cancelRetry: (() => void) | null = null;

  constructor(consumer: OutboxConsumer, cursor: number, clock: Clock) {
    this.consumer = consumer;
    this.cursor = cursor;
    this.#clock = clock;
  }

  get name(): string {
    return this.consumer.name;
  }

  concerns(row: LogRow): boolean {
    return this.consumer.concerns?.(row) ?? true;
  }

  /** Delivers rows. Rejects if the consumer does, or takes too long. */
  async deliver(rows: readonly LogRow[], epoch: number): Promise<void> {
    const inTime = await within(this.#clock, DELIVERY_TIMEOUT_MS, this.consumer.deliver(rows, epoch));
    if (!inTime) throw new Error(`No answer within ${DELIVERY_TIMEOUT_MS} ms`);
  }

  advance(seq: number, rows: number): void {
    this.cursor = seq;
    this.unsaved += rows;
  }

  succeeded(): void {
    this.failures = 0;
    this.notBefore = 0;
    this.#cancelRetry?.();
    this.#cancelRetry = null;
  }

  /** Where rows begin that {@link hurry} has not seen. */
  get unseen(): number {
    return Math.max(this.cursor, this.#lookedAt);
  }

  /** Brings the next try nearer while something urgent waits; `rows` are those after {@link unseen}. */
  hurry(rows: readonly LogRow[]): void {
    for (const row of rows) {
      this.#lookedAt = row.seq;
      if (this.consumer.urgent?.(row)) this.#urgentAt = row.seq;
    }
    if (this.#urgentAt > this.cursor) this.notBefore = Math.min(this.notBefore, this.#failedAt + URGENT_CAP_MS);
  }

  /** Notes a failure; the wait grows, jittered by `random` (0..1), so that rooms do not come back in lockstep. */
  failed(random: number): void {
    this.failures++;
    const wait = Math.min(RETRY_CAP_MS, RETRY_FIRST_MS * 2 ** (this.failures - 1)) * (0.75 + random / 2);
    this.#failedAt = this.#clock.now();
    this.notBefore = this.#failedAt + wait;
  }

  /** Sees to it that `work` runs when the retry is due: one timer, however often it is asked for. */
  retryWith(work: () => void): void {
    this.#cancelRetry ??= this.#clock.after(this.notBefore - this.#clock.now(), () => {
      this.#cancelRetry = null;
      work();
    });
  }

  /** Waits, or until {@link nudge}. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#clock.after(ms, () => this.nudge());
      this.#wake = () => {
        cancel();
        this.#wake = null;
        resolve();
      };
    });
  }

  /** Ends a pause, so that what to do is asked anew. */
  nudge(): void {
    this.#wake?.();
  }
}
