import { z } from "zod";
import { NonNegativeMicros } from "../../model/units.ts";
import type { PacingStrategy } from "../media-buys/entities.ts";
import type { Thresholds } from "../workspaces/entities.ts";
import { livePackages, packageSpend } from "./buy-delivery.ts";
import type { JudgedDelivery, JudgedPackage, ReportContext } from "./buy-delivery.ts";

/** Too little has happened before this for an index to mean anything. */
const MIN_ELAPSED_MS = 6 * 3_600_000;

export const PacingState = z.enum(["behind", "on_track", "overspend"]);
export type PacingState = z.infer<typeof PacingState>;

/** How spending keeps up with the plan. */
export const Pacing = z.strictObject({
  /** Spend ÷ expected spend; null before the start, in the first 6 hours, and for what is bought as soon as possible. */
  index: z.number().nullable(),
  /** Null where there is nothing to judge yet. */
  state: PacingState.nullable(),
  /** What should be spent by now, in micros; null where the strategy expects nothing in particular. */
  expected_micros: NonNegativeMicros.nullable(),
  spend_micros: NonNegativeMicros,
  budget_micros: NonNegativeMicros,
});
export type Pacing = Readonly<z.infer<typeof Pacing>>;

/** A package's own flight, or the buy's. */
export function flightOf(
  buy: Pick<JudgedDelivery["buy"], "start_at" | "end_at">,
  pkg: Pick<JudgedPackage, "start_at" | "end_at">,
): { start_at: string; end_at: string } {
  return { start_at: pkg.start_at ?? buy.start_at, end_at: pkg.end_at ?? buy.end_at };
}

/** The share of the budget a strategy wants spent after a share `x` of the flight: x, or 1 − (1 − x)² when front-loaded; `asap` wants no share. */
export function expectedShare(strategy: PacingStrategy, x: number): number | null {
  if (strategy === "asap") return null;
  return strategy === "even" ? x : 1 - (1 - x) ** 2;
}

/** The share of a flight that has passed, 0..1. */
export function elapsedShare(flight: { start_at: string; end_at: string }, now: string): number {
  const start = Date.parse(flight.start_at);
  const share = (Date.parse(now) - start) / (Date.parse(flight.end_at) - start);
  return Math.min(1, Math.max(0, share));
}

/** Pacing of one package. */
export function packagePacing(delivery: JudgedDelivery, pkg: JudgedPackage, context: ReportContext): Pacing {
  return combine([planOf(delivery, pkg, context)], context.thresholds);
}

/** Pacing of a buy: what its live packages spent against what their strategies expected together. */
export function buyPacing(delivery: JudgedDelivery, context: ReportContext): Pacing {
  return combine(
    livePackages(delivery.buy).map((pkg) => planOf(delivery, pkg, context)),
    context.thresholds,
  );
}

interface Plan {
  readonly budget: number;
  readonly spend: number;
  /** Null for `asap`. */
  readonly expected: number | null;
  readonly started: boolean;
  readonly measurable: boolean;
}

function planOf(delivery: JudgedDelivery, pkg: JudgedPackage, { now }: ReportContext): Plan {
  const flight = flightOf(delivery.buy, pkg);
  const share = expectedShare(pkg.pacing_strategy, elapsedShare(flight, now));
  const elapsedMs = Date.parse(now) - Date.parse(flight.start_at);
  return {
    budget: pkg.budget_micros,
    spend: packageSpend(delivery, pkg.id),
    expected: share === null ? null : pkg.budget_micros * share,
    started: elapsedMs >= 0,
    measurable: share !== null && elapsedMs >= MIN_ELAPSED_MS,
  };
}

function combine(plans: readonly Plan[], thresholds: Thresholds): Pacing {
  const planned = plans.filter((plan) => plan.expected !== null);
  const measurable = plans.filter((plan) => plan.measurable);
  const expected = sum(measurable.map((plan) => plan.expected ?? 0));
  const index = expected > 0 ? sum(measurable.map((plan) => plan.spend)) / expected : null;
  const spend = sum(plans.map((plan) => plan.spend));
  const budget = sum(plans.map((plan) => plan.budget));
  return {
    index,
    state: index === null ? stateWithoutIndex(plans) : stateOf(index, thresholds),
    expected_micros: planned.length === 0 ? null : Math.round(sum(planned.map((plan) => plan.expected ?? 0))),
    spend_micros: spend,
    budget_micros: budget,
  };
}

/** What is bought as soon as possible is on track until its budget is spent. */
function stateWithoutIndex(plans: readonly Plan[]): PacingState | null {
  const asap = plans.filter((plan) => plan.expected === null && plan.started);
  if (asap.length === 0) return null;
  return asap.every((plan) => plan.spend < plan.budget) ? "on_track" : "overspend";
}

function stateOf(index: number, thresholds: Thresholds): PacingState {
  if (index < thresholds.pacing_behind) return "behind";
  return index <= thresholds.pacing_over ? "on_track" : "overspend";
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
