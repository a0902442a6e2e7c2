import { PING_INTERVAL_MS, PING_TEXT, PONG_TIMEOUT_MS } from "../../core/protocol/version.ts";
import type { Clock } from "./clock.ts";

/**
 * Notices a dead connection, which neither browsers nor partysocket do. Any frame counts as an answer:
 * on a slow line the pong waits behind a large snapshot.
 */
export class KeepAlive {
  readonly #clock: Clock;
  readonly #ping: (text: string) => void;
  readonly #lost: () => void;
  #cancel: () => void = () => undefined;
  #unanswered = false;

  constructor(options: { clock: Clock; ping: (text: string) => void; lost: () => void }) {
    this.#clock = options.clock;
    this.#ping = options.ping;
    this.#lost = options.lost;
  }

  start(): void {
    this.stop();
    this.#cancel = this.#clock.after(PING_INTERVAL_MS, () => this.probe());
  }

  stop(): void {
    this.#cancel();
    this.#unanswered = false;
  }

  heard(): void {
    if (this.#unanswered) this.start();
  }

  /** Pings now: at the interval, and when the browser comes back from sleep. */
  probe(): void {
    this.stop();
    this.#unanswered = true;
    this.#cancel = this.#clock.after(PONG_TIMEOUT_MS, () => {
      this.#unanswered = false;
      this.#lost();
    });
    this.#ping(PING_TEXT);
  }
}
