import { z } from "zod";
import { actorRef } from "../../model/access.ts";
import { defineCommand } from "../../model/command.ts";
import { defineEvent } from "../../model/event.ts";
import { isRefusal, refuse } from "../../model/refusal.ts";
import { deliveryOf, packageSpend, reportContext } from "../reporting/buy-delivery.ts";
import { Recommendation, recommendations } from "../reporting/recommendations.ts";
import { MAX_OPERATIONS, Operation, applyOperations } from "./apply-operations.ts";
import { applyChanges, changesBetween, mediaBuyChanged } from "./changes.ts";
import { MediaBuyRef, findMediaBuy, targetBuy, writableBuy } from "./entities.ts";
import { Notice } from "./notice.ts";
import { ChangeApplied } from "./operation.ts";
import { capNotices } from "./spend-notices.ts";
import { moveRefusal } from "./status-graph.ts";
import { undoing } from "./undo.ts";

export const mediaBuyUpdated = defineEvent("media_buy:update:v1:success", {
  data: z.strictObject({
    ...mediaBuyChanged,
    /** What each operation did, in the order in which they took effect. */
    changes_applied: z.array(ChangeApplied),
    warnings: z.array(Notice),
    recommendations: z.array(Recommendation),
  }),
  apply: applyChanges,
});

export const updateMediaBuy = defineCommand("media_buy:update:v1", {
  about:
    "Change a running media buy by operations: countries, bids, the daily cap, budget between packages, status. All of them or none; their order does not matter.",
  input: z.strictObject({
    media_buy_id: MediaBuyRef,
    operations: z.array(Operation).min(1).max(MAX_OPERATIONS),
  }),
  example: {
    media_buy_id: "mb_01J00000000000000000000001",
    operations: [
      { operation: "remove_geo", countries: ["DE"] },
      { operation: "set_daily_cap", amount_micros: 500_000_000 },
    ],
  },
  needs: "media_buy.edit",
  refuses: [
    "MEDIA_BUY_NOT_FOUND",
    "PACKAGE_NOT_FOUND",
    "INVALID_STATE",
    "NOT_CANCELLABLE",
    "VALIDATION_ERROR",
    "BUDGET_TOO_LOW",
    "BUDGET_EXCEEDED",
    "UNSUPPORTED_FEATURE",
    "NO_CHANGE",
  ],
  emits: [mediaBuyUpdated],
  target: ({ media_buy_id }, tx) => targetBuy(media_buy_id, tx),
  inverse({ media_buy_id, operations }, before) {
    const buy = findMediaBuy(before, media_buy_id);
    const back = buy && undoing(buy, operations);
    return back ? { type: "media_buy:update:v1", payload: { media_buy_id: buy.id, operations: back } } : null;
  },
  decide(tx, { media_buy_id, operations }, { now, actor }) {
    const buy = writableBuy(tx, media_buy_id);
    if (isRefusal(buy)) return cancelsAgain(findMediaBuy(tx, media_buy_id)?.status, operations) ?? buy;
    const delivery = deliveryOf(tx, buy);
    const spent = (packageId: string): number => packageSpend(delivery, packageId);
    const result = applyOperations(buy, operations, { now, by: actorRef(actor), spent });
    if (isRefusal(result)) return result;
    const changes = changesBetween(buy, result.buy);
    if (!changes) return refuse("NO_CHANGE", "The operations cancel each other out.");
    const after = { ...delivery, buy: result.buy };
    const context = reportContext(tx, now);
    const warnings = [...result.notices, ...(touchesCap(operations) ? capNotices(after, context) : [])];
    return [
      mediaBuyUpdated.of({
        media_buy_id: buy.id,
        changes,
        changes_applied: [...result.changes],
        warnings,
        recommendations: recommendations(after, context),
      }),
    ];
  },
});

function touchesCap(operations: readonly Operation[]): boolean {
  return operations.some(({ operation }) => operation === "set_daily_cap");
}

/** Canceling what is canceled is told apart from every other write to a buy that has ended. */
function cancelsAgain(status: string | undefined, operations: readonly Operation[]) {
  const cancels = operations.some(
    (each) => each.operation === "set_status" && each.status === "canceled" && !each.package_ids,
  );
  return status === "canceled" && cancels ? moveRefusal("canceled", "canceled") : null;
}
