import { isRefusal } from "../../model/refusal.ts";
import { MAX_OPERATIONS, applyOperations } from "./apply-operations.ts";
import type { Operation } from "./apply-operations.ts";
import { changesBetween } from "./changes.ts";
import type { MediaBuy, Package } from "./entities.ts";
import { shiftedAmount } from "./shift-budget.ts";
import { canMove } from "./status-graph.ts";

/** What is undone does not depend on spend or time. */
const ANY_TIME = { now: "1970-01-01T00:00:00.000Z", by: "", spent: () => 0 };

/**
 * The operations that lead back from what `operations` make of `before`. Null where none do: a canceled package or buy,
 * a status that the graph does not lead back to, or more than {@link MAX_OPERATIONS}.
 */
export function undoing(before: MediaBuy, operations: readonly Operation[]): Operation[] | null {
  const result = applyOperations(before, operations, ANY_TIME);
  if (isRefusal(result)) return null;
  const after = result.buy;
  const back: Operation[] = [...geoBack(before, after), ...bidsBack(before, after)];
  if (after.daily_cap_micros !== before.daily_cap_micros) {
    back.push({ operation: "set_daily_cap", amount_micros: before.daily_cap_micros });
  }
  back.push(...shiftsBack(before, operations), ...pausesBack(before, after));
  if (after.status !== before.status) {
    if (!canMove(after.status, before.status)) return null;
    back.push({ operation: "set_status", status: before.status, ...reasonOf(before) });
  }
  return back.length <= MAX_OPERATIONS && leadsBack(before, after, back) ? back : null;
}

function reasonOf({ status_reason }: MediaBuy): { reason?: string } {
  return status_reason === null ? {} : { reason: status_reason };
}

/** Percentages are rounded to whole micros, so whether they lead back exactly is tried, not assumed. */
function leadsBack(before: MediaBuy, after: MediaBuy, back: readonly Operation[]): boolean {
  const undone = applyOperations(after, back, ANY_TIME);
  return !isRefusal(undone) && changesBetween(before, { ...undone.buy, status_reason: before.status_reason }) === null;
}

/** Calls `make` once for each distinct value, with the packages that share it. */
function grouped(
  pairs: readonly (readonly [Package, Package])[],
  valueOf: (before: Package, after: Package) => string | null,
): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [before, after] of pairs) {
    const value = valueOf(before, after);
    if (value !== null) groups.set(value, [...(groups.get(value) ?? []), before.id]);
  }
  return groups;
}

function pairsOf(before: MediaBuy, after: MediaBuy): (readonly [Package, Package])[] {
  return before.packages.flatMap((pkg, at) => {
    const other = after.packages[at];
    return other ? [[pkg, other] as const] : [];
  });
}

function geoBack(before: MediaBuy, after: MediaBuy): Operation[] {
  const missing = (from: Package, to: Package): string | null => {
    const codes = from.geo_countries.filter((country) => !to.geo_countries.includes(country));
    return codes.length === 0 ? null : codes.join(" ");
  };
  const pairs = pairsOf(before, after);
  const added = [...grouped(pairs, (b, a) => missing(a, b))];
  const removed = [...grouped(pairs, missing)];
  return [
    ...added.map(([codes, ids]): Operation => ({
      operation: "remove_geo",
      countries: codes.split(" "),
      package_ids: ids,
    })),
    ...removed.map(([codes, ids]): Operation => ({
      operation: "add_geo",
      countries: codes.split(" "),
      package_ids: ids,
    })),
  ];
}

function bidsBack(before: MediaBuy, after: MediaBuy): Operation[] {
  const pairs = pairsOf(before, after);
  const devices = new Set(
    pairs.flatMap(([b, a]) => Object.keys({ ...b.device_bid_modifiers, ...a.device_bid_modifiers })),
  );
  const operations: Operation[] = [];
  for (const device of ["all" as const, ...([...devices] as Package["devices"])]) {
    const factor = (pkg: Package): number =>
      device === "all" ? (pkg.bid_micros ?? 0) : 1 + (pkg.device_bid_modifiers[device] ?? 0);
    const percents = grouped(pairs, (b, a) =>
      factor(b) === factor(a) ? null : String((factor(b) / factor(a) - 1) * 100),
    );
    for (const [percent, ids] of percents) {
      operations.push({
        operation: "adjust_bid",
        device,
        percent: Math.min(900, Math.max(-90, Number(percent))),
        package_ids: ids,
      });
    }
  }
  return operations;
}

/** Each shift back from its target, the last one first, as a percentage of what the target has by then. */
function shiftsBack(before: MediaBuy, operations: readonly Operation[]): Operation[] {
  const budgets = new Map(before.packages.map((pkg) => [pkg.id, pkg.budget_micros]));
  const back: Operation[] = [];
  for (const input of operations) {
    if (input.operation !== "shift_budget") continue;
    const source = budgets.get(input.from_package_id) ?? 0;
    const amount = shiftedAmount(source, input.percent);
    const target = (budgets.get(input.to_package_id) ?? 0) + amount;
    budgets.set(input.from_package_id, source - amount).set(input.to_package_id, target);
    if (amount === 0) continue;
    const ends = { from_package_id: input.to_package_id, to_package_id: input.from_package_id };
    back.unshift({ operation: "shift_budget", ...ends, percent: (amount / target) * 100 });
  }
  return back;
}

function pausesBack(before: MediaBuy, after: MediaBuy): Operation[] {
  const groups = grouped(pairsOf(before, after), (b, a) =>
    b.paused === a.paused ? null : b.paused ? "paused" : "active",
  );
  return [...groups].map(([status, ids]) => ({
    operation: "set_status",
    status: status === "paused" ? "paused" : "active",
    package_ids: ids,
  }));
}
