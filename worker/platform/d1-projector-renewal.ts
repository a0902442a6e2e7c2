import { z } from "zod";
import { deliveryFacts, factId } from "../../core/domain/delivery/entities.ts";
import type { FactKey } from "../../core/domain/delivery/entities.ts";
import type { LogRow } from "../engine/ports.ts";
import { derivedStatements, entityStatements } from "./d1-projector-batch.ts";
import type { BatchSource, Change } from "./d1-projector-batch.ts";
import { jsonParameters } from "./d1-projector-statements.ts";
import type { Origin, Statement } from "./d1-projector-statements.ts";
import { PROJECTIONS } from "./d1-projector-tables.ts";
import type { Projection, Scope, Table } from "./d1-projector-tables.ts";

const PAGE_ROWS = 500;

/** Carries out statements in one transaction. */
type Run = (statements: readonly Statement[]) => Promise<D1Result[]>;

const PositionRow = z.object({ epoch: z.int() });
const KeyRow = z.record(z.string(), z.string());
type KeyRow = z.infer<typeof KeyRow>;

/**
 * After a restore the room is an earlier self under a new epoch, and the read model holds what never happened.
 * Every row of an older epoch is compared with the room: written as it is now, or made a tombstone if the room does not know it.
 * The audit from the first kept commit on is dropped, because the log is about to be delivered again from there.
 * Does nothing if the read model knows the epoch; broken off halfway it begins again, since the position moves only after it.
 */
export async function renewIfRestored(run: Run, first: LogRow, source: BatchSource): Promise<void> {
  const { origin } = source;
  const room = [origin.workspace_id, origin.campaign_id];
  const [position] = await run([
    { sql: "SELECT epoch FROM projection_positions WHERE workspace_id = ?1 AND campaign_id = ?2", params: room },
  ]);
  const known = z.array(PositionRow).parse(position?.results)[0]?.epoch ?? origin.epoch;
  if (known >= origin.epoch) return;
  const scope = origin.campaign_id === "" ? "workspace" : "campaign";
  for (const projection of PROJECTIONS.values()) {
    if (projection.table.scope !== scope) continue;
    let more = true;
    while (more) more = await renewPage(run, projection, { source, at: first.at });
  }
  const undone = "workspace_id = ?1 AND campaign_id = ?2 AND epoch < ?3 AND seq >= ?4";
  const params = [...room, origin.epoch, first.seq];
  await run(["audit", "audit_entities"].map((table) => ({ sql: `DELETE FROM ${table} WHERE ${undone}`, params })));
}

/** Renews some rows of an older epoch. Returns whether there may be more. */
async function renewPage(
  run: Run,
  { kind, table }: Projection,
  { source, at }: { source: BatchSource; at: string },
): Promise<boolean> {
  const [found] = await run([oldKeys(table, source.origin)]);
  const keys = z.array(KeyRow).parse(found?.results);
  const changes: Change[] = [];
  const gone: KeyRow[] = [];
  for (const key of keys) {
    const stored = source.read(kind, idOf(kind, key));
    if (stored) changes.push({ stored, at });
    else gone.push(key);
  }
  await run([
    ...(changes.length > 0 ? entityStatements(kind, changes, source) : []),
    ...tombstones(table, gone, source.origin),
    ...derivedStatements(
      kind,
      gone.map((key) => idOf(kind, key)),
      source.origin,
    ),
  ]);
  return keys.length === PAGE_ROWS;
}

function idOf(kind: string, key: KeyRow): string {
  // The cast is safe: a fact's key columns are the parts of its key.
  return kind === deliveryFacts.kind ? factId(key as unknown as FactKey) : (key.id ?? key.workspace_id ?? "");
}

/** ?1 workspace, ?2 epoch, ?3 campaign. */
function oldKeys({ name, scope, key }: Table, origin: Origin): Statement {
  const columns = key.length > 0 ? key : ["workspace_id"];
  const sql = `SELECT ${columns.join(", ")} FROM ${name} AS t WHERE ${ofOlderEpoch(scope)} LIMIT ${PAGE_ROWS}`;
  return { sql, params: [origin.workspace_id, origin.epoch, origin.campaign_id] };
}

/** At seq 0, so that whatever the room makes of the same id from now on is newer. */
function tombstones({ name, scope, key, columns }: Table, gone: readonly KeyRow[], origin: Origin): Statement[] {
  if (key.length === 0) return [];
  const blank = columns.includes("data") ? ", data = NULL" : "";
  const matches = key.map((column) => `t.${column} = k.value ->> '$.${column}'`);
  const sql = `UPDATE ${name} AS t SET deleted = 1, seq = 0, epoch = ?2${blank} FROM json_each(?4) k
WHERE ${[ofOlderEpoch(scope), ...matches].join(" AND ")}`;
  const { workspace_id, epoch, campaign_id } = origin;
  return jsonParameters(gone).map((json) => ({ sql, params: [workspace_id, epoch, campaign_id, json] }));
}

function ofOlderEpoch(scope: Scope): string {
  return `t.workspace_id = ?1 AND t.epoch < ?2 AND ${scope === "campaign" ? "t.campaign_id" : "''"} = ?3`;
}
