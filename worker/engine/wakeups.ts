import type { Alarm, Clock } from "./ports.ts";

/** If a room is gone before its work is done, it wakes after this long to finish. */
export const SAFETY_ALARM_MS = 15_000;

/** The one alarm, set for the earliest of everything that needs it. Each setting is a row written, so it is not moved later. */
export class Wakeups {
  readonly #alarm: Alarm;
  readonly #clock: Clock;
  readonly #need: () => number | null;
  /** What this instance set; after a wake an earlier one may be set that it knows nothing of. */
  #at: number | null = null;

  /** `need` tells the earliest time at which something must be done, null if nothing must. */
  constructor(alarm: Alarm, clock: Clock, need: () => number | null) {
    this.#alarm = alarm;
    this.#clock = clock;
    this.#need = need;
  }

  /** Sets the alarm if something needs it earlier than it is set. */
  arm(): void {
    const at = this.#need();
    if (at !== null) this.#setBefore(at);
  }

  /** The alarm rang. If there is anything to do it is set again, so that a failure now is not the end of it. */
  rang(): void {
    this.#at = null;
    const at = this.#need();
    if (at !== null) this.#setBefore(Math.max(at, this.#clock.now() + SAFETY_ALARM_MS));
  }

  #setBefore(at: number): void {
    if (this.#at !== null && this.#at <= at) return;
    this.#alarm.set(at);
    this.#at = at;
  }
}
