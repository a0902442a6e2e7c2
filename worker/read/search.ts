import { z } from "zod";
import { isRefusal } from "../../core/model/refusal.ts";
import { CampaignId } from "../../core/model/units.ts";
import { asOf, positionOf, seenCampaigns } from "./as-of.ts";
import { cutPage, PageQuery, pageOf, paging, QueryText } from "./define-read.ts";
import type { ReadDefinition } from "./define-read.ts";
import { matchExpression } from "./full-text.ts";
import type { Reader } from "./reader.ts";
import { all, join, prepare, sql, when } from "./sql.ts";
import type { Sql } from "./sql.ts";

const EXCERPT_CHARS = 200;

export const SearchQuery = PageQuery.extend({
  /** Words, each at the beginning of a word of what is found. */
  q: QueryText,
  kind: z.enum(["campaign", "media_buy"]).optional(),
  campaign_id: CampaignId.optional(),
});
type SearchQuery = z.infer<typeof SearchQuery>;

/** `title` is a campaign's title or the names of a buy's packages, `notes` the beginning of its description or notes. */
export const SearchHit = z.object({
  kind: z.enum(["campaign", "media_buy"]),
  id: z.string(),
  campaign_id: z.string(),
  title: z.string(),
  brand: z.string(),
  notes: z.string(),
});
export type SearchHit = z.infer<typeof SearchHit>;

const Row = SearchHit.extend({ score: z.number(), document: z.int() });
const Key = z.tuple([z.number(), z.int()]);

export const search: ReadDefinition<SearchQuery, SearchHit> = {
  name: "search",
  about: "Campaigns and media buys by words of their titles, brands and notes, the best match first.",
  needs: "campaign.read",
  query: SearchQuery,
  answer: pageOf(SearchHit),
  async read(db, reader, query) {
    const page = paging(query, { name: "search", reader, key: Key });
    if (isRefusal(page)) return page;
    const [position, found] = await db.batch([
      prepare(db, positionOf(reader, { room: "campaign", campaign_id: query.campaign_id })),
      prepare(db, hits(reader, query, page.after)),
    ]);
    const { rows, next_cursor } = cutPage(z.array(Row).parse(found?.results), {
      limit: query.limit,
      binding: page.binding,
      key: (row) => [row.score, row.document],
    });
    return { items: rows.map(({ score: _s, document: _d, ...hit }) => hit), next_cursor, as_of: asOf(position) };
  },
};

/** A word in a title counts ten times one in the notes. The smaller a score, the better. */
function hits(reader: Reader, query: SearchQuery, after: z.infer<typeof Key> | null): Sql {
  const found = all([
    sql("search_texts MATCH ?", matchExpression(reader.workspace_id, query.q)),
    sql("d.workspace_id = ?", reader.workspace_id),
    seenCampaigns(reader, "d.campaign_id"),
    when(query.campaign_id, (id) => sql("d.campaign_id = ?", id)),
    when(query.kind, (kind) => sql("d.kind = ?", kind)),
  ]);
  return join(
    `SELECT * FROM (SELECT d.kind, d.id, d.campaign_id, search_texts.title, search_texts.brand,
  substr(search_texts.notes, 1, ${EXCERPT_CHARS}) AS notes, bm25(search_texts, 0, 10, 5, 1) AS score, d.document
  FROM search_texts CROSS JOIN search_documents d ON d.document = search_texts.rowid WHERE`,
    found,
    ")",
    after ? sql("WHERE (score, document) > (?, ?)", ...after) : "",
    sql("ORDER BY score, document LIMIT ?", query.limit + 1),
  );
}
