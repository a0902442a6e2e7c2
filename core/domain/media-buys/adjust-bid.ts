import { z } from "zod";
import { invalid, refuse } from "../../model/refusal.ts";
import type { Refusal } from "../../model/refusal.ts";
import { Device } from "./entities.ts";
import type { MediaBuy, Package } from "./entities.ts";
import { PackageIds, packageResult, packagesOf } from "./operation.ts";
import type { OperationContext, OperationResult, PackageChange } from "./operation.ts";

/** Raise or lower what is bid, by percent of the present bid: everywhere (`all`), or on one device. */
export const AdjustBid = z.strictObject({
  operation: z.literal("adjust_bid"),
  device: z.union([Device, z.literal("all")]),
  percent: z
    .number()
    .min(-90)
    .max(900)
    .refine((percent) => percent !== 0, "A change of 0 % is none"),
  package_ids: PackageIds,
});
type AdjustBid = z.infer<typeof AdjustBid>;

const MIN_MODIFIER = -0.9;
const MAX_MODIFIER = 9;

/** Adjusts bids. UNSUPPORTED_FEATURE on a fixed price; VALIDATION_ERROR if a device's modifier leaves −0.9..+9, or a bid 2^53 − 1. */
export function adjustBid(buy: MediaBuy, input: AdjustBid, context: OperationContext): OperationResult | Refusal {
  const packages = packagesOf(buy, input.package_ids, context);
  if ("refused" in packages) return packages;
  const changes: PackageChange[] = [];
  for (const pkg of packages) {
    if (pkg.bid_micros === null) {
      const hint = "Name the packages that are bought in an auction in package_ids.";
      return refuse("UNSUPPORTED_FEATURE", `${pkg.name} is bought at a fixed price: there is no bid.`, { hint });
    }
    const change = input.device === "all" ? ofBid(pkg, pkg.bid_micros, input) : ofModifier(pkg, input.device, input);
    if (change === null) return invalid(`${context.pointer}/percent`, outOfRange(pkg, input), "range");
    changes.push(change);
  }
  const where = input.device === "all" ? "" : ` on ${input.device}`;
  const sign = input.percent > 0 ? "+" : "";
  const details = `Adjusted the bid${where} by ${sign}${Number(input.percent.toFixed(2))} %`;
  return packageResult(buy, changes, { operation: "adjust_bid", details });
}

function outOfRange({ name }: Package, { device }: AdjustBid): string {
  if (device === "all") return `${name} would bid more than 2^53 − 1 micros.`;
  return `On ${device}, ${name} would bid less than 10 % or more than 1,000 % of its bid.`;
}

/** Null for a bid that could not be counted to the micro. */
function ofBid(pkg: Package, bid: number, { percent }: AdjustBid): PackageChange | null {
  // Never 0, whatever is rounded: a bid of nothing would not be a bid.
  const after = Math.max(1, Math.round(bid * (1 + percent / 100)));
  if (!Number.isSafeInteger(after)) return null;
  return { after: { ...pkg, bid_micros: after }, previous_value: bid, new_value: after };
}

/** Modifiers compound: +20 % twice bids 44 % more. */
function ofModifier(pkg: Package, device: Device, { percent }: AdjustBid): PackageChange | null {
  const { [device]: before = 0, ...others } = pkg.device_bid_modifiers;
  const modifier = roundedModifier((1 + before) * (1 + percent / 100) - 1);
  if (modifier < MIN_MODIFIER || modifier > MAX_MODIFIER) return null;
  const after = modifier === 0 ? others : { ...others, [device]: modifier };
  return { after: { ...pkg, device_bid_modifiers: after }, previous_value: before, new_value: modifier };
}

/** Six decimals: without them 1.2 − 1 would be 0.19999999999999996. */
function roundedModifier(modifier: number): number {
  return Math.round(modifier * 1e6) / 1e6;
}
