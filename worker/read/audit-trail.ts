import { z } from "zod";
import { isRefusal } from "../../core/model/refusal.ts";
import { CampaignId } from "../../core/model/units.ts";
import { PROJECTIONS } from "../platform/d1-projector-tables.ts";
import { asOf, positionOf, seenCampaigns } from "./as-of.ts";
import { AUDIT_COLUMNS, AuditEntry, auditEntry, AuditRow } from "./audit-entry.ts";
import { cutPage, PageQuery, pageOf, paging } from "./define-read.ts";
import type { ReadDefinition } from "./define-read.ts";
import type { Reader } from "./reader.ts";
import { all, join, prepare, sql } from "./sql.ts";
import type { Sql } from "./sql.ts";

const WITH_TRAIL = [...PROJECTIONS.values()].filter(({ trail }) => trail);
const OF_CAMPAIGN = new Set(WITH_TRAIL.filter(({ table }) => table.scope === "campaign").map(({ kind }) => kind));

export const AuditTrailQuery = PageQuery.extend({
  kind: z.enum(WITH_TRAIL.map(({ kind }) => kind)),
  id: z.string().min(1).max(128),
  /** The campaign it belongs to; absent for members, keys and other things of the workspace. */
  campaign_id: CampaignId.optional(),
}).refine(({ kind, campaign_id }) => OF_CAMPAIGN.has(kind) === (campaign_id !== undefined), {
  message: "Give campaign_id exactly for what belongs to a campaign",
  path: ["campaign_id"],
});
type AuditTrailQuery = z.infer<typeof AuditTrailQuery>;

const Key = z.tuple([z.int()]);

export const auditTrail: ReadDefinition<AuditTrailQuery, AuditEntry> = {
  name: "audit_trail",
  about: "Every commit that changed one entity, the latest first: who, when, from where and what.",
  needs: "campaign.read",
  query: AuditTrailQuery,
  answer: pageOf(AuditEntry),
  async read(db, reader, query) {
    const page = paging(query, { name: "audit_trail", reader, key: Key });
    if (isRefusal(page)) return page;
    const { campaign_id } = query;
    const source =
      campaign_id === undefined ? ({ room: "workspace" } as const) : ({ room: "campaign", campaign_id } as const);
    const [position, found] = await db.batch([
      prepare(db, positionOf(reader, source)),
      prepare(db, commits(reader, query, page.after)),
    ]);
    const { rows, next_cursor } = cutPage(z.array(AuditRow).parse(found?.results), {
      limit: query.limit,
      binding: page.binding,
      key: (row) => [row.seq],
    });
    return { items: rows.flatMap((row) => auditEntry(row, reader) ?? []), next_cursor, as_of: asOf(position) };
  },
};

function commits(reader: Reader, query: AuditTrailQuery, after: z.infer<typeof Key> | null): Sql {
  const { campaign_id, kind, id, limit } = query;
  const where = all([
    sql(
      "e.workspace_id = ? AND e.campaign_id = ? AND e.kind = ? AND e.id = ?",
      reader.workspace_id,
      campaign_id ?? "",
      kind,
      id,
    ),
    campaign_id === undefined ? null : seenCampaigns(reader, "e.campaign_id"),
    after && sql("e.seq < ?", ...after),
    // The epoch keeps out a commit that a restore undid.
    sql(
      "a.workspace_id = e.workspace_id AND a.at = e.at AND a.campaign_id = e.campaign_id AND a.seq = e.seq AND a.epoch = e.epoch",
    ),
  ]);
  return join(
    `SELECT ${AUDIT_COLUMNS} FROM audit_entities e CROSS JOIN audit a WHERE`,
    where,
    sql("ORDER BY e.seq DESC LIMIT ?", limit + 1),
  );
}
