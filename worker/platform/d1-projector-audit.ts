import type { LogRow } from "../engine/ports.ts";
import { jsonParameters } from "./d1-projector-statements.ts";
import type { Origin, Statement } from "./d1-projector-statements.ts";

/** Entities whose id is a secret's digest: neither they nor their ids leave the room. */
const SECRET_KINDS: ReadonlySet<string> = new Set(["api_key_credential"]);

/** One audit row for each commit, whatever it held. Delivered again, it changes nothing. */
export function auditRows(rows: readonly LogRow[], origin: Origin): Statement[] {
  const sql = `INSERT INTO audit AS t (workspace_id, campaign_id, epoch, at, seq, actor, type, command_id, correlation, touched, events)
SELECT ?1, ?2, ?3, ${[0, 1, 2, 3, 4, 5, 6, 7].map((at) => `json_extract(value, '$[${at}]')`).join(", ")}
FROM json_each(?4) WHERE true
ON CONFLICT (workspace_id, at, campaign_id, seq) DO UPDATE SET
  epoch = excluded.epoch, actor = excluded.actor, type = excluded.type, command_id = excluded.command_id,
  correlation = excluded.correlation, touched = excluded.touched, events = excluded.events
WHERE excluded.epoch > t.epoch`;
  return jsonParameters(rows.map(auditRow)).map((json) => ({
    sql,
    params: [origin.workspace_id, origin.campaign_id, origin.epoch, json],
  }));
}

function auditRow(row: LogRow): readonly unknown[] {
  const touched = row.touched.filter(([kind]) => !SECRET_KINDS.has(kind));
  const { at, seq, actor, type, command_id, correlation } = row;
  return [at, seq, actor, type, command_id, correlation, touched, withoutSecrets(row)];
}

/** The events without the digests that this very commit stored or removed, wherever in the data they stand. */
function withoutSecrets(row: LogRow): unknown {
  const digests = row.touched.flatMap(([kind, id]) => (SECRET_KINDS.has(kind) ? [id] : []));
  if (digests.length === 0) return row.events;
  return JSON.parse(
    digests.reduce((text, digest) => text.replaceAll(digest, "[redacted]"), JSON.stringify(row.events)),
  );
}

/** `[kind, id, seq, at, revision]` for each entity of the room's own that has a trail. */
export function trailRows(rows: readonly LogRow[], hasTrail: (kind: string) => boolean): unknown[] {
  return rows.flatMap((row) =>
    row.touched.filter(([kind]) => hasTrail(kind)).map(([kind, id, revision]) => [kind, id, row.seq, row.at, revision]),
  );
}

/** Writes trail rows; delivered again they change nothing. */
export function auditEntities(trail: readonly unknown[], origin: Origin): Statement[] {
  const sql = `INSERT INTO audit_entities AS t (workspace_id, campaign_id, epoch, kind, id, seq, at, revision)
SELECT ?1, ?2, ?3, ${[0, 1, 2, 3, 4].map((at) => `json_extract(value, '$[${at}]')`).join(", ")}
FROM json_each(?4) WHERE true
ON CONFLICT (workspace_id, campaign_id, kind, id, seq) DO UPDATE SET
  epoch = excluded.epoch, at = excluded.at, revision = excluded.revision
WHERE excluded.epoch > t.epoch`;
  return jsonParameters(trail).map((json) => ({
    sql,
    params: [origin.workspace_id, origin.campaign_id, origin.epoch, json],
  }));
}
