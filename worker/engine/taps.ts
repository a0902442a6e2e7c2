import type { Refusal } from "../../core/model/refusal.ts";
import type { ReadTx } from "../../core/model/transaction.ts";
import type { CollectedRow, MirrorDefinition } from "../../core/rooms/mirrors.ts";
import { inParts } from "./mirror-parts.ts";
import { Behind, PoisonRow } from "./ports.ts";
import type { LogRow, OutboxConsumer } from "./ports.ts";

/** Latest states leave a room at most this often, unless they are urgent. */
const MIRROR_EVERY_MS = 1000;
const BATCH_ROWS = 100;
/** What a room can commit between two of its mirror's messages: with less the mirror would fall behind for as long as the load lasts. */
const MIRROR_BATCH_ROWS = 1000;

/** What a mirror tells its peer: the state of some entities as of a position of the source. */
export interface MirrorMessage {
  readonly source: string;
  readonly epoch: number;
  readonly seq: number;
  readonly rows: readonly CollectedRow[];
  /** More rows of the same position follow: it is reached with the last part, which does not say so. */
  readonly partial?: true;
}

/** What an event tap tells its peer: commits in order. A receiver that lacks what comes before `from` says how far it has come, and is sent the rest again. */
export interface TapMessage {
  readonly source: string;
  readonly epoch: number;
  readonly from: number;
  readonly rows: readonly LogRow[];
}

/** Other objects, by name. Each call throws if the peer cannot take it now. */
export interface Peers {
  /** Resolves null once it is taken or known already, or why the peer does not take it. */
  mirror(target: string, message: MirrorMessage): Promise<Pick<Refusal, "code" | "message"> | null>;
  /** Resolves the `seq` up to which the peer has everything, so that a gap is sent again. */
  tap(target: string, message: TapMessage): Promise<number>;
}

interface MirrorOptions {
  readonly definition: MirrorDefinition;
  readonly source: string;
  readonly target: string;
  readonly peers: Peers;
  /** The committed state to read from. */
  tx(): ReadTx;
  now(): number;
}

/** A peer of another version may refuse what it takes once it is deployed too. */
const REFUSED_LONG_MS = 60_000;
/** What is refused so is refused again, however often it is sent. */
const REFUSED_FOR_EVER: ReadonlySet<string> = new Set(["VALIDATION_ERROR", "INVALID_REQUEST"]);

/** An outbox consumer that keeps `target` at the latest state of the mirrored kinds. */
export function mirrorConsumer(options: MirrorOptions): OutboxConsumer {
  const { definition, source, target, peers } = options;
  let lastSent = Number.NEGATIVE_INFINITY;
  let refusedSince: number | null = null;
  const concerns = (row: LogRow, kinds: ReadonlySet<string>): boolean => row.touched.some(([kind]) => kinds.has(kind));
  return {
    name: `mirror:${target}`,
    batch: MIRROR_BATCH_ROWS,
    concerns: (row) => concerns(row, definition.watches),
    urgent: (row) => concerns(row, definition.urgent),
    wait(rows, now) {
      if (rows.some((row) => concerns(row, definition.urgent))) return 0;
      return Math.max(0, lastSent + MIRROR_EVERY_MS - now);
    },
    async deliver(rows, epoch) {
      const touched = new Map<string, { kind: string; id: string }>();
      for (const row of rows) {
        for (const [kind, id] of row.touched)
          if (definition.watches.has(kind)) touched.set(`${kind}/${id}`, { kind, id });
      }
      const seq = rows.at(-1)?.seq;
      if (touched.size === 0 || seq === undefined) return;
      lastSent = options.now();
      const parts = inParts(definition.collect(options.tx(), [...touched.values()]));
      for (const [index, part] of parts.entries()) {
        const more = index < parts.length - 1;
        const refusal = await peers.mirror(target, { source, epoch, seq, rows: part, ...(more && { partial: true }) });
        if (!refusal) continue;
        const why = `Mirror refused: ${refusal.code} ${refusal.message}`;
        if (!REFUSED_FOR_EVER.has(refusal.code)) throw new Error(why);
        refusedSince ??= options.now();
        // The last row is blamed; the outbox then tries without it, until the guilty one is the last.
        throw options.now() - refusedSince < REFUSED_LONG_MS ? new Error(why) : new PoisonRow(seq, why);
      }
      refusedSince = null;
    },
  };
}

/** An outbox consumer that sends every commit to `target`, in order. */
export function tapConsumer(options: { source: string; target: string; peers: Peers }): OutboxConsumer {
  const { source, target, peers } = options;
  return {
    name: `tap:${target}`,
    batch: BATCH_ROWS,
    async deliver(rows, epoch) {
      const from = (rows[0]?.seq ?? 1) - 1;
      const last = rows.at(-1)?.seq ?? 0;
      const has = await peers.tap(target, { source, epoch, from, rows });
      if (has < last) throw new Behind(has);
    },
  };
}
