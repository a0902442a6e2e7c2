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
  count(identity: Identity, { actor }: Admission, now: number): Refusal | null {
    if (identity.kind === "system") return null;
    const key = JSON.stringify([actorRef(actor), identity.session_id]);
    const waitMs = this.#buckets.take(key, identity.kind === "api_key" ? this.#rates.api_key : this.#rates.person, now);
    if (waitMs === 0) return null;
    return refuse("RATE_LIMITED", "Too many commands", { details: { retry_after: Math.ceil(waitMs / 1000) } });
  }
}
