import type { CommitLog } from "./commit-log.ts";
import { PoisonRow } from "./ports.ts";
import type { Clock, Logger, LogRow, OutboxConsumer, ParkedRow } from "./ports.ts";

/** Cursors are written once the outbox has been idle for this long, or every so many rows. */
const IDLE_MS = 250;
const SAVE_EVERY_ROWS = 100;
const RETRY_FIRST_MS = 500;
const RETRY_CAP_MS = 60_000;

/** What the outbox works with. */
export interface OutboxDeps {
  readonly log: CommitLog;
  readonly clock: Clock;
  readonly logger: Logger;
  /** 0..1, for jitter. */
  random(): number;
  park(row: ParkedRow): void;
  /** Asks for a wake-up, in case this object is gone before it is done. */
  wakeAt(at: number): void;
}

interface Lane {
  readonly consumer: OutboxConsumer;
  cursor: number;
  failures: number;
  /** Milliseconds since 1970 before which it is not tried again. */
  notBefore: number;
  running: Promise<void> | null;
}

/**
 * Feeds consumers from the log, each at its own pace with its own cursor: in order, at least once.
 * A failing consumer is tried again with growing, jittered waits; a row that can never be delivered is parked, and the rest goes on.
 */
export class Outbox {
  readonly #deps: OutboxDeps;
  readonly #lanes = new Map<string, Lane>();
  #unsaved = 0;
  #cancelSave: (() => void) | null = null;

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
  }

  /** Adds a consumer; `from` is where a new one starts if no cursor of it is remembered. */
  add(consumer: OutboxConsumer, from = 0): void {
    const cursor = this.#deps.log.memory.cursors[consumer.name] ?? from;
    this.#lanes.set(consumer.name, { consumer, cursor, failures: 0, notBefore: 0, running: null });
  }

  remove(name: string): void {
    this.#lanes.delete(name);
  }

  /** Rows committed and not yet delivered, of the slowest consumer. */
  lag(): number {
    let lag = 0;
    for (const lane of this.#lanes.values()) lag = Math.max(lag, this.#deps.log.head - lane.cursor);
    return lag;
  }

  /** How far each consumer has come. */
  cursors(): Record<string, number> {
    return Object.fromEntries([...this.#lanes].map(([name, lane]) => [name, lane.cursor]));
  }

  /** Starts delivering whatever there is, without waiting for it. */
  notify(): void {
    void this.drain();
  }

  /** Delivers until every consumer has caught up or must wait. Never throws. */
  async drain(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map((lane) => (lane.running ??= this.#run(lane))));
  }

  async #run(lane: Lane): Promise<void> {
    try {
      // The first await lets the commit that woke us finish its turn before anything leaves the room.
      await Promise.resolve();
      for (;;) {
        const waitMs = this.#waitFor(lane);
        if (waitMs === null) return;
        if (waitMs > 0) {
          await this.#pause(waitMs);
          continue;
        }
        if (!(await this.#deliver(lane))) return;
      }
    } finally {
      lane.running = null;
    }
  }

  /** Milliseconds until the lane should deliver; null if it has nothing to do or waits for a retry. */
  #waitFor(lane: Lane): number | null {
    const { log, clock } = this.#deps;
    if (!this.#lanes.has(lane.consumer.name) || lane.cursor >= log.head) return null;
    const now = clock.now();
    if (lane.notBefore > now) {
      const delay = lane.notBefore - now;
      clock.after(delay, () => this.notify());
      this.#deps.wakeAt(lane.notBefore + 1000);
      return null;
    }
    return lane.consumer.wait?.(log.rows(lane.cursor, lane.consumer.batch), now) ?? 0;
  }

  /** One delivery. Returns whether to go on at once. */
  async #deliver(lane: Lane): Promise<boolean> {
    const { log, clock, logger } = this.#deps;
    const rows = log.rows(lane.cursor, lane.consumer.batch);
    const last = rows.at(-1);
    if (!last) return false;
    try {
      await lane.consumer.deliver(rows, log.memory.epoch);
      this.#advance(lane, last.seq, rows.length);
      return true;
    } catch (error) {
      if (error instanceof PoisonRow) return this.#parkFrom(lane, rows, error);
      lane.failures++;
      const wait = Math.min(RETRY_CAP_MS, RETRY_FIRST_MS * 2 ** (lane.failures - 1)) * (0.75 + this.#deps.random() / 2);
      lane.notBefore = clock.now() + wait;
      logger.log("warn", "outbox delivery failed", {
        consumer: lane.consumer.name,
        seq: lane.cursor,
        failures: lane.failures,
        error: String(error),
      });
      return true;
    }
  }

  /** Delivers what precedes the poisoned row by itself, then parks that row. */
  async #parkFrom(lane: Lane, rows: readonly LogRow[], poison: PoisonRow): Promise<boolean> {
    const { log, clock, logger } = this.#deps;
    const before = rows.filter((row) => row.seq < poison.seq);
    try {
      if (before.length > 0) await lane.consumer.deliver(before, log.memory.epoch);
    } catch (error) {
      if (error instanceof PoisonRow && error.seq < poison.seq) return this.#parkFrom(lane, before, error);
      lane.failures++;
      lane.notBefore = clock.now() + RETRY_FIRST_MS;
      return true;
    }
    this.#deps.park({
      consumer: lane.consumer.name,
      seq: poison.seq,
      error: poison.message,
      at: new Date(clock.now()).toISOString(),
    });
    logger.log("error", "outbox row parked", { consumer: lane.consumer.name, seq: poison.seq, error: poison.message });
    this.#advance(lane, poison.seq, before.length + 1);
    return true;
  }

  #advance(lane: Lane, seq: number, rows: number): void {
    lane.cursor = seq;
    lane.failures = 0;
    lane.notBefore = 0;
    this.#unsaved += rows;
    if (this.#unsaved >= SAVE_EVERY_ROWS) this.#save();
    else {
      this.#cancelSave?.();
      this.#cancelSave = this.#deps.clock.after(IDLE_MS, () => this.#save());
    }
  }

  #save(): void {
    this.#cancelSave?.();
    this.#cancelSave = null;
    if (this.#unsaved === 0) return;
    this.#unsaved = 0;
    this.#deps.log.saveCursors(this.cursors());
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.#deps.clock.after(ms, resolve));
  }
}
