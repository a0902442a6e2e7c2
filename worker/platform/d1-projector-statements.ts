import type { Table } from "./d1-projector-tables.ts";

/** A bound JSON parameter stays far under D1's 2 MB for a string, at up to 3 bytes for each of these. */
const PARAMETER_CHARS = 400_000;
/** D1 takes no string or row above 2 MB. The local runtime would, so the limit is kept here. */
const MAX_ROW_BYTES = 1_900_000;

/** A value that cannot become a row, however often it is tried. */
export class UnprojectableValue extends Error {}

/** Whose rows, and of which epoch. `campaign_id` is empty in the workspace's own room. */
export interface Origin {
  readonly workspace_id: string;
  readonly campaign_id: string;
  readonly epoch: number;
}

/** A statement and its parameters. */
export interface Statement {
  readonly sql: string;
  readonly params: readonly (string | number)[];
}

/**
 * Rows as JSON arrays, as few as fit a parameter each: one parameter instead of one for each value,
 * because D1 takes at most 100 in a statement. Throws {@link UnprojectableValue} for a row that is too large.
 */
export function jsonParameters(rows: readonly unknown[]): string[] {
  const chunks: string[] = [];
  let chunk: string[] = [];
  let size = 0;
  for (const row of rows) {
    const text = JSON.stringify(row);
    if (text.length > PARAMETER_CHARS && new TextEncoder().encode(text).length > MAX_ROW_BYTES) {
      throw new UnprojectableValue(`A row of ${text.length} characters is too large`);
    }
    if (size + text.length > PARAMETER_CHARS && chunk.length > 0) {
      chunks.push(`[${chunk.join(",")}]`);
      chunk = [];
      size = 0;
    }
    chunk.push(text);
    size += text.length + 1;
  }
  if (chunk.length > 0) chunks.push(`[${chunk.join(",")}]`);
  return chunks;
}

/** Writes the current rows of a table; one that D1 has as new or newer stays. */
export function upsertRows(table: Table, rows: readonly unknown[], origin: Origin): Statement[] {
  const { workspace_id, campaign_id, epoch } = origin;
  const scope = table.scope === "workspace" ? [workspace_id] : [workspace_id, campaign_id];
  return jsonParameters(rows).map((json) => ({ sql: upsertSql(table), params: [epoch, json, ...scope] }));
}

/** ?1 epoch, ?2 rows, ?3 workspace, ?4 campaign. */
function upsertSql({ name, scope, key, columns }: Table): string {
  const scopeColumns = scope === "workspace" ? ["workspace_id"] : ["workspace_id", "campaign_id"];
  const keyColumns = [...scopeColumns, ...key];
  const replaced = ["epoch", ...columns.filter((column) => !key.includes(column))];
  const newer = columns.includes("changed_at")
    ? "(excluded.epoch, excluded.seq, excluded.changed_at) > (t.epoch, t.seq, t.changed_at)"
    : "(excluded.epoch, excluded.seq) > (t.epoch, t.seq)";
  return `INSERT INTO ${name} AS t (${[...scopeColumns, "epoch", ...columns].join(", ")})
SELECT ${scope === "workspace" ? "?3" : "?3, ?4"}, ?1, ${columns.map((_, at) => `json_extract(value, '$[${at}]')`).join(", ")}
FROM json_each(?2) WHERE true
ON CONFLICT (${keyColumns.join(", ")}) DO UPDATE SET ${replaced.map((column) => `${column} = excluded.${column}`).join(", ")}
WHERE ${newer}`;
}

/**
 * A campaign that its workspace has made and that nobody has opened yet: its room, which projects it from then on, does not exist.
 * It stands at epoch 0, so that whatever the room says replaces it.
 */
export function placeholderCampaigns(rows: readonly unknown[], origin: Origin): Statement[] {
  const sql = `INSERT INTO campaigns (workspace_id, campaign_id, id, revision, epoch, seq, changed_at, deleted, status, data)
SELECT ?1, json_extract(value, '$[0]'), json_extract(value, '$[0]'), 0, 0, 0, json_extract(value, '$[1]'), 0,
  json_extract(value, '$[2]'), json_extract(value, '$[3]')
FROM json_each(?2) WHERE true ON CONFLICT DO NOTHING`;
  return jsonParameters(rows).map((json) => ({ sql, params: [origin.workspace_id, json] }));
}

