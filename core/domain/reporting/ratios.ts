import { z } from "zod";
import type { Counters } from "../delivery/entities.ts";

const Rate = z.number().nonnegative().nullable();
const Price = z.int().nonnegative().nullable();

/** Derived on read, never stored. Rates are fractions, prices micros of the currency; null where the denominator is zero. */
export const Ratios = z.strictObject({
  /** clicks ÷ impressions */
  ctr: Rate,
  /** spend ÷ impressions × 1,000 */
  cpm_micros: Price,
  /** spend ÷ clicks */
  cpc_micros: Price,
  /** spend ÷ conversions */
  cpa_micros: Price,
  /** spend ÷ leads */
  cpl_micros: Price,
  /** conversion value ÷ spend */
  roas: Rate,
  /** conversions ÷ clicks */
  cvr: Rate,
  /** completed views ÷ impressions of the facts that report completed views */
  vcr: Rate,
  /** viewable ÷ measurable */
  viewability: Rate,
});
export type Ratios = Readonly<z.infer<typeof Ratios>>;

/** `part ÷ whole`, or null when there is no whole. */
export function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** An estimate as an amount or count can hold it: 2^53 − 1 for all that is larger. Sums of what happened are never cut like this. */
export function countable(amount: number): number {
  return Math.min(amount, Number.MAX_SAFE_INTEGER);
}

/** A price for `units` of `count`, in micros rounded to the nearest; null when nothing was counted. */
function price(spendMicros: number, count: number, units = 1): number | null {
  return count === 0 ? null : countable(Math.round((spendMicros / count) * units));
}

/** The ratios of any sums: a package, a buy, a campaign, one day, one country. */
export function ratios(counters: Counters): Ratios {
  const { impressions, clicks, conversions, spend_micros: spend } = counters;
  return {
    ctr: ratio(clicks, impressions),
    cpm_micros: price(spend, impressions, 1000),
    cpc_micros: price(spend, clicks),
    cpa_micros: price(spend, conversions),
    cpl_micros: price(spend, counters.leads),
    roas: ratio(counters.conversion_value_micros, spend),
    cvr: ratio(conversions, clicks),
    vcr: ratio(counters.completed_views, counters.video_impressions),
    viewability: ratio(counters.viewable, counters.measurable),
  };
}
