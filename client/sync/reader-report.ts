import type { ControlFrame } from "../../core/protocol/frames.ts";
import type { Clock } from "./clock.ts";

const REPORT_INTERVAL_MS = 5_000;
/** Well below what the room lets go unreported, so that a fast burst does not look like a slow reader. */
const REPORT_BYTES = 256 * 1024;
const MAX_LATENCIES = 200;

/** Tells the room how far this reader is and how long commits took to get here. Silent while nothing flows. */
export class ReaderReport {
  readonly #clock: Clock;
  readonly #send: (frame: ControlFrame) => void;
  #cancel: (() => void) | null = null;
  #seq = 0;
  #unreported = 0;
  #latencies: number[] = [];
  /** What to add to the local clock to get the room's. */
  #offset = 0;

  constructor(clock: Clock, send: (frame: ControlFrame) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  /** Half a round trip is taken for the way of the welcome: people's clocks are wrong by more than that. */
  synchronize(serverTime: string, askedAt: number): void {
    const now = this.#clock.now();
    this.#offset = Date.parse(serverTime) + (now - askedAt) / 2 - now;
  }

  received(length: number): void {
    this.#unreported += length;
  }

  /** After commits up to `seq` were applied; `times` are when they were committed (ISO-8601). */
  applied(seq: number, times: readonly string[]): void {
    this.#seq = seq;
    const now = this.#clock.now() + this.#offset;
    for (const at of times) {
      if (this.#latencies.length < MAX_LATENCIES) this.#latencies.push(Math.max(0, Math.round(now - Date.parse(at))));
    }
    if (this.#unreported >= REPORT_BYTES) this.#flush();
    else this.#cancel ??= this.#clock.after(REPORT_INTERVAL_MS, () => this.#flush());
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#unreported = 0;
    this.#latencies = [];
  }

  #flush(): void {
    const latencies = this.#latencies;
    this.stop();
    this.#send({ type: "applied", seq: this.#seq, ...(latencies.length > 0 ? { latencies_ms: latencies } : {}) });
  }
}
