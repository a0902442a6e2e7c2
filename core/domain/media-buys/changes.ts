import { z } from "zod";
import type { CommitFacts } from "../../model/event.ts";
import { canonicalJson } from "../../model/json.ts";
import type { WriteTx } from "../../model/transaction.ts";
import { MediaBuyId, PackageId } from "../../model/units.ts";
import { packageCounters } from "../delivery/entities.ts";
import { MediaBuy, Package, mediaBuys } from "./entities.ts";

const PACKAGE_FIELDS = {
  budget_micros: true,
  bid_micros: true,
  device_bid_modifiers: true,
  geo_countries: true,
  paused: true,
  canceled: true,
  start_at: true,
  end_at: true,
} as const;
const BUY_FIELDS = {
  status: true,
  status_reason: true,
  start_at: true,
  end_at: true,
  daily_cap_micros: true,
  cancellation: true,
} as const;

/** The fields of a buy and its packages that a command changed, with their new values; the rest is left out. */
export const MediaBuyChanges = z.strictObject({
  ...MediaBuy.pick(BUY_FIELDS).exactPartial().shape,
  packages: z.array(Package.pick(PACKAGE_FIELDS).exactPartial().extend({ id: PackageId })).max(50),
});
export type MediaBuyChanges = z.infer<typeof MediaBuyChanges>;

/** What every event about a changed buy carries. */
export const mediaBuyChanged = { media_buy_id: MediaBuyId, changes: MediaBuyChanges };

/** What leads from `before` to `after`; null if nothing does. Packages are never added, removed or reordered. */
export function changesBetween(before: MediaBuy, after: MediaBuy): MediaBuyChanges | null {
  const packages = after.packages.flatMap((pkg, at) => {
    const old = before.packages[at];
    const fields = old ? differing(PACKAGE_FIELDS, old, pkg) : {};
    return Object.keys(fields).length === 0 ? [] : [{ id: pkg.id, ...fields }];
  });
  const fields = differing(BUY_FIELDS, before, after);
  return packages.length === 0 && Object.keys(fields).length === 0 ? null : { ...fields, packages };
}

function differing<T extends object, K extends keyof T>(
  names: Record<K, true>,
  before: T,
  after: T,
): Partial<Pick<T, K>> {
  const fields: Partial<Pick<T, K>> = {};
  // Object.keys widens to string; the keys of `names` are K by its type.
  for (const name of Object.keys(names) as K[]) {
    if (canonicalJson(before[name]) !== canonicalJson(after[name])) fields[name] = after[name];
  }
  return fields;
}

/** A buy with changes made. */
export function changed(buy: MediaBuy, { packages, ...fields }: MediaBuyChanges): MediaBuy {
  const byId = new Map(packages.map((patch) => [patch.id, patch]));
  return { ...buy, ...fields, packages: buy.packages.map((pkg) => ({ ...pkg, ...byId.get(pkg.id) })) };
}

/** Writes changes. A changed budget also decides anew whether a package is over-delivered. */
export function applyChanges(
  tx: WriteTx,
  data: { media_buy_id: string; changes: MediaBuyChanges },
  facts: CommitFacts,
): void {
  const buy = tx.get(mediaBuys, data.media_buy_id);
  if (!buy) return;
  tx.put(mediaBuys, { ...changed(buy, data.changes), updated_at: facts.at, updated_by: facts.actor });
  for (const { id, budget_micros } of data.changes.packages) {
    const counter = budget_micros === undefined ? undefined : tx.get(packageCounters, id);
    if (!counter || budget_micros === undefined) continue;
    const overdelivery = counter.totals.spend_micros > budget_micros;
    if (overdelivery !== counter.overdelivery) tx.update(packageCounters, id, { overdelivery });
  }
}
