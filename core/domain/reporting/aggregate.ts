import { ZERO } from "../delivery/entities.ts";
import type { Counters } from "../delivery/entities.ts";
import type { BuyDelivery } from "./buy-delivery.ts";
import { addCounters } from "./counters.ts";

/** By what the counters of a room or browser break down; by creative and day, the facts of the read model do. */
export type CounterDimension = "channel" | "device" | "country";

/** One row of a breakdown. The rows of one breakdown add up to the whole, whatever the dimension. */
export interface Slice {
  readonly key: string;
  readonly counters: Counters;
}

/** Breaks down what buys delivered, from the counters that a room and a browser hold. The largest spend comes first. */
export function aggregate(deliveries: Iterable<BuyDelivery>, by: CounterDimension): Slice[] {
  const parts: [string, Counters][] = [];
  for (const { buy, counters } of deliveries) {
    for (const pkg of buy.packages) {
      const counter = counters.get(pkg.id);
      if (!counter) continue;
      if (by === "channel") parts.push([pkg.channel, counter.totals]);
      else parts.push(...Object.entries(by === "device" ? counter.by_device : counter.by_country));
    }
  }
  return slices(parts);
}

/** Adds up parts by their key. The largest spend comes first. */
export function slices(parts: Iterable<readonly [string, Counters]>): Slice[] {
  const sums = new Map<string, Counters>();
  for (const [key, counters] of parts) sums.set(key, addCounters(sums.get(key) ?? ZERO, counters));
  return [...sums]
    .map(([key, counters]) => ({ key, counters }))
    .sort((a, b) => b.counters.spend_micros - a.counters.spend_micros || (a.key < b.key ? -1 : 1));
}
