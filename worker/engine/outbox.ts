import type { CommitLog } from "./commit-log.ts";
import { Lane } from "./outbox-lane.ts";
import { Behind, PoisonRow } from "./ports.ts";
import type { Clock, Logger, LogRow, OutboxConsumer, ParkedRow } from "./ports.ts";
import { SAFETY_ALARM_MS } from "./wakeups.ts";

/** Cursors are written once the outbox has been idle for this long, or every so many rows. */
const IDLE_MS = 250;
const SAVE_EVERY_ROWS = 100;
/** What lies further ahead waits for the alarm: a timer would keep the room in memory. */
const LONGEST_TIMER_MS = 5_000;
/** How many rows are looked at at once for something urgent. */
const LOOK_AHEAD_ROWS = 500;

/** What the outbox works with. */
export interface OutboxDeps {
  /** The room's name, for the log. */
  readonly room: string;
  readonly log: CommitLog;
  readonly clock: Clock;
  readonly logger: Logger;
  /** 0..1, for jitter. */
  random(): number;
  park(row: ParkedRow): void;
  /** Tells that {@link Outbox.wakeAt} may have come nearer. */
  rearm(): void;
}

/**
 * Feeds consumers from the log, each at its own pace with its own cursor: in order, at least once, one delivery at a time.
 * A failing consumer is tried again with growing, jittered waits; a row that can never be delivered is parked, and the rest goes on.
 */
