import { z } from "zod";
import { canonicalJson } from "../../model/json.ts";
import { refuse } from "../../model/refusal.ts";
import type { Refusal } from "../../model/refusal.ts";
import { PackageId } from "../../model/units.ts";
import type { MediaBuy, Package } from "./entities.ts";
import type { Notice } from "./notice.ts";

const ChangeValue = z.union([z.null(), z.number(), z.string(), z.array(z.string()), z.record(z.string(), z.number())]);
type ChangeValue = z.infer<typeof ChangeValue>;

/** One thing an operation changed. Packages that changed alike share one entry; without `package_ids` it is the buy itself. */
export const ChangeApplied = z.strictObject({
  operation: z.enum(["remove_geo", "add_geo", "adjust_bid", "set_daily_cap", "shift_budget", "set_status"]),
  details: z.string().max(300),
  package_ids: z.array(PackageId).max(50),
  previous_value: ChangeValue,
  new_value: ChangeValue,
});
export type ChangeApplied = z.infer<typeof ChangeApplied>;

/** Which packages an operation is about; without it, all that are not canceled. */
export const PackageIds = z
  .array(PackageId)
  .min(1)
  .max(50)
  .refine((ids) => new Set(ids).size === ids.length, "A package is named twice")
  .optional();

/** What an operation may know besides the buy. */
export interface OperationContext {
  readonly now: string;
  /** Who asks, as `kind:id`. */
  readonly by: string;
  /** The JSON pointer to the operation in the payload. */
  readonly pointer: string;
}

/** An operation's outcome on a copy of the buy. No changes means that it had no effect. */
export interface OperationResult {
  readonly buy: MediaBuy;
  readonly changes: readonly ChangeApplied[];
  readonly notices: readonly Notice[];
}

/** The packages an operation is about. PACKAGE_NOT_FOUND, or INVALID_STATE for one that is canceled. */
export function packagesOf(
  buy: MediaBuy,
  ids: readonly string[] | undefined,
  context: OperationContext,
): readonly Package[] | Refusal {
  if (!ids) return buy.packages.filter((pkg) => !pkg.canceled);
  const named: Package[] = [];
  for (const [at, id] of ids.entries()) {
    const pkg = namedPackage(buy, id, `${context.pointer}/package_ids/${at}`);
    if ("refused" in pkg) return pkg;
    named.push(pkg);
  }
  return named;
}

/** A package of the buy that is not canceled. */
export function namedPackage(buy: MediaBuy, id: string, pointer: string): Package | Refusal {
  const pkg = buy.packages.find((each) => each.id === id);
  if (!pkg) {
    const message = `The media buy has no package ${id}.`;
    return refuse("PACKAGE_NOT_FOUND", message, { issues: [{ pointer, message, keyword: "reference" }] });
  }
  return pkg.canceled ? refuse("INVALID_STATE", `${pkg.name} is canceled.`) : pkg;
}

/** The buy with some of its packages replaced, each found by its id. */
export function withPackages(buy: MediaBuy, replaced: readonly Package[]): MediaBuy {
  const byId = new Map(replaced.map((pkg) => [pkg.id, pkg]));
  return { ...buy, packages: buy.packages.map((pkg) => byId.get(pkg.id) ?? pkg) };
}

/** One package before and after, with the value to report. */
export interface PackageChange {
  readonly after: Package;
  readonly previous_value: ChangeValue;
  readonly new_value: ChangeValue;
}

/** The result of an operation on packages: those whose value stays are left alone, those that change alike are reported together. */
export function packageResult(
  buy: MediaBuy,
  packageChanges: readonly PackageChange[],
  report: { operation: ChangeApplied["operation"]; details: string; notices?: readonly Notice[] },
): OperationResult {
  const alike = new Map<string, ChangeApplied>();
  const replaced: Package[] = [];
  for (const { after, previous_value, new_value } of packageChanges) {
    if (canonicalJson(previous_value) === canonicalJson(new_value)) continue;
    replaced.push(after);
    const key = canonicalJson([previous_value, new_value]);
    const { operation, details } = report;
    const change = alike.get(key) ?? { operation, details, package_ids: [], previous_value, new_value };
    alike.set(key, { ...change, package_ids: [...change.package_ids, after.id] });
  }
  return { buy: withPackages(buy, replaced), changes: [...alike.values()], notices: report.notices ?? [] };
}
