import { actorRef } from "../../core/model/access.ts";
import { refuse } from "../../core/model/refusal.ts";
import type { Refusal } from "../../core/model/refusal.ts";
import type { Admission, Identity } from "../../core/model/room.ts";

/** How many commands an actor may send: `burst` at once, `perSecond` sustained. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** Exact quotas of one room, in memory: a room that hibernates forgets them, full buckets by then. */
export class TokenBuckets {
  readonly #buckets = new Map<string, Bucket>();

  /** Takes one token. Returns 0, or the milliseconds to wait until one is there. */
  take(key: string, rate: Rate, now: number): number {
    const bucket = this.#buckets.get(key) ?? { tokens: rate.burst, at: now };
    bucket.tokens = Math.min(rate.burst, bucket.tokens + (Math.max(0, now - bucket.at) * rate.perSecond) / 1000);
    bucket.at = now;
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > 10_000) this.#sweep(now);
    if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) * 1000) / rate.perSecond);
    bucket.tokens -= 1;
    return 0;
  }

  /** Puts a token back that was taken for nothing. */
  putBack(key: string): void {
    const bucket = this.#buckets.get(key);
    if (bucket) bucket.tokens += 1;
  }

  #sweep(now: number): void {
    for (const [key, bucket] of this.#buckets) if (now - bucket.at > 60_000) this.#buckets.delete(key);
  }
}

/** How fast whom may send commands: each sign-in and each key by itself, the room itself as it likes. */
export class CommandRates {
  readonly #rates: { readonly person: Rate; readonly api_key: Rate };
  readonly #buckets = new TokenBuckets();

  constructor(rates: { readonly person: Rate; readonly api_key: Rate }) {
    this.#rates = rates;
  }

  /** Counts one command; a refusal if it is one too many. */
  count(identity: Identity, admission: Admission, now: number): Refusal | null {
    if (identity.kind === "system") return null;
    const waitMs = this.#buckets.take(bucketOf(identity, admission), this.#rateOf(identity), now);
    if (waitMs === 0) return null;
    return refuse("RATE_LIMITED", "Too many commands", { details: { retry_after: Math.ceil(waitMs / 1000) } });
  }

  /** The command counted last was a replay: its token is put back, as long as replays come no faster than commands may. */
  replayed(identity: Identity, admission: Admission, now: number): void {
    if (identity.kind === "system") return;
    const bucket = bucketOf(identity, admission);
    if (this.#buckets.take(`replays ${bucket}`, this.#rateOf(identity), now) === 0) this.#buckets.putBack(bucket);
  }

  #rateOf({ kind }: Identity): Rate {
    return kind === "api_key" ? this.#rates.api_key : this.#rates.person;
  }
}

function bucketOf({ session_id }: Identity, { actor }: Admission): string {
  return JSON.stringify([actorRef(actor), session_id]);
}
