import { z } from "zod";
import { invalid } from "../../model/refusal.ts";
import type { Refusal } from "../../model/refusal.ts";
import { MediaBuyStatus } from "./entities.ts";
import type { MediaBuy, Package } from "./entities.ts";
import type { Notice } from "./notice.ts";
import { PackageIds, packageResult, packagesOf } from "./operation.ts";
import type { OperationContext, OperationResult } from "./operation.ts";
import { moveRefusal } from "./status-graph.ts";

export const StatusReason = z.string().trim().min(1).max(500);

/** Pause, resume, complete, reject or cancel the buy; with `package_ids`, pause, resume or cancel those packages alone. */
export const SetStatus = z.strictObject({
  operation: z.literal("set_status"),
  status: MediaBuyStatus,
  /** Needed to cancel the buy. */
  reason: StatusReason.optional(),
  package_ids: PackageIds,
});
type SetStatus = z.infer<typeof SetStatus>;

/** Sets the status. INVALID_STATE or NOT_CANCELLABLE where the graph does not allow it. */
export function setStatus(buy: MediaBuy, input: SetStatus, context: OperationContext): OperationResult | Refusal {
  if (input.package_ids) return setPackageStatus(buy, input, context);
  if (input.status === buy.status && input.status !== "canceled") return { buy, changes: [], notices: [] };
  const refused = moveRefusal(buy.status, input.status);
  if (refused) return refused;
  if (input.status === "canceled" && input.reason === undefined) {
    return invalid(`${context.pointer}/reason`, "Canceling needs a reason.", "required");
  }
  const reason = input.reason ?? null;
  const cancellation =
    input.status === "canceled" && reason !== null ? { reason, at: context.now, by: context.by } : buy.cancellation;
  const details =
    reason === null ? `Set the status to ${input.status}` : `Set the status to ${input.status}: ${reason}`;
  return {
    buy: { ...buy, status: input.status, status_reason: reason, cancellation },
    changes: [
      {
        operation: "set_status",
        details: details.slice(0, 300),
        package_ids: [],
        previous_value: buy.status,
        new_value: input.status,
      },
    ],
    notices: notBegun(buy, input.status, context.now),
  };
}

function notBegun(buy: MediaBuy, status: MediaBuyStatus, now: string): Notice[] {
  if (status !== "active" || Date.parse(now) >= Date.parse(buy.start_at)) return [];
  return [{ code: "flight_not_begun", message: `The flight begins at ${buy.start_at}.` }];
}

function setPackageStatus(buy: MediaBuy, input: SetStatus, context: OperationContext): OperationResult | Refusal {
  const { status } = input;
  if (status !== "active" && status !== "paused" && status !== "canceled") {
    return invalid(`${context.pointer}/status`, "A package can be active, paused or canceled.", "enum");
  }
  const packages = packagesOf(buy, input.package_ids, context);
  if ("refused" in packages) return packages;
  const result = packageResult(
    buy,
    packages.map((pkg) => ({
      after: {
        ...pkg,
        paused: status === "active" ? false : status === "paused" || pkg.paused,
        canceled: status === "canceled",
      },
      previous_value: packageStatus(pkg),
      new_value: status,
    })),
    { operation: "set_status", details: `Set packages to ${status}` },
  );
  if (result.buy.packages.some((pkg) => !pkg.canceled)) return result;
  const message = "No package would be left: cancel the media buy instead.";
  return invalid(`${context.pointer}/package_ids`, message, "minItems");
}

function packageStatus(pkg: Package): "active" | "paused" | "canceled" {
  if (pkg.canceled) return "canceled";
  return pkg.paused ? "paused" : "active";
}
