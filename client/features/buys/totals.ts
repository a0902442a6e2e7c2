import type { Counters } from "../../../core/domain/delivery/entities.ts";
import { sumCounters } from "../../../core/domain/reporting/counters.ts";

/** A buy as totals see it. */
export interface Countable {
  readonly currency: string;
  readonly budget_micros: number;
  readonly totals: Counters;
}

/** What buys add up to, in one currency. */
export interface Totals {
  readonly currency: string;
  readonly budget_micros: number;
  readonly counters: Counters;
  readonly buys: number;
}

/** Sums of exactly these buys, one per currency: money of two currencies does not add up. */
export function totalsOf(buys: readonly Countable[]): Totals[] {
  return [...Map.groupBy(buys, (buy) => buy.currency)].map(([currency, group]) => ({
    currency,
    budget_micros: group.reduce((sum, buy) => sum + buy.budget_micros, 0),
    counters: sumCounters(group.map((buy) => buy.totals)),
    buys: group.length,
  }));
}
