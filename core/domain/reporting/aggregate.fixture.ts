import type { Counters, DeliveryFact } from "../delivery/entities.ts";
import { slices } from "./aggregate.ts";
import type { Slice } from "./aggregate.ts";
import { factCounters } from "./counters.ts";

export const FACT_DIMENSIONS = ["brand", "channel", "device", "country", "creative"] as const;
type FactDimension = (typeof FACT_DIMENSIONS)[number];

/** Breaks down facts, one by one: what sums made in any other way are compared with in tests. `describe` says what a package id stands for. */
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