/**
 * Brings packages up to date with the rows of their buys that D1 now has, so that they need no guard of their own.
 * What is written here hardly ever changes, so most changes of a buy write no row.
 */
export function derivePackages(buyIds: readonly string[], origin: Origin): Statement[] {
  const sql = `INSERT INTO packages AS t (workspace_id, campaign_id, media_buy_id, id, name, brand, channel, currency)
SELECT m.workspace_id, m.campaign_id, m.id, p.value ->> '$.id', p.value ->> '$.name', m.brand_name, p.value ->> '$.channel', m.currency
FROM json_each(?3) k CROSS JOIN media_buys m CROSS JOIN json_each(m.data, '$.packages') p
WHERE m.workspace_id = ?1 AND m.campaign_id = ?2 AND m.id = k.value AND m.deleted = 0
ON CONFLICT (workspace_id, campaign_id, media_buy_id, id)
DO UPDATE SET name = excluded.name, brand = excluded.brand, channel = excluded.channel, currency = excluded.currency
WHERE (t.name, t.brand, t.channel, t.currency) IS NOT (excluded.name, excluded.brand, excluded.channel, excluded.currency)`;
  return jsonParameters(buyIds).map((json) => ({ sql, params: [origin.workspace_id, origin.campaign_id, json] }));
}

/** What is searched of a campaign and of a buy, as `title, brand, notes` of a row `m`. A deleted one says nothing. */
const SEARCHED = {
  campaign: { table: "campaigns", title: "m.data ->> '$.title'", brand: "''", notes: "m.data ->> '$.description'" },
  media_buy: {
    table: "media_buys",
    title: "(SELECT group_concat(value ->> '$.name', ' · ') FROM json_each(m.data, '$.packages'))",
    brand: "m.brand_name || ' ' || m.brand_domain",
    notes: ["notes", "buyer_ref", "external_id"]
      .map((field) => `coalesce(m.data ->> '$.${field}', '')`)
      .join(" || ' ' || "),
  },
} as const;

/** Kinds that full text search knows. */
export type SearchedKind = keyof typeof SEARCHED;

/**
 * Brings the search index up to date with rows that D1 now has. A text that did not change is not written again.
 * No triggers do this, because the remote migration endpoint splits a trigger's body at its semicolons.
 * `keys` are pairs of campaign id and id.
 */
export function deriveSearch(
  kind: SearchedKind,
  keys: readonly (readonly [string, string])[],
  origin: Origin,
): Statement[] {
  const { table, title, brand, notes } = SEARCHED[kind];
  const number = `INSERT INTO search_documents (workspace_id, campaign_id, kind, id)
SELECT ?1, value ->> 0, ?2, value ->> 1 FROM json_each(?3) WHERE true ON CONFLICT DO NOTHING`;
  const text = (expression: string): string => `iif(m.deleted, '', coalesce(${expression}, ''))`;
  const index = `INSERT OR REPLACE INTO search_texts (rowid, scope, title, brand, notes)
SELECT d.document, replace(?1, '_', ''), n.title, n.brand, n.notes FROM (
  SELECT m.campaign_id, m.id, ${text(title)} AS title, ${text(brand)} AS brand, ${text(notes)} AS notes
  FROM json_each(?3) k CROSS JOIN ${table} m WHERE m.workspace_id = ?1 AND m.campaign_id = k.value ->> 0 AND m.id = k.value ->> 1
) n CROSS JOIN search_documents d ON d.workspace_id = ?1 AND d.campaign_id = n.campaign_id AND d.kind = ?2 AND d.id = n.id
LEFT JOIN search_texts f ON f.rowid = d.document
WHERE f.rowid IS NULL OR (f.title, f.brand, f.notes) IS NOT (n.title, n.brand, n.notes)`;
  return jsonParameters(keys).flatMap((json) => [
    { sql: number, params: [origin.workspace_id, kind, json] },
    { sql: index, params: [origin.workspace_id, kind, json] },
  ]);
}

/** Moves the room's position forward, never back. */
export function movePosition(origin: Origin, last: { seq: number; at: string }): Statement {
  return {
    sql: `INSERT INTO projection_positions AS t (workspace_id, campaign_id, epoch, seq, at) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (workspace_id, campaign_id) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq, at = excluded.at
WHERE (excluded.epoch, excluded.seq) > (t.epoch, t.seq)`,
    params: [origin.workspace_id, origin.campaign_id, origin.epoch, last.seq, last.at],
  };
}
