import { z } from "zod";
import { isRefusal, refuse } from "../../model/refusal.ts";
import type { Refusal } from "../../model/refusal.ts";
import { AddGeo, addGeo } from "./add-geo.ts";
import { AdjustBid, adjustBid } from "./adjust-bid.ts";
import type { MediaBuy } from "./entities.ts";
import type { OperationContext, OperationResult } from "./operation.ts";
import { RemoveGeo, removeGeo } from "./remove-geo.ts";
import { brokenRule } from "./rules.ts";
import type { RuleField } from "./rules.ts";
import { SetDailyCap, setDailyCap } from "./set-daily-cap.ts";
import { SetStatus, setStatus } from "./set-status.ts";
import { ShiftBudget, shiftBudget } from "./shift-budget.ts";

export const Operation = z.discriminatedUnion("operation", [
  RemoveGeo,
  AddGeo,
  AdjustBid,
  SetDailyCap,
  ShiftBudget,
  SetStatus,
]);
export type Operation = z.infer<typeof Operation>;
export const MAX_OPERATIONS = 20;

/** The order in which operations take effect, whatever the order in which they are sent. */
const ORDER: readonly Operation["operation"][] = [
  "remove_geo",
  "add_geo",
  "adjust_bid",
  "set_daily_cap",
  "shift_budget",
  "set_status",
];

/** Which operation a broken rule is blamed on: the first of these kinds that is there. */
const BLAME: ReadonlyMap<RuleField, readonly Operation["operation"][]> = new Map([
  ["geo", ["remove_geo", "add_geo"]],
  ["bid", ["adjust_bid"]],
  ["budget", ["shift_budget"]],
  ["cap", ["set_daily_cap", "set_status"]],
]);

/** The world operations are applied in. */
export interface OperationsContext {
  readonly now: string;
  readonly by: string;
  /** Micros a package has spent to date. */
  spent(packageId: string): number;
}

/**
 * Applies operations to a copy of the buy, in their fixed order, and checks the result once: all or nothing.
 * NO_CHANGE if none has an effect; one without effect among others is told in a notice.
 */
export function applyOperations(
  before: MediaBuy,
  operations: readonly Operation[],
  context: OperationsContext,
): OperationResult | Refusal {
  const ordered = [...operations.entries()].sort(
    ([, a], [, b]) => ORDER.indexOf(a.operation) - ORDER.indexOf(b.operation),
  );
  let result: OperationResult = { buy: before, changes: [], notices: [] };
  for (const [at, operation] of ordered) {
    const step = applyOne(result.buy, operation, { now: context.now, by: context.by, pointer: `/operations/${at}` });
    if (isRefusal(step)) return step;
    const idle =
      step.changes.length === 0
        ? [{ code: "no_effect" as const, message: `${operation.operation} had no effect.` }]
        : [];
    result = {
      buy: step.buy,
      changes: [...result.changes, ...step.changes],
      notices: [...result.notices, ...step.notices, ...idle],
    };
  }
  if (result.changes.length === 0) return refuse("NO_CHANGE", "The media buy is already as asked.");
  const pointer = (field: RuleField): string => blamed(operations, field);
  return brokenRule(result.buy, { before, spent: context.spent, pointer }) ?? result;
}

function applyOne(buy: MediaBuy, input: Operation, context: OperationContext): OperationResult | Refusal {
  switch (input.operation) {
    case "remove_geo":
      return removeGeo(buy, input, context);
    case "add_geo":
      return addGeo(buy, input, context);
    case "adjust_bid":
      return adjustBid(buy, input, context);
    case "set_daily_cap":
      return setDailyCap(buy, input);
    case "shift_budget":
      return shiftBudget(buy, input, context);
    case "set_status":
      return setStatus(buy, input, context);
  }
}

function blamed(operations: readonly Operation[], field: RuleField): string {
  for (const kind of BLAME.get(field) ?? []) {
    const at = operations.findIndex(({ operation }) => operation === kind);
    if (at >= 0) return `/operations/${at}`;
  }
  return "/operations";
}
