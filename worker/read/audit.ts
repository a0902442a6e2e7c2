import { z } from "zod";
import { isRefusal } from "../../core/model/refusal.ts";
import { CampaignId } from "../../core/model/units.ts";
import { asOf, positionOf } from "./as-of.ts";
import { AUDIT_COLUMNS, AuditEntry, auditEntry, AuditRow } from "./audit-entry.ts";
import { encodeCursor } from "./cursor.ts";
import { cutPage, PageQuery, pageOf, paging, QueryTime } from "./define-read.ts";
import type { ReadDefinition } from "./define-read.ts";
import type { Reader } from "./reader.ts";
import { all, join, prepare, sql, when } from "./sql.ts";
import type { Sql } from "./sql.ts";

/**
 * How many commits one page looks at. Filters have no index: one would cost a row write for each commit, the price of reading
 * a thousand rows, and an audit is written far more often than it is filtered. So a page of rare things may be short, or empty,
 * and its cursor goes on.
 */
export const EXAMINED_PER_PAGE = 5_000;

export const AuditQuery = PageQuery.extend({
  campaign_id: CampaignId.optional(),
  /** `kind:id`, such as `member:mem_…`. */
  actor: z.string().min(3).max(200).optional(),
  /** A command's type, such as `media_buy:update:v1`. */
  type: z.string().min(3).max(128).optional(),
  since: QueryTime.optional(),
  until: QueryTime.optional(),
});
type AuditQuery = z.infer<typeof AuditQuery>;

const KeyRow = z.object({ at: z.string(), campaign_id: z.string(), seq: z.int() });
type KeyRow = z.infer<typeof KeyRow>;
const Key = z.tuple([z.string(), z.string(), z.int()]);
type Key = z.infer<typeof Key>;

export const audit: ReadDefinition<AuditQuery, AuditEntry> = {
  name: "audit",
  about:
    "Who changed what, when and from where, the latest first. A page may be short; go on while there is a next_cursor.",
  needs: "campaign.read",
  query: AuditQuery,
  answer: pageOf(AuditEntry),
  async read(db, reader, query) {
    const page = paging(query, { name: "audit", reader, key: Key });
    if (isRefusal(page)) return page;
    const window = examined(reader, query, page.after);
    const [position, found, end] = await db.batch([
      prepare(db, newestPosition(reader, query)),
      prepare(db, join(matches(reader, query, window), sql("LIMIT ?", query.limit + 1))),
      prepare(db, join("SELECT at, campaign_id, seq FROM (", window, `) LIMIT 1 OFFSET ${EXAMINED_PER_PAGE - 1}`)),
    ]);
    const { rows, next_cursor } = cutPage(z.array(AuditRow).parse(found?.results), {
      limit: query.limit,
      binding: page.binding,
      key: (row) => keyOf(row),
    });
    const last = z.array(KeyRow).parse(end?.results)[0];
    return {
      items: rows.flatMap((row) => auditEntry(row, reader) ?? []),
      next_cursor: next_cursor ?? (last ? encodeCursor(keyOf(last), page.binding) : null),
      as_of: asOf(position),
    };
  },
};

function keyOf(row: KeyRow): Key {
  return [row.at, row.campaign_id, row.seq];
}

/** The keys of the commits that a page looks at, with what they are filtered by. */
function examined(reader: Reader, query: AuditQuery, after: Key | null): Sql {
  const where = all([
    sql("workspace_id = ?", reader.workspace_id),
    when(query.since, (time) => sql("at >= ?", time)),
    when(query.until, (time) => sql("at <= ?", time)),
    after && sql("(at, campaign_id, seq) < (?, ?, ?)", ...after),
  ]);
  return join(
    "SELECT at, campaign_id, seq, actor, type FROM audit WHERE",
    where,
    `ORDER BY at DESC, campaign_id DESC, seq DESC LIMIT ${EXAMINED_PER_PAGE}`,
  );
}

function matches(reader: Reader, query: AuditQuery, window: Sql): Sql {
  const where = all([
    sql("a.workspace_id = ? AND a.at = k.at AND a.campaign_id = k.campaign_id AND a.seq = k.seq", reader.workspace_id),
    seenRooms(reader, "k.campaign_id"),
    when(query.campaign_id, (id) => sql("k.campaign_id = ?", id)),
    when(query.actor, (actor) => sql("k.actor = ?", actor)),
    when(query.type, (type) => sql("k.type = ?", type)),
  ]);
  return join(
    `SELECT ${AUDIT_COLUMNS} FROM (`,
    window,
    ") k CROSS JOIN audit a WHERE",
    where,
    "ORDER BY k.at DESC, k.campaign_id DESC, k.seq DESC",
  );
}

/** The workspace's own room is everybody's; what of it a limited member may see, each event says. */
function seenRooms(reader: Reader, column: string): Sql | null {
  if (reader.campaign_ids === null) return null;
  return sql(`${column} IN (SELECT value FROM json_each(?))`, JSON.stringify(["", ...reader.campaign_ids]));
}

function newestPosition(reader: Reader, query: AuditQuery): Sql {
  if (query.campaign_id !== undefined) return positionOf(reader, { room: "campaign", campaign_id: query.campaign_id });
  const where = all([sql("workspace_id = ?", reader.workspace_id), seenRooms(reader, "campaign_id")]);
  return join("SELECT epoch, seq, at FROM projection_positions WHERE", where, "ORDER BY at DESC LIMIT 1");
}
