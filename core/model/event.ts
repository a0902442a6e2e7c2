import type { z } from "zod";
import type { Audience } from "./access.ts";
import type { ActorRef } from "./access.ts";
import type { WriteTx } from "./transaction.ts";

/** Facts of the commit an event belongs to, stamped by the room; a browser's optimistic guess until confirmed. */
export interface CommitFacts {
  /** ISO-8601 UTC. */
  readonly at: string;
  readonly actor: ActorRef;
}

/** An event as logged. */
export interface EmittedEvent {
  readonly type: string;
  readonly data: unknown;
}

/**
 * A fact that happened. `apply` is pure and writes entities; it runs in the room and in every browser.
 * `D` is what is logged, `W` what travels to browsers (the same unless `wire` says less).
 */
export interface EventDefinition<D = unknown, W = D> {
  readonly type: string;
  readonly data: z.ZodType<D>;
  readonly wire: { readonly data: z.ZodType<W>; from(data: D): W } | null;
  audience(data: D): Audience | null;
  apply(tx: WriteTx, data: D | W, facts: CommitFacts): void;
  /** An event of this type with that data. */
  of(data: D): EmittedEvent;
}

interface EventOptions<D, W> {
  data: z.ZodType<D>;
  wire?: { data: z.ZodType<W>; from(data: D): W };
  /** Who may see it; null or absent: whoever may read the room. */
  audience?(data: D): Audience | null;
  apply(tx: WriteTx, data: D | W, facts: CommitFacts): void;
}

export const TYPE_PATTERN = /^[a-z_]+:[a-z_]+:v\d+:(requested|started|success|failed|completed)$/;

/** Defines an event. Its type follows `{service}:{action}:v{version}:{state}`. */
export function defineEvent<D, W = D>(type: string, options: EventOptions<D, W>): EventDefinition<D, W> {
  if (!TYPE_PATTERN.test(type)) throw new Error(`Event type "${type}" is not canonical`);
  return {
    type,
    data: options.data,
    wire: options.wire ?? null,
    audience: (data) => options.audience?.(data) ?? null,
    apply: (tx, data, facts) => options.apply(tx, data, facts),
    of: (data) => ({ type, data }),
  };
}
