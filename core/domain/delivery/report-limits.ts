import { invalid } from "../../model/refusal.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { ReadTx } from "../../model/transaction.ts";
import { mediaBuys } from "../media-buys/entities.ts";
import { addCounters, factCounters } from "../reporting/counters.ts";
import { totalsAfter } from "./deltas.ts";
import type { FactChange, PackageDelta } from "./deltas.ts";
import { MEASURES, ZERO, dayCounterId, dayCounters, packageCounters } from "./entities.ts";
import type { Counters } from "./entities.ts";
import type { FactInput } from "./fact-input.ts";

/** Days of a package that were delivered on. Room and browsers hold a counter of each: four years are enough for a flight. */
export const MAX_PACKAGE_DAYS = 1_500;

/**
 * Sums over a media buy, which its summary holds, beyond 2^53 − 1 would lose micros without a sound. What a report itself
 * says is added up first: where it stays below, so does every difference on the way, and all of them are exact.
 */
export function overflow(tx: ReadTx, changes: readonly FactChange[], deltas: readonly PackageDelta[]): Refusal | null {
  const byDay = new Map(deltas.map((delta) => [delta.package_id, delta.by_day]));
  const tooMuch = (buyId: string): Refusal =>
    invalid("/facts", `The totals of the media buy ${buyId} would exceed 2^53 − 1.`, "maximum");
  const reported = new Map<string, Counters>();
  for (const { after } of changes) {
    const sum = addCounters(reported.get(after.media_buy_id) ?? ZERO, factCounters(after));
    if (!isExact(sum)) return tooMuch(after.media_buy_id);
    reported.set(after.media_buy_id, sum);
  }
  for (const buyId of reported.keys()) {
    const packages = tx.get(mediaBuys, buyId)?.packages ?? [];
    const totals = packages.map(({ id }) =>
      totalsAfter(tx.get(packageCounters, id)?.totals ?? ZERO, byDay.get(id) ?? {}),
    );
    if (!isExact(totals.reduce(addCounters, ZERO))) return tooMuch(buyId);
  }
  return null;
}

function isExact(counters: Counters): boolean {
  return MEASURES.every((measure) => Number.isSafeInteger(counters[measure]));
}

/** Refuses the first row that would give its package a day more than {@link MAX_PACKAGE_DAYS}. */
export function tooManyDays(tx: ReadTx, deltas: readonly PackageDelta[], rows: readonly FactInput[]): Refusal | null {
  const added = new Map<string, string[]>();
  for (const { package_id, by_day } of deltas) {
    const days = Object.keys(by_day).filter((day) => !tx.get(dayCounters, dayCounterId(package_id, day)));
    if (days.length > 0) added.set(package_id, days);
  }
  // Most reports are about days that are known, and cost no look at all the others.
  if (added.size === 0) return null;
  const known = new Map<string, number>();
  for (const { package_id } of tx.list(dayCounters)) known.set(package_id, (known.get(package_id) ?? 0) + 1);
  for (const [packageId, days] of added) {
    const free = Math.max(0, MAX_PACKAGE_DAYS - (known.get(packageId) ?? 0));
    if (days.length <= free) continue;
    const at = rows.findIndex((row) => row.package_id === packageId && row.date === days[free]);
    const message = `Package ${packageId} would have been delivered on more than ${MAX_PACKAGE_DAYS} days.`;
    return invalid(`/facts/${at}/date`, message, "maxItems");
  }
  return null;
}
