import type { Alarm, Clock } from "../ports.ts";

interface Waiting {
  readonly at: number;
  readonly order: number;
  readonly work: () => void;
}

/** When every test begins: Friday noon UTC. */
export const NOON = Date.parse("2026-11-20T12:00:00.000Z");

/** Virtual time. It moves only in {@link advance}, and lets promises settle between one event and the next. */
export class FakeClock implements Clock {
  #now = NOON;
  #order = 0;
  #waiting: Waiting[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, work: () => void): () => void {
    const entry = { at: this.#now + Math.max(0, ms), order: this.#order++, work };
    this.#waiting.push(entry);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== entry);
    };
  }

  /** How many timers are waiting: a room with none can be put to sleep by its platform. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Milliseconds until the last of them. */
  get longestWait(): number {
    return Math.max(0, ...this.#waiting.map(({ at }) => at - this.#now));
  }

  /** Lets `ms` pass: everything that falls due happens in its order. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settle();
    for (;;) {
      const next = this.#waiting
        .filter(({ at }) => at <= until)
        .toSorted((a, b) => a.at - b.at || a.order - b.order)[0];
      if (!next) break;
      this.#waiting = this.#waiting.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.at);
      next.work();
      await settle();
    }
    this.#now = until;
  }

  /** Lets time pass without anything happening: what a busy turn costs. */
  skip(ms: number): void {
    this.#now += ms;
  }

  /** Forgets every timer: the object was evicted. */
  clear(): void {
    this.#waiting = [];
  }
}

/** The platform's alarm: one time, each setting a row written; it survives eviction and is kept by the clock of the test. */
export class FakeAlarm implements Alarm {
  at: number | null = null;
  rows = 0;

  set(at: number): void {
    this.at = at;
    this.rows++;
  }
}

/** Lets every promise that can settle do so. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
