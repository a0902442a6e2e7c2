import { TokenBuckets } from "./command-rates.ts";
import type { Rate } from "./command-rates.ts";

/** Control frames and requests for the state, by what they cost the room; each control frame is one of `any` too. */
export type FrameKind = "hello" | "auth" | "state" | "any";

/** A `hello` and a request for the state are answered with the room, an `auth` with a signature to check. */
const RATES: Readonly<Record<FrameKind, Rate>> = {
  hello: { perSecond: 1, burst: 5 },
  auth: { perSecond: 1, burst: 5 },
  state: { perSecond: 1, burst: 5 },
  any: { perSecond: 200, burst: 1000 },
};

/** How many frames one session may send. In memory: a room that hibernates had nothing to count for a while. */
export class FrameRates {
  readonly #buckets = new TokenBuckets();

  /** Counts one frame. Returns 0, or the milliseconds after which it would not be one too many. */
  take(kind: FrameKind, now: number): number {
    return this.#buckets.take(kind, RATES[kind], now);
  }
}
