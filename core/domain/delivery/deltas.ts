import { z } from "zod";
import type { ReadTx, WriteTx } from "../../model/transaction.ts";
import { MediaBuyId, PackageId, ReportDay, UtcTime } from "../../model/units.ts";
import { DEVICES } from "../media-buys/entities.ts";
import { addCounters, addDeltas, counterDelta, factCounters } from "../reporting/counters.ts";
import type { CounterDelta } from "../reporting/counters.ts";
import {
  MAX_COUNTRIES,
  MEASURES,
  OTHER_COUNTRIES,
  ZERO,
  dayCounterId,
  dayCounters,
  packageCounters,
  zeroPackageCounter,
} from "./entities.ts";
import type { Counters, DeliveryFact, Measure, PackageCounter } from "./entities.ts";

const changes = Object.fromEntries(MEASURES.map((measure) => [measure, z.int().exactOptional()]));
// Object.fromEntries loses the keys; they are exactly MEASURES.
const Delta = z.strictObject(changes as Record<Measure, z.ZodExactOptional<z.ZodInt>>);

/** How a package's counters change. The parts by device, by country and by day add up to the same whole. */
export const PackageDelta = z.strictObject({
  package_id: PackageId,
  media_buy_id: MediaBuyId,
  by_device: z.partialRecord(z.enum(DEVICES), Delta),
  by_country: z.record(z.string().max(8), Delta),
  by_day: z.record(ReportDay, Delta),
  /** Whether spend exceeds the package's budget after it. */
  overdelivery: z.boolean(),
  /** The newest report of the package after it. */
  reported_at: UtcTime,
});
export type PackageDelta = z.infer<typeof PackageDelta>;

/** A fact that is new or replaces another. */
export interface FactChange {
  readonly before: DeliveryFact | undefined;
  readonly after: DeliveryFact;
}

/** Sums changed facts by package. `budgetOf` says a package's budget in micros. */
export function packageDeltas(
  tx: ReadTx,
  factChanges: readonly FactChange[],
  budgetOf: (packageId: string) => number,
): PackageDelta[] {
  const byPackage = new Map<string, FactChange[]>();
  for (const change of factChanges) {
    const { package_id } = change.after;
    const group = byPackage.get(package_id);
    if (group) group.push(change);
    else byPackage.set(package_id, [change]);
  }
  return [...byPackage].map(([packageId, group]) => packageDelta(tx, group, budgetOf(packageId)));
}

function packageDelta(tx: ReadTx, group: readonly FactChange[], budget: number): PackageDelta {
  const device = new Sums();
  const country = new Sums();
  const day = new Sums();
  let reportedAt = "";
  let packageId = "";
  let mediaBuyId = "";
  for (const { before, after } of group) {
    const delta = counterDelta(before ? factCounters(before) : ZERO, factCounters(after));
    device.add(after.device, delta);
    country.add(after.country, delta);
    day.add(after.date, delta);
    if (after.reported_at > reportedAt) reportedAt = after.reported_at;
    packageId = after.package_id;
    mediaBuyId = after.media_buy_id;
  }
  const counter = tx.get(packageCounters, packageId);
  const by_day = day.changed();
  return {
    package_id: packageId,
    media_buy_id: mediaBuyId,
    by_device: device.changed(),
    by_country: country.changed(),
    by_day,
    overdelivery: totalsAfter(counter?.totals ?? ZERO, by_day).spend_micros > budget,
    reported_at: counter?.reported_at && counter.reported_at > reportedAt ? counter.reported_at : reportedAt,
  };
}

/** Differences summed by a key. */
class Sums {
  readonly #byKey = new Map<string, CounterDelta>();

  add(key: string, delta: CounterDelta): void {
    this.#byKey.set(key, addDeltas(this.#byKey.get(key) ?? {}, delta));
  }

  /** Those that are not zero. */
  changed(): Record<string, CounterDelta> {
    return Object.fromEntries([...this.#byKey].filter(([, delta]) => Object.keys(delta).length > 0));
  }
}

/** A package's totals with a difference by day added: the days' first, so that what moves from day to day passes no 2^53. */
export function totalsAfter(totals: Counters, byDay: PackageDelta["by_day"]): Counters {
  return addCounters(totals, Object.values(byDay).reduce(addDeltas, {}));
}

/** Adds a delta to the package's counter and to those of its days. */
export function applyDelta(tx: WriteTx, delta: PackageDelta): void {
  const { package_id, media_buy_id } = delta;
  const counter = tx.get(packageCounters, package_id) ?? zeroPackageCounter(package_id, media_buy_id);
  tx.put(packageCounters, {
    ...counter,
    totals: totalsAfter(counter.totals, delta.by_day),
    by_device: withParts(counter.by_device, delta.by_device),
    by_country: withParts(counter.by_country, countriesKept(counter, delta.by_country)),
    overdelivery: delta.overdelivery,
    reported_at: delta.reported_at,
  });
  for (const [date, change] of Object.entries(delta.by_day)) {
    const id = dayCounterId(package_id, date);
    const day = tx.get(dayCounters, id) ?? { id, package_id, media_buy_id, date, ...ZERO };
    tx.put(dayCounters, { ...day, ...addCounters(day, change) });
  }
}

function withParts(
  parts: Readonly<Record<string, Counters>>,
  deltas: Readonly<Record<string, CounterDelta>>,
): Record<string, Counters> {
  const sums = { ...parts };
  for (const [key, delta] of Object.entries(deltas)) sums[key] = addCounters(sums[key] ?? ZERO, delta);
  return sums;
}

/** Countries that came too late for a row of their own are counted together. A country's row never goes, so it is always the same one. */
function countriesKept(counter: PackageCounter, deltas: PackageDelta["by_country"]): Record<string, CounterDelta> {
  const known = new Set(Object.keys(counter.by_country));
  const kept: Record<string, CounterDelta> = {};
  for (const [country, delta] of Object.entries(deltas)) {
    if (known.size < MAX_COUNTRIES) known.add(country);
    const key = known.has(country) ? country : OTHER_COUNTRIES;
    kept[key] = addDeltas(kept[key] ?? {}, delta);
  }
  return kept;
}
