import type { ReadTx } from "../../model/transaction.ts";
import { dayCounters, packageCounters, zeroPackageCounter } from "../delivery/entities.ts";
import type { Counters, DayCounter, PackageCounter } from "../delivery/entities.ts";
import type { MediaBuy, Package } from "../media-buys/entities.ts";
import { DEFAULT_THRESHOLDS, workspaceOf } from "../workspaces/entities.ts";
import type { Thresholds } from "../workspaces/entities.ts";
import { sumCounters } from "./counters.ts";

/** A buy with what was delivered on it: all that pacing, health and recommendations are computed from. */
export interface BuyDelivery {
  readonly buy: MediaBuy;
  /** One per package, by package id. */
  readonly counters: ReadonlyMap<string, PackageCounter>;
  readonly days: readonly DayCounter[];
}

/** What pacing and health look at in a package: the package itself has it, and so has its summary in a workspace. */
export type JudgedPackage = Pick<
  Package,
  "id" | "name" | "budget_micros" | "pacing_strategy" | "target_ctr" | "start_at" | "end_at" | "canceled"
>;

/** As much of a {@link BuyDelivery} as pacing and health need. */
export interface JudgedDelivery {
  readonly buy: Pick<MediaBuy, "start_at" | "end_at"> & { readonly packages: readonly JudgedPackage[] };
  /** One per package, by package id. */
  readonly counters: ReadonlyMap<string, Pick<PackageCounter, "totals">>;
}

/** When and by which rules a report is made. */
export interface ReportContext {
  /** ISO-8601 UTC. */
  readonly now: string;
  /** IANA zone of report days. */
  readonly zone: string;
  readonly thresholds: Thresholds;
}

/** Reads a buy's counters. Works in the room and in a browser. */
export function deliveryOf(tx: ReadTx, buy: MediaBuy): BuyDelivery {
  const counters = new Map(
    buy.packages.map(({ id }) => [id, tx.get(packageCounters, id) ?? zeroPackageCounter(id, buy.id)]),
  );
  return { buy, counters, days: tx.list(dayCounters).filter((day) => day.media_buy_id === buy.id) };
}

/** The report rules of the room's workspace; UTC and the defaults until its mirror arrives. */
export function reportContext(tx: ReadTx, now: string): ReportContext {
  const workspace = workspaceOf(tx);
  return { now, zone: workspace?.timezone ?? "UTC", thresholds: workspace?.thresholds ?? DEFAULT_THRESHOLDS };
}

/** What a buy delivered in all, canceled packages included. */
export function buyTotals(delivery: BuyDelivery): Counters {
  return sumCounters([...delivery.counters.values()].map((counter) => counter.totals));
}

/** What a package has spent to date, in micros. */
export function packageSpend(delivery: Pick<JudgedDelivery, "counters">, packageId: string): number {
  return delivery.counters.get(packageId)?.totals.spend_micros ?? 0;
}

/** The packages whose budget counts: those not canceled. */
export function livePackages<P extends Pick<Package, "canceled">>(buy: { readonly packages: readonly P[] }): P[] {
  return buy.packages.filter((pkg) => !pkg.canceled);
}

/** What the packages whose budget counts have spent to date, in micros. */
export function liveSpend(delivery: JudgedDelivery): number {
  return livePackages(delivery.buy).reduce((sum, pkg) => sum + packageSpend(delivery, pkg.id), 0);
}
