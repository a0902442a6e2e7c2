import { z } from "zod";
import { Counters, MEASURES } from "../../core/domain/delivery/entities.ts";
import type { Measure } from "../../core/domain/delivery/entities.ts";
import { ratios } from "../../core/domain/reporting/ratios.ts";
import type { Ratios } from "../../core/domain/reporting/ratios.ts";
import { isRefusal, refuse } from "../../core/model/refusal.ts";
import { CampaignId, CurrencyCode, MediaBuyId, ReportDay } from "../../core/model/units.ts";
import { AsOf, asOf, positionOf, seenCampaigns } from "./as-of.ts";
import { cutPage, PageQuery, paging } from "./define-read.ts";
import type { Page, ReadDefinition } from "./define-read.ts";
import type { Reader } from "./reader.ts";
import { all, join, prepare, sql, when } from "./sql.ts";
import type { Sql } from "./sql.ts";

/** What each breakdown groups facts `f` of packages `p` by. */
const GROUPS = {
  day: "f.date",
  brand: "p.brand",
  channel: "p.channel",
  device: "f.device",
  country: "f.country",
  creative: "f.creative_id",
  package: "p.id",
  media_buy: "p.media_buy_id",
  campaign: "p.campaign_id",
} as const;

const GroupName = z.enum([
  "day",
  "brand",
  "channel",
  "device",
  "country",
  "creative",
  "package",
  "media_buy",
  "campaign",
]);

export const SpendQuery = PageQuery.extend({
  by: GroupName,
  campaign_id: CampaignId.optional(),
  media_buy_id: MediaBuyId.optional(),
  /** First and last report day, both included. */
  from: ReportDay.optional(),
  to: ReportDay.optional(),
}).refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
  message: "`from` is after `to`",
  path: ["from"],
});
type SpendQuery = z.infer<typeof SpendQuery>;

const RatioSchema = z.record(z.string(), z.number().nullable());
/** Sums of one currency: amounts of different currencies are never added. */
const SpendTotal = z.object({ currency: CurrencyCode, counters: Counters, ratios: RatioSchema });
/** `key` is a day, a name or an id; an unknown creative's is empty. */
const SpendSlice = SpendTotal.extend({ key: z.string() });

interface Total {
  readonly currency: string;
  readonly counters: Counters;
  readonly ratios: Ratios;
}

export interface Slice extends Total {
  readonly key: string;
}

/** The slices of all pages add up to `totals`, whatever they are grouped by. */
export interface SpendPage extends Page<Slice> {
  readonly totals: readonly Total[];
}

const Key = z.tuple([z.string(), z.string()]);
/** Sums come as texts, because a number of JavaScript would round those above 2^53. */
const SumRow = z.object({ key: z.string(), currency: z.string() }).catchall(z.string());
type SumRow = z.infer<typeof SumRow>;

export const spend: ReadDefinition<SpendQuery, Slice> = {
  name: "spend",
  about:
    "Delivery and spend by day, brand, channel, device, country, creative, package, buy or campaign, with totals by currency.",
  needs: "campaign.read",
  query: SpendQuery,
  answer: z.object({
    items: z.array(SpendSlice),
    totals: z.array(SpendTotal),
    next_cursor: z.string().nullable(),
    as_of: AsOf.nullable(),
  }),
  async read(db, reader, query) {
    const page = paging(query, { name: "spend", reader, key: Key });
    if (isRefusal(page)) return page;
    const [position, slices, totals] = await db.batch([
      prepare(db, positionOf(reader, { room: "campaign", campaign_id: query.campaign_id })),
      prepare(db, sums(reader, query, { key: GROUPS[query.by], after: page.after, limit: query.limit + 1 })),
      prepare(db, sums(reader, query, { key: "''", after: null, limit: -1 })),
    ]);
    const rows = z.array(SumRow).parse(slices?.results);
    const all = z.array(SumRow).parse(totals?.results);
    if ([...rows, ...all].some((row) => MEASURES.some((measure) => !isExact(row, measure)))) {
      return refuse("INVALID_REQUEST", "A sum is larger than 2^53−1; ask for fewer days or one campaign.");
    }
    const cut = cutPage(rows, { limit: query.limit, binding: page.binding, key: (row) => [row.key, row.currency] });
    const answer: SpendPage = {
      items: cut.rows.map((row) => ({ key: row.key, ...total(row) })),
      totals: all.map(total),
      next_cursor: cut.next_cursor,
      as_of: asOf(position),
    };
    return answer;
  },
};

/** The sum that each measure is, over facts `f`. */
const SUMS: Readonly<Record<Measure, string>> = {
  impressions: "f.impressions",
  clicks: "f.clicks",
  completed_views: "f.completed_views",
  video_impressions: "iif(f.completed_views IS NULL, 0, f.impressions)",
  views: "f.views",
  measurable: "f.measurable",
  viewable: "f.viewable",
  conversions: "f.conversions",
  leads: "f.leads",
  conversion_value_micros: "f.conversion_value_micros",
  spend_micros: "f.spend_micros",
};

/**
 * Walks the packages that are asked for and, for each, the facts of the days that are asked for: both by primary key,
 * so that facts need no index by workspace, campaign, buy or day. CROSS JOIN keeps SQLite to that order.
 */
function sums(
  reader: Reader,
  query: SpendQuery,
  slice: { key: string; after: readonly [string, string] | null; limit: number },
): Sql {
  const columns = MEASURES.map((measure) => `CAST(coalesce(sum(${SUMS[measure]}), 0) AS TEXT) AS ${measure}`);
  const where = all([
    sql("p.workspace_id = ?", reader.workspace_id),
    seenCampaigns(reader, "p.campaign_id"),
    when(query.campaign_id, (id) => sql("p.campaign_id = ?", id)),
    when(query.media_buy_id, (id) => sql("p.media_buy_id = ?", id)),
    sql("f.workspace_id = p.workspace_id AND f.campaign_id = p.campaign_id AND f.package_id = p.id AND f.deleted = 0"),
    when(query.from, (day) => sql("f.date >= ?", day)),
    when(query.to, (day) => sql("f.date <= ?", day)),
    slice.after && sql(`(${slice.key}, p.currency) > (?, ?)`, ...slice.after),
  ]);
  return join(
    `SELECT ${slice.key} AS key, p.currency, ${columns.join(", ")} FROM packages p CROSS JOIN delivery_facts f WHERE`,
    where,
    sql("GROUP BY 1, 2 ORDER BY 1, 2 LIMIT ?", slice.limit),
  );
}

function isExact(row: SumRow, measure: Measure): boolean {
  return Number.isSafeInteger(Number(row[measure]));
}

function total(row: SumRow): Total {
  const counters = Counters.parse(Object.fromEntries(MEASURES.map((measure) => [measure, Number(row[measure])])));
  return { currency: row.currency, counters, ratios: ratios(counters) };
}
