import { z } from "zod";
import { invalid } from "../../model/refusal.ts";
import type { Refusal } from "../../model/refusal.ts";
import { PackageId } from "../../model/units.ts";
import type { MediaBuy } from "./entities.ts";
import { namedPackage, withPackages } from "./operation.ts";
import type { OperationContext, OperationResult } from "./operation.ts";

/** Move a part of one package's budget (not of its spend) to another. The total stays the same to the micro. */
export const ShiftBudget = z.strictObject({
  operation: z.literal("shift_budget"),
  from_package_id: PackageId,
  to_package_id: PackageId,
  percent: z.number().gt(0).max(100),
});
type ShiftBudget = z.infer<typeof ShiftBudget>;

/** Shifts budget. Whether the source keeps enough is judged when all operations are applied. */
export function shiftBudget(buy: MediaBuy, input: ShiftBudget, context: OperationContext): OperationResult | Refusal {
  const from = namedPackage(buy, input.from_package_id, `${context.pointer}/from_package_id`);
  if ("refused" in from) return from;
  const to = namedPackage(buy, input.to_package_id, `${context.pointer}/to_package_id`);
  if ("refused" in to) return to;
  if (from.id === to.id)
    return invalid(`${context.pointer}/to_package_id`, "From and to are the same package.", "distinct");
  const amount = shiftedAmount(from.budget_micros, input.percent);
  if (amount === 0) return { buy, changes: [], notices: [] };
  const source = { ...from, budget_micros: from.budget_micros - amount };
  const target = { ...to, budget_micros: to.budget_micros + amount };
  const change = {
    operation: "shift_budget" as const,
    details: `Moved ${amount} micros from ${from.name} to ${to.name}`.slice(0, 300),
    package_ids: [from.id, to.id],
    previous_value: { [from.id]: from.budget_micros, [to.id]: to.budget_micros },
    new_value: { [source.id]: source.budget_micros, [target.id]: target.budget_micros },
  };
  return { buy: withPackages(buy, [source, target]), changes: [change], notices: [] };
}

/** Percent of a budget, in whole micros. */
export function shiftedAmount(budgetMicros: number, percent: number): number {
  return Math.min(budgetMicros, Math.round((budgetMicros * percent) / 100));
}
