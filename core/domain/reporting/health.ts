import { z } from "zod";
import { PackageId } from "../../model/units.ts";
import { totalBudget } from "../media-buys/entities.ts";
import { livePackages, liveSpend } from "./buy-delivery.ts";
import type { JudgedDelivery, ReportContext } from "./buy-delivery.ts";
import { buyPacing, elapsedShare } from "./pacing.ts";
import { ratio } from "./ratios.ts";

export const HealthLevel = z.enum(["good", "warning", "poor"]);
export type HealthLevel = z.infer<typeof HealthLevel>;

/** One rule that speaks against a buy. */
export const HealthReason = z.strictObject({
  level: HealthLevel.exclude(["good"]),
  rule: z.enum(["pacing", "ctr", "spend"]),
  message: z.string(),
  package_id: PackageId.nullable(),
});
export type HealthReason = Readonly<z.infer<typeof HealthReason>>;

export const Health = z.strictObject({
  level: HealthLevel,
  /** The worst first; empty when it is good. */
  reasons: z.array(HealthReason),
});
export type Health = Readonly<z.infer<typeof Health>>;

/**
 * Health of a buy: the worst of its reasons. Pacing and spend are judged for the whole buy, click-through for each
 * package that has a target and impressions. Limits come from the workspace's thresholds.
 */
export function buyHealth(delivery: JudgedDelivery, context: ReportContext): Health {
  const reasons = [...pacingReasons(delivery, context), ...ctrReasons(delivery, context)];
  reasons.push(...spendReasons(delivery, context));
  reasons.sort((a, b) => rank(b.level) - rank(a.level));
  return { level: reasons[0]?.level ?? "good", reasons };
}

function rank(level: HealthReason["level"]): number {
  return level === "poor" ? 1 : 0;
}

function pacingReasons(delivery: JudgedDelivery, context: ReportContext): HealthReason[] {
  const { index } = buyPacing(delivery, context);
  const limits = context.thresholds;
  if (index === null) return [];
  const message = (limit: number, side: string): string =>
    `Pacing index ${index.toFixed(2)} is ${side} ${limit.toFixed(2)}`;
  const reason = (level: HealthReason["level"], text: string): HealthReason[] => [
    { level, rule: "pacing", message: text, package_id: null },
  ];
  if (index < limits.pacing_poor_low) return reason("poor", message(limits.pacing_poor_low, "below"));
  if (index > limits.pacing_poor_high) return reason("poor", message(limits.pacing_poor_high, "above"));
  if (index < limits.pacing_behind) return reason("warning", message(limits.pacing_behind, "below"));
  if (index > limits.pacing_over) return reason("warning", message(limits.pacing_over, "above"));
  return [];
}

function ctrReasons(delivery: JudgedDelivery, { thresholds }: ReportContext): HealthReason[] {
  return livePackages(delivery.buy).flatMap((pkg): HealthReason[] => {
    const totals = delivery.counters.get(pkg.id)?.totals;
    const ctr = totals ? ratio(totals.clicks, totals.impressions) : null;
    if (ctr === null || pkg.target_ctr === null) return [];
    const share = ctr / pkg.target_ctr;
    if (share >= thresholds.ctr_warning) return [];
    const level = share < thresholds.ctr_poor ? "poor" : "warning";
    const message = `${pkg.name}: click-through rate is ${percent(share)} of its target`;
    return [{ level, rule: "ctr", message, package_id: pkg.id }];
  });
}

function spendReasons(delivery: JudgedDelivery, { now, thresholds }: ReportContext): HealthReason[] {
  const spent = ratio(liveSpend(delivery), totalBudget(delivery.buy));
  const left = 1 - elapsedShare(delivery.buy, now);
  if (spent === null || spent <= thresholds.spend_warning || left <= thresholds.spend_flight_left) return [];
  const message = `${percent(spent)} of the budget is spent with ${percent(left)} of the flight left`;
  return [{ level: "warning", rule: "spend", message, package_id: null }];
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
