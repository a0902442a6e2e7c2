import { z } from "zod";
import type { Permission } from "../../core/model/access.ts";
import { isRefusal } from "../../core/model/refusal.ts";
import { CampaignId } from "../../core/model/units.ts";
import { asOf, positionOf, seenCampaigns } from "./as-of.ts";
import { cutPage, PageQuery, pageOf, paging, QueryText, QueryTime } from "./define-read.ts";
import type { ReadDefinition } from "./define-read.ts";
import type { Reader } from "./reader.ts";
import { all, join, prepare, sql, when } from "./sql.ts";
import type { Sql } from "./sql.ts";

/** What every list can be filtered by. */
export const ListQuery = PageQuery.extend({
  text: QueryText.optional(),
  /** Changed at or after this time. */
  updated_since: QueryTime.optional(),
});

/** What lists of a campaign's things can be filtered by. */
export const CampaignListQuery = ListQuery.extend({ campaign_id: CampaignId.optional() });

const Row = z.object({ campaign_id: z.string(), id: z.string(), revision: z.int(), data: z.string() });
const Key = z.tuple([z.string(), z.string()]);

interface ListOptions<Q> {
  name: string;
  about: string;
  needs: Permission;
  table: string;
  /** Whether its rows belong to campaigns, or to the workspace as a whole. */
  scope: "workspace" | "campaign";
  query: z.ZodType<Q>;
  item: z.ZodType;
  /** The conditions of a query on rows `t`. */
  filters(query: Q, reader: Reader): (Sql | null)[];
}

type AnyListQuery = z.infer<typeof ListQuery> & { readonly campaign_id?: string | undefined };

/**
 * A list of entities as they were when last projected: the newest campaign first and in it the newest entity, by id.
 * That is the order of the primary key, so that no list needs an index of its own.
 */
export function defineList<Q extends AnyListQuery>(options: ListOptions<Q>): ReadDefinition<Q, object> {
  const { name, about, needs, scope, query, item } = options;
  return {
    name,
    about,
    needs,
    query,
    answer: pageOf(item),
    async read(db, reader, asked) {
      const page = paging(asked, { name, reader, key: Key });
      if (isRefusal(page)) return page;
      const source = scope === "campaign" ? { room: scope, campaign_id: asked.campaign_id } : { room: scope };
      const [position, found] = await db.batch([
        prepare(db, positionOf(reader, source)),
        prepare(db, rowsOf(options, { reader, query: asked, after: page.after })),
      ]);
      const { rows, next_cursor } = cutPage(z.array(Row).parse(found?.results), {
        limit: asked.limit,
        binding: page.binding,
        key: (row) => [row.campaign_id, row.id],
      });
      return { items: rows.map(toItem), next_cursor, as_of: asOf(position) };
    },
  };
}

function rowsOf<Q extends AnyListQuery>(
  { table, scope, filters }: ListOptions<Q>,
  { reader, query, after }: { reader: Reader; query: Q; after: z.infer<typeof Key> | null },
): Sql {
  const inCampaign = scope === "campaign";
  const where = all([
    sql("t.workspace_id = ? AND t.deleted = 0", reader.workspace_id),
    inCampaign ? seenCampaigns(reader, "t.campaign_id") : null,
    when(query.campaign_id, (id) => sql("t.campaign_id = ?", id)),
    when(query.updated_since, (time) => sql("t.changed_at >= ?", time)),
    ...filters(query, reader),
    after && (inCampaign ? sql("(t.campaign_id, t.id) < (?, ?)", ...after) : sql("t.id < ?", after[1])),
  ]);
  return join(
    `SELECT ${inCampaign ? "t.campaign_id" : "''"} AS campaign_id, t.id, t.revision, t.data FROM ${table} t WHERE`,
    where,
    sql(`ORDER BY ${inCampaign ? "t.campaign_id DESC, t.id DESC" : "t.id DESC"} LIMIT ?`, query.limit + 1),
  );
}

/** The entity with its revision. It was checked by its schema when it was written, so it is not checked again. */
function toItem(row: z.infer<typeof Row>): object {
  return { ...z.looseObject({}).parse(JSON.parse(row.data)), revision: row.revision };
}
