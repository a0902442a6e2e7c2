import { wholeOfMillionths } from "./decimal.ts";
import type { SummedCampaign, SummedFact } from "./delivery-sums.ts";

/** What a file adds up to as it is reported: the sums of its facts, conversions in whole numbers. */
export interface ReportTotals {
  readonly campaigns: number;
  readonly facts: number;
  readonly impressions: number;
  readonly clicks: number;
  readonly spend_micros: number;
  readonly conversions: number;
  readonly leads: number;
  readonly conversion_value_micros: number;
  readonly first_day: string | null;
  readonly last_day: string | null;
}

/** Adds up a file's facts. */
export function totalsOf(campaigns: readonly SummedCampaign[]): ReportTotals {
  const facts = campaigns.flatMap((campaign) => campaign.facts);
  const sum = (of: (fact: SummedFact) => number): number => facts.reduce((total, fact) => total + of(fact), 0);
  const days = facts.map(({ date }) => date);
  return {
    campaigns: campaigns.length,
    facts: facts.length,
    impressions: sum(({ measures }) => measures.impressions),
    clicks: sum(({ measures }) => measures.clicks),
    spend_micros: sum(({ measures }) => measures.spend_micros),
    conversions: sum(({ measures }) => wholeOfMillionths(measures.conversions_millionths)),
    leads: sum(({ measures }) => wholeOfMillionths(measures.leads_millionths ?? 0)),
    conversion_value_micros: sum(({ measures }) => measures.conversion_value_micros),
    first_day: days.reduce<string | null>((first, day) => (first === null || day < first ? day : first), null),
    last_day: days.reduce<string | null>((last, day) => (last === null || day > last ? day : last), null),
  };
}
