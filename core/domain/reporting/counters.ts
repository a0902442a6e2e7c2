import { MEASURES, ZERO } from "../delivery/entities.ts";
import type { Counters, DeliveryFact, Measure } from "../delivery/entities.ts";

/** Differences of counters; a measure that is left out does not change. */
export type CounterDelta = Readonly<Partial<Record<Measure, number>>>;

/** `counters` with a difference or other counters added. */
export function addCounters(counters: Counters, delta: CounterDelta): Counters {
  const sum = { ...counters };
  for (const measure of MEASURES) sum[measure] += delta[measure] ?? 0;
  return sum;
}

/** The sum of counters; zero for none. */
export function sumCounters(all: Iterable<Counters>): Counters {
  let sum = ZERO;
  for (const counters of all) sum = addCounters(sum, counters);
  return sum;
}

/** What must be added to `before` to get `after`. Empty if they are equal. */
export function counterDelta(before: Counters, after: Counters): CounterDelta {
  const delta: Partial<Record<Measure, number>> = {};
  for (const measure of MEASURES) {
    const change = after[measure] - before[measure];
    if (change !== 0) delta[measure] = change;
  }
  return delta;
}

/** The sum of two differences, without measures that cancel out. */
export function addDeltas(a: CounterDelta, b: CounterDelta): CounterDelta {
  const sum: Partial<Record<Measure, number>> = {};
  for (const measure of MEASURES) {
    const change = (a[measure] ?? 0) + (b[measure] ?? 0);
    if (change !== 0) sum[measure] = change;
  }
  return sum;
}

/** What one fact counts for. A measure nobody reported counts as zero. */
export function factCounters(fact: DeliveryFact): Counters {
  return {
    impressions: fact.impressions,
    clicks: fact.clicks,
    completed_views: fact.completed_views ?? 0,
    video_impressions: fact.completed_views === null ? 0 : fact.impressions,
    views: fact.views ?? 0,
    measurable: fact.measurable ?? 0,
    viewable: fact.viewable ?? 0,
    conversions: fact.conversions,
    leads: fact.leads ?? 0,
    conversion_value_micros: fact.conversion_value_micros,
    spend_micros: fact.spend_micros,
  };
}

/** The counters alone of an entity that has more fields, such as a day counter. */
export function countersOf(entity: Counters): Counters {
  return addCounters(ZERO, entity);
}
