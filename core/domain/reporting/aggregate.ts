import { ZERO } from "../delivery/entities.ts";
import type { Counters, DeliveryFact } from "../delivery/entities.ts";
import type { BuyDelivery } from "./buy-delivery.ts";
import { addCounters, factCounters } from "./counters.ts";

export const FACT_DIMENSIONS = ["brand", "channel", "device", "country", "creative"] as const;
export type FactDimension = (typeof FACT_DIMENSIONS)[number];
/** Browsers hold no facts, so they break down by all but the creative. */
export type CounterDimension = Exclude<FactDimension, "creative">;

/** One row of a breakdown. The rows of one breakdown add up to the whole, whatever the dimension. */
export interface Slice {
  readonly key: string;
  readonly counters: Counters;
}

/** Breaks down what buys delivered, from the counters that a browser holds. The largest spend comes first. */
export function aggregate(deliveries: Iterable<BuyDelivery>, by: CounterDimension): Slice[] {
  const parts: [string, Counters][] = [];
  for (const { buy, counters } of deliveries) {
    for (const pkg of buy.packages) {
      const counter = counters.get(pkg.id);
      if (!counter) continue;
      if (by === "brand") parts.push([buy.brand.name, counter.totals]);
      else if (by === "channel") parts.push([pkg.channel, counter.totals]);
      else parts.push(...Object.entries(by === "device" ? counter.by_device : counter.by_country));
    }
  }
  return slices(parts);
}

/** Breaks down facts; `describe` says what a package id stands for. */
export function aggregateFacts(
  facts: Iterable<DeliveryFact>,
  by: FactDimension,
  describe: (packageId: string) => { readonly brand: string; readonly channel: string },
): Slice[] {
  const key = (fact: DeliveryFact): string => {
    if (by === "device" || by === "country") return fact[by];
    return by === "creative" ? fact.creative_id : describe(fact.package_id)[by];
  };
  const parts: [string, Counters][] = [];
  for (const fact of facts) parts.push([key(fact), factCounters(fact)]);
  return slices(parts);
}

function slices(parts: Iterable<readonly [string, Counters]>): Slice[] {
  const sums = new Map<string, Counters>();
  for (const [key, counters] of parts) sums.set(key, addCounters(sums.get(key) ?? ZERO, counters));
  return [...sums]
    .map(([key, counters]) => ({ key, counters }))
    .sort((a, b) => b.counters.spend_micros - a.counters.spend_micros || (a.key < b.key ? -1 : 1));
}
