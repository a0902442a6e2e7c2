import { NOON } from "../../model/given.ts";
import { ZERO, dayCounterId, zeroPackageCounter } from "../delivery/entities.ts";
import type { Counters, DayCounter, PackageCounter } from "../delivery/entities.ts";
import { UNIT, aBuy, fixedPackage } from "../media-buys/buy.fixture.ts";
import type { MediaBuy, Package } from "../media-buys/entities.ts";
import { DEFAULT_THRESHOLDS } from "../workspaces/entities.ts";
import type { BuyDelivery, ReportContext } from "./buy-delivery.ts";

/** Noon in UTC with the default thresholds. */
export const AT_NOON: ReportContext = { now: NOON, zone: "UTC", thresholds: DEFAULT_THRESHOLDS };

/** What each package delivered, in the order of the buy's packages. */
type Delivered = Partial<Omit<PackageCounter, "totals">> & { readonly totals?: Partial<Counters> };

/** A buy with totals per package. */
export function deliveryFor(buy: MediaBuy, ...delivered: readonly Delivered[]): BuyDelivery {
  const counters = buy.packages.map((pkg, at): [string, PackageCounter] => {
    const { totals, ...rest } = delivered[at] ?? {};
    return [pkg.id, { ...zeroPackageCounter(pkg.id, buy.id), ...rest, totals: { ...ZERO, ...totals } }];
  });
  return { buy, counters: new Map(counters), days: [] };
}

/** A buy of one package of 30,000 in 30 days, 15 of them over at noon. */
export function halfway(pkg: Partial<Package> = {}, buy: Partial<MediaBuy> = {}): MediaBuy {
  return aBuy({ packages: [fixedPackage({ budget_micros: 30_000 * UNIT, ...pkg })], ...buy });
}

/** Days of a buy's first package before the day of noon, the last one first, by what they spent in units. */
export function daysBefore(buy: MediaBuy, ...spent: readonly number[]): DayCounter[] {
  const id = buy.packages[0]?.id ?? "";
  return spent.map((units, at) => {
    const date = new Date(Date.parse(NOON) - (at + 1) * 86_400_000).toISOString().slice(0, 10);
    return {
      ...ZERO,
      id: dayCounterId(id, date),
      package_id: id,
      media_buy_id: buy.id,
      date,
      spend_micros: units * UNIT,
    };
  });
}
