import { z } from "zod";
import { defineCommand } from "../../model/command.ts";
import { defineEvent } from "../../model/event.ts";
import { invalid, isRefusal, refuse, refuseField } from "../../model/refusal.ts";
import type { ReadTx } from "../../model/transaction.ts";
import { CreativeId } from "../../model/units.ts";
import { MediaBuyStatus, mediaBuys, writableBuy } from "../media-buys/entities.ts";
import type { MediaBuy } from "../media-buys/entities.ts";
import { Creative, CreativeRef, CreativeStatus, creatives, findCreative } from "./entities.ts";

const Reason = Creative.shape.rejection_reason.unwrap();

export const creativeStatusSet = defineEvent("creative:set_status:v1:success", {
  data: z.strictObject({
    creative_id: CreativeId,
    status: CreativeStatus,
    rejection_reason: Reason.nullable(),
    media_buy_id: Creative.shape.media_buy_id,
    /** The status its media buy takes with the last approval; null if that stays. */
    media_buy_status: MediaBuyStatus.nullable(),
  }),
  apply(tx, { creative_id, status, rejection_reason, media_buy_id, media_buy_status }, { at, actor }) {
    tx.update(creatives, creative_id, { status, rejection_reason });
    if (media_buy_status === null) return;
    tx.update(mediaBuys, media_buy_id, {
      status: media_buy_status,
      status_reason: null,
      updated_at: at,
      updated_by: actor,
    });
  },
});

export const setCreativeStatus = defineCommand("creative:set_status:v1", {
  about: "Approve or reject a creative. With the last approval a media buy that waits for its creatives can start.",
  input: z.strictObject({
    creative_id: CreativeRef,
    status: CreativeStatus,
    /** Needed to reject, refused otherwise. */
    reason: Reason.optional(),
  }),
  example: { creative_id: "cre_01J00000000000000000000001", status: "rejected", reason: "The logo is illegible." },
  needs: "creative.edit",
  refuses: ["CREATIVE_NOT_FOUND", "MEDIA_BUY_NOT_FOUND", "INVALID_STATE", "VALIDATION_ERROR", "NO_CHANGE"],
  emits: [creativeStatusSet],
  target: ({ creative_id }, tx) => {
    const creative = findCreative(tx, creative_id);
    return creative ? [creatives, creative.id] : null;
  },
  inverse({ creative_id, status }, before) {
    const creative = findCreative(before, creative_id);
    const buy = creative && before.get(mediaBuys, creative.media_buy_id);
    // A buy that was set going does not come back to waiting for its creatives.
    if (!buy || startOnApproval(before, { buy, creative: { ...creative, status }, now: buy.start_at }) !== null)
      return null;
    const reason = creative.rejection_reason;
    const payload = { creative_id: creative.id, status: creative.status, ...(reason !== null && { reason }) };
    return { type: "creative:set_status:v1", payload };
  },
  decide(tx, { creative_id, status, reason }, { now }) {
    const creative = findCreative(tx, creative_id);
    if (!creative)
      return refuseField("CREATIVE_NOT_FOUND", "/creative_id", `There is no creative ${creative_id} in this campaign.`);
    const buy = writableBuy(tx, creative.media_buy_id);
    if (isRefusal(buy)) return buy;
    if (status === "rejected" && reason === undefined)
      return invalid("/reason", "Rejecting needs a reason.", "required");
    if (status !== "rejected" && reason !== undefined) {
      return invalid("/reason", "Only a rejection has a reason.", "forbidden");
    }
    const rejection_reason = reason ?? null;
    if (creative.status === status && creative.rejection_reason === rejection_reason) {
      return refuse("NO_CHANGE", `The creative is ${status} already.`);
    }
    const media_buy_status = startOnApproval(tx, { buy, creative: { ...creative, status }, now });
    const data = { creative_id: creative.id, status, rejection_reason, media_buy_id: buy.id, media_buy_status };
    return [creativeStatusSet.of(data)];
  },
});

/** What a buy that waits for its creatives becomes if `creative` was the last to be approved: it starts, or waits for its start. */
function startOnApproval(
  tx: ReadTx,
  { buy, creative, now }: { buy: MediaBuy; creative: Creative; now: string },
): "active" | "pending_start" | null {
  if (buy.status !== "pending_creatives" || creative.status !== "approved") return null;
  const others = tx.list(creatives).filter((other) => other.media_buy_id === buy.id && other.id !== creative.id);
  if (others.some((other) => other.status !== "approved")) return null;
  return Date.parse(now) >= Date.parse(buy.start_at) ? "active" : "pending_start";
}
