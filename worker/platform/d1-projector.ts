import type { StoredEntity } from "../../core/model/entity.ts";
import { PoisonRow } from "../engine/ports.ts";
import type { LogRow, OutboxConsumer } from "../engine/ports.ts";
import { batchStatements } from "./d1-projector-batch.ts";
import type { BatchSource } from "./d1-projector-batch.ts";
import { renewIfRestored } from "./d1-projector-renewal.ts";
import { UnprojectableValue } from "./d1-projector-statements.ts";
import type { Statement } from "./d1-projector-statements.ts";

/** The epoch of a room that was never restored, in which there is nothing to renew and so nothing to ask D1. */
const FIRST_EPOCH = 1;
const BATCH_ROWS = 100;
/** One call to D1 touches at most about this many entities, so that it stays a matter of megabytes and seconds. */
const BATCH_ENTITIES = 2_000;
/** How long a commit may wait for company: rows that share a batch share its position row and its round trip. */
const GATHER_MS = 250;

export interface D1ProjectorOptions {
  readonly db: D1Database;
  readonly workspace_id: string;
  /** Absent in a workspace room. */
  readonly campaign_id?: string | undefined;
  /** The kinds that are this room's own; mirrored kinds are projected by the room they come from. */
  readonly entityKindsOwned: ReadonlySet<string>;
  /** The current state of an entity, deleted ones included. */
  read(kind: string, id: string): StoredEntity | undefined;
}

/**
 * Follows the log into the read model: one audit row for each commit, each touched entity's current state once per batch.
 * Safe to deliver twice, overlapping or late: a row is only replaced by a newer `(epoch, seq)`.
 * Throws {@link PoisonRow} for a commit that D1 will never take, anything else (D1 busy, away, not migrated) to be tried again.
 */
export function createD1Projector(options: D1ProjectorOptions): OutboxConsumer {
  const { db, workspace_id, campaign_id = "" } = options;
  const source = (epoch: number): BatchSource => ({
    origin: { workspace_id, campaign_id, epoch },
    owned: options.entityKindsOwned,
    read: (kind, id) => options.read(kind, id),
  });
  let renewedEpoch = FIRST_EPOCH;
  const write = async (rows: readonly LogRow[], epoch: number): Promise<void> => {
    try {
      await runStatements(db, batchStatements(rows, source(epoch)));
    } catch (error) {
      if (!isDataError(error)) throw error;
      const [first] = rows;
      if (first && rows.length === 1) throw new PoisonRow(first.seq, describe(error));
      // Half by half, so that what comes before the bad commit arrives and the bad one is known.
      const middle = Math.ceil(rows.length / 2);
      await write(rows.slice(0, middle), epoch);
      await write(rows.slice(middle), epoch);
    }
  };
  return {
    name: "d1",
    batch: BATCH_ROWS,
    wait(rows, now) {
      const [first] = rows;
      if (!first || rows.length >= BATCH_ROWS) return 0;
      // A clock that was set back must not hold rows: never more than GATHER_MS from now.
      return Math.min(GATHER_MS, Math.max(0, Date.parse(first.at) + GATHER_MS - now));
    },
    async deliver(rows, epoch) {
      const [first] = rows;
      if (first && epoch !== renewedEpoch) {
        await renewIfRestored((statements) => runStatements(db, statements), first, source(epoch));
        renewedEpoch = epoch;
      }
      for (const slice of slices(rows)) await write(slice, epoch);
    },
  };
}

/** Carries out statements in one transaction: all of them or none. */
async function runStatements(db: D1Database, statements: readonly Statement[]): Promise<D1Result[]> {
  return statements.length === 0
    ? []
    : await db.batch(statements.map(({ sql, params }) => db.prepare(sql).bind(...params)));
}

/** Commits in order, together as long as they touch few enough entities. */
function* slices(rows: readonly LogRow[]): Iterable<readonly LogRow[]> {
  let slice: LogRow[] = [];
  let touched = 0;
  for (const row of rows) {
    if (touched + row.touched.length > BATCH_ENTITIES && slice.length > 0) {
      yield slice;
      slice = [];
      touched = 0;
    }
    slice.push(row);
    touched += row.touched.length;
  }
  if (slice.length > 0) yield slice;
}

/** What SQLite says of a value it will never take. Everything else may pass: busy, full, away, a table not there yet. */
const DATA_ERROR =
  /SQLITE_(CONSTRAINT|MISMATCH|TOOBIG|RANGE)|constraint failed|cannot store|malformed JSON|string or blob too big|D1_TYPE_ERROR/;

function isDataError(error: unknown): boolean {
  return error instanceof UnprojectableValue || DATA_ERROR.test(describe(error));
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
