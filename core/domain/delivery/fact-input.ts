import { z } from "zod";
import { invalid, refuse } from "../../model/refusal.ts";
import type { Issue, Refusal } from "../../model/refusal.ts";
import type { ReadTx } from "../../model/transaction.ts";
import { PackageId } from "../../model/units.ts";
import { CreativeRef } from "../creatives/entities.ts";
import { CountryInput, isCountry, isoCountry } from "../media-buys/entities.ts";
import { reportDay } from "../reporting/report-day.ts";
import { DeliveryFact, UNKNOWN, factId, packageCounters } from "./entities.ts";
import { ReportReferences } from "./report-references.ts";

const shape = DeliveryFact.shape;

/** What one fact can say of a measure, a billion in money: nine of them still add up exactly. */
const MAX_FACT_MEASURE = 1_000_000_000_000_000;
const Measure = z.int().nonnegative().max(MAX_FACT_MEASURE);
/** Null: not measured. */
const Measured = Measure.nullable();

/** One row to report. What is left out is unknown: counts that every source has default to 0. Money is micros of the buy's currency. */
export const FactInput = z.strictObject({
  package_id: PackageId,
  /** Empty or left out: unknown. */
  creative_id: z.union([CreativeRef, z.literal("")]).optional(),
  date: shape.date,
  device: shape.device.optional(),
  country: z.union([CountryInput, z.literal(UNKNOWN)]).optional(),
  source: shape.source,
  impressions: Measure,
  clicks: Measure.optional(),
  completed_views: Measured.optional(),
  views: Measured.optional(),
  measurable: Measured.optional(),
  viewable: Measured.optional(),
  conversions: Measure.optional(),
  leads: Measured.optional(),
  conversion_value_micros: Measure.optional(),
  spend_micros: Measure,
  /** Default: partial. */
  finality: shape.finality.optional(),
  /** Default: now. Decides which of two reports of the same fact stands. */
  reported_at: shape.reported_at.optional(),
  source_ref: shape.source_ref.optional(),
});
export type FactInput = z.infer<typeof FactInput>;

/** A source's clock may be ahead of ours by this much. */
const CLOCK_SKEW_MS = 10 * 60_000;
/** Enough to see a pattern; a report of 500 wrong rows need not answer with 500 issues. */
const MAX_ISSUES = 50;

interface ReadContext {
  readonly now: string;
  /** Zone of report days. */
  readonly zone: string;
}

/** Makes facts of reported rows, or refuses them all: PACKAGE_NOT_FOUND, CREATIVE_NOT_FOUND, or VALIDATION_ERROR with every row's issues. */
export function readFacts(tx: ReadTx, rows: readonly FactInput[], context: ReadContext): DeliveryFact[] | Refusal {
  const today = reportDay(context.now, context.zone);
  const latest = Date.parse(context.now) + CLOCK_SKEW_MS;
  const references = new ReportReferences(tx, context.zone);
  const facts: DeliveryFact[] = [];
  const issues: Issue[] = [];
  for (const [at, row] of rows.entries()) {
    const owner = tx.get(packageCounters, row.package_id);
    if (!owner) return unknownReference("PACKAGE_NOT_FOUND", `/facts/${at}/package_id`, row.package_id);
    const creativeId = creativeOf(references, row, owner.media_buy_id);
    if (creativeId === null)
      return unknownReference("CREATIVE_NOT_FOUND", `/facts/${at}/creative_id`, row.creative_id ?? "");
    const fact = factOf(row, { creativeId, mediaBuyId: owner.media_buy_id, now: context.now });
    for (const [field, message] of contradictions(fact, {
      today,
      latest,
      first: references.firstDay(fact.media_buy_id),
    })) {
      issues.push({ pointer: `/facts/${at}/${field}`, message, keyword: "rule" });
    }
    facts.push(fact);
  }
  const first = issues[0];
  if (!first) return facts;
  return { ...invalid(first.pointer, first.message), issues: issues.slice(0, MAX_ISSUES) };
}

function unknownReference(code: "PACKAGE_NOT_FOUND" | "CREATIVE_NOT_FOUND", pointer: string, id: string): Refusal {
  const message = `${pointer}: there is no ${id} in this campaign.`;
  return refuse(code, message, { issues: [{ pointer, message, keyword: "reference" }] });
}

function creativeOf(references: ReportReferences, row: FactInput, mediaBuyId: string): string | null {
  if (row.creative_id === undefined || row.creative_id === "") return "";
  return references.creativeId(row.creative_id, mediaBuyId);
}

function factOf(row: FactInput, given: { creativeId: string; mediaBuyId: string; now: string }): DeliveryFact {
  const key = {
    package_id: row.package_id,
    creative_id: given.creativeId,
    date: row.date,
    device: row.device ?? UNKNOWN,
    country: isoCountry(row.country ?? UNKNOWN),
    source: row.source,
  };
  return {
    id: factId(key),
    media_buy_id: given.mediaBuyId,
    ...key,
    impressions: row.impressions,
    clicks: row.clicks ?? 0,
    completed_views: row.completed_views ?? null,
    views: row.views ?? null,
    measurable: row.measurable ?? null,
    viewable: row.viewable ?? null,
    conversions: row.conversions ?? 0,
    leads: row.leads ?? null,
    conversion_value_micros: row.conversion_value_micros ?? 0,
    spend_micros: row.spend_micros,
    finality: row.finality ?? "partial",
    reported_at: new Date(row.reported_at ?? given.now).toISOString(),
    source_ref: row.source_ref ?? null,
  };
}

/** When a fact can be from. */
interface Times {
  /** The first and last report day; null: nothing is known of its buy. */
  readonly first: string | null;
  readonly today: string;
  /** The last moment it can be reported at, in epoch milliseconds. */
  readonly latest: number;
}

/** What cannot be true about a fact, by field. Exceeding a budget can. */
function contradictions(fact: DeliveryFact, { first, today, latest }: Times): [keyof DeliveryFact, string][] {
  const found: [keyof DeliveryFact, string][] = [];
  const { impressions, measurable, viewable } = fact;
  if (fact.clicks > impressions) found.push(["clicks", "There are more clicks than impressions."]);
  if ((fact.completed_views ?? 0) > impressions)
    found.push(["completed_views", "There are more completed views than impressions."]);
  if ((measurable ?? 0) > impressions)
    found.push(["measurable", "There are more measurable impressions than impressions."]);
  if (viewable !== null && viewable > (measurable ?? 0)) {
    found.push(["viewable", "There are more viewable than measurable impressions."]);
  }
  if (fact.date > today) found.push(["date", `The day is in the future: today is ${today}.`]);
  if (first !== null && fact.date < first) {
    found.push(["date", `The day is too long before the flight of its media buy: the first it can be is ${first}.`]);
  }
  if (Date.parse(fact.reported_at) > latest) found.push(["reported_at", "The time of the report is in the future."]);
  if (fact.country !== UNKNOWN && !isCountry(fact.country)) {
    found.push(["country", `${fact.country} is not an ISO 3166-1 country code.`]);
  }
  return found;
}