export class Outbox {
  readonly #deps: OutboxDeps;
  readonly #lanes = new Map<string, Lane>();
  #cancelSave: (() => void) | null = null;
  #advancedAt = 0;

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
  }

  /** Adds a consumer; `from` is where a new one starts if no cursor of it is remembered. */
  add(consumer: OutboxConsumer, from = 0): void {
    const { log, clock } = this.#deps;
    this.#lanes.set(consumer.name, new Lane(consumer, log.memory.cursors[consumer.name] ?? from, clock));
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

  /** When the room must be awake to go on (milliseconds since 1970), null if nothing is left to deliver. */
  wakeAt(): number | null {
    const { log, clock } = this.#deps;
    const soon = clock.now() + SAFETY_ALARM_MS;
    let at: number | null = null;
    for (const lane of this.#lanes.values()) {
      if (lane.cursor >= log.head) continue;
      const wanted = lane.notBefore > clock.now() + LONGEST_TIMER_MS ? lane.notBefore : soon;
      at = Math.min(at ?? wanted, wanted);
    }
    return at;
  }

  /** Starts delivering whatever there is, without waiting for it; `row` is the commit that was just made, if one was. */
  notify(row?: LogRow): void {
    for (const lane of this.#lanes.values()) this.#start(lane, row);
  }

  /** Delivers until every consumer has caught up or must wait for a retry. Never rejects. */
  async drain(): Promise<void> {
    this.notify();
    await Promise.all([...this.#lanes.values()].flatMap((lane) => lane.running ?? []));
  }

  /** Begins anew with the whole log: its rows belong to another epoch now. */
  rewind(): void {
    for (const lane of this.#lanes.values()) {
      lane.cursor = 0;
      lane.succeeded();
    }
    this.notify();
  }

  #start(lane: Lane, row?: LogRow): void {
    if (lane.running) {
      if (!row || this.#endsPause(lane, row)) lane.nudge();
    } else if (!this.#onlySkips(lane)) lane.running = this.#run(lane);
  }

  /**
   * Whether a lane that gathers commits is to look at them anew: this one is urgent, or another batch is full.
   * Under load most commits are neither, and reading all that wait at each of them cost more than the commit itself.
   */
  #endsPause(lane: Lane, row: LogRow): boolean {
    const { log, clock } = this.#deps;
    if ((log.head - lane.cursor) % lane.consumer.batch === 0) return true;
    try {
      return lane.concerns(row) && (lane.consumer.wait?.([row], clock.now()) ?? 0) <= 0;
    } catch {
      return true;
    }
  }

  /** Spares a lane that has nothing to deliver the work of starting: most commits concern few of a room's followers. */
  #onlySkips(lane: Lane): boolean {
    if (!lane.consumer.concerns || lane.notBefore > 0) return false;
    try {
      return this.#skip(lane);
    } catch {
      return false;
    }
  }

  async #run(lane: Lane): Promise<void> {
    // The first await lets the commit that woke us finish its turn before anything leaves the room.
    await Promise.resolve();
    for (;;) {
      try {
        const waitMs = this.#waitFor(lane);
        if (waitMs === null) {
          // In the same turn as the finding that there is nothing to do, or a commit in between would be missed.
          lane.running = null;
          return;
        }
        if (waitMs > 0) await lane.pause(waitMs);
        else await this.#deliver(lane);
      } catch (error) {
        this.#failed(lane, error);
      }
    }
  }

  /** Passes rows that are none of the consumer's business. Returns whether that leaves nothing to deliver. */
  #skip(lane: Lane): boolean {
    const { log } = this.#deps;
    if (lane.consumer.concerns) {
      for (;;) {
        const rows = log.rows(lane.cursor, lane.consumer.batch);
        const stop = rows.findIndex((row) => lane.concerns(row));
        const passed = stop < 0 ? rows.length : stop;
        const last = rows[passed - 1];
        if (last) this.#advance(lane, last.seq, passed);
        if (stop >= 0 || rows.length === 0) break;
      }
    }
    return lane.cursor >= log.head;
  }

  /** Milliseconds until the lane should deliver; null if it has nothing to do or waits for a retry. */
  #waitFor(lane: Lane): number | null {
    const { log, clock, rearm } = this.#deps;
    const now = clock.now();
    if (lane.notBefore > now && lane.consumer.urgent) lane.hurry(log.rows(lane.unseen, LOOK_AHEAD_ROWS));
    if (lane.notBefore > now) {
      if (lane.notBefore - now <= LONGEST_TIMER_MS) lane.retryWith(() => this.#start(lane));
      rearm();
      return null;
    }
    if (this.#skip(lane)) return null;
    const wait = lane.consumer.wait?.(this.#batch(lane, log.head), now) ?? 0;
    return Math.min(wait, LONGEST_TIMER_MS);
  }

  /** One delivery, and what follows from its failure. */
  async #deliver(lane: Lane): Promise<void> {
    const { log } = this.#deps;
    const upTo = log.rows(lane.cursor, lane.consumer.batch).at(-1)?.seq;
    if (upTo === undefined) throw new Error(`The log has nothing after ${lane.cursor}, though its head is ${log.head}`);
    const from = lane.cursor;
    const { epoch } = log.memory;
    const rows = this.#batch(lane, upTo);
    try {
      await lane.deliver(rows, epoch);
    } catch (error) {
      if (!(error instanceof PoisonRow) || !rows.some((row) => row.seq === error.seq)) throw error;
      await this.#deliverUpTo(lane, rows, error);
      return;
    }
    // A new epoch meanwhile: what was delivered belonged to the old one.
    if (lane.cursor === from && log.memory.epoch === epoch) this.#delivered(lane, upTo, upTo - from);
  }

  /** Delivers what precedes the poisoned row by itself, then parks that row. */
  async #deliverUpTo(lane: Lane, rows: readonly LogRow[], poison: PoisonRow): Promise<void> {
    const { log, clock, logger, park, room } = this.#deps;
    const before = rows.filter((row) => row.seq < poison.seq);
    try {
      if (before.length > 0) await lane.deliver(before, log.memory.epoch);
    } catch (error) {
      if (!(error instanceof PoisonRow) || !before.some((row) => row.seq === error.seq)) throw error;
      await this.#deliverUpTo(lane, before, error);
      return;
    }
    const facts = { consumer: lane.name, seq: poison.seq, error: poison.message };
    park({ ...facts, at: new Date(clock.now()).toISOString() });
    logger.log("error", "outbox row parked", { room, ...facts });
    this.#delivered(lane, poison.seq, before.length + 1);
  }

  /** The next rows of a lane that concern it. */
  #batch(lane: Lane, upTo: number): LogRow[] {
    const rows = this.#deps.log.rows(lane.cursor, lane.consumer.batch);
    return rows.filter((row) => row.seq <= upTo && lane.concerns(row));
  }

  #failed(lane: Lane, error: unknown): void {
    const { logger, random, room } = this.#deps;
    lane.failed(random());
    if (error instanceof Behind) lane.cursor = Math.max(error.seq, 0);
    const facts = { consumer: lane.name, seq: lane.cursor, failures: lane.failures, error: String(error) };
    logger.log("warn", "outbox delivery failed", { room, ...facts });
  }

  #delivered(lane: Lane, seq: number, rows: number): void {
    lane.succeeded();
    this.#advance(lane, seq, rows);
  }

  #advance(lane: Lane, seq: number, rows: number): void {
    lane.advance(seq, rows);
    this.#advancedAt = this.#deps.clock.now();
    if (lane.unsaved >= SAVE_EVERY_ROWS) this.#save();
    else this.#cancelSave ??= this.#deps.clock.after(IDLE_MS, () => this.#saveIfIdle());
  }

  #saveIfIdle(): void {
    const { clock } = this.#deps;
    const rest = Math.min(IDLE_MS, this.#advancedAt + IDLE_MS - clock.now());
    if (rest > 0) this.#cancelSave = clock.after(rest, () => this.#saveIfIdle());
    else this.#save();
  }

  #save(): void {
    this.#cancelSave?.();
    this.#cancelSave = null;
    const { logger, room } = this.#deps;
    try {
      this.#deps.log.saveCursors(this.cursors());
      for (const lane of this.#lanes.values()) lane.unsaved = 0;
    } catch (error) {
      // What was delivered since the last save will be delivered again: consumers take that.
      logger.log("error", "cursors not saved", { room, error: String(error) });
    }
  }
}
