import { z } from "zod";
import { actorRef } from "../../model/access.ts";
import { defineCommand } from "../../model/command.ts";
import { defineEvent } from "../../model/event.ts";
import { readOnlyCampaign } from "../campaigns/entities.ts";
import { applyChanges, mediaBuyChanged } from "./changes.ts";
import { MediaBuyRef, findMediaBuy, noSuchBuy, targetBuy } from "./entities.ts";
import { StatusReason } from "./set-status.ts";
import { moveRefusal } from "./status-graph.ts";

export const mediaBuyCanceled = defineEvent("media_buy:cancel:v1:success", {
  data: z.strictObject(mediaBuyChanged),
  apply: applyChanges,
});

export const cancelMediaBuy = defineCommand("media_buy:cancel:v1", {
  about: "Cancel a media buy for good. What it delivered stays; nothing about it can change afterwards.",
  input: z.strictObject({ media_buy_id: MediaBuyRef, reason: StatusReason }),
  example: { media_buy_id: "mb_01J00000000000000000000001", reason: "The product was withdrawn." },
  needs: "media_buy.edit",
  refuses: ["MEDIA_BUY_NOT_FOUND", "INVALID_STATE", "NOT_CANCELLABLE"],
  emits: [mediaBuyCanceled],
  target: ({ media_buy_id }, tx) => targetBuy(media_buy_id, tx),
  decide(tx, { media_buy_id, reason }, { now, actor }) {
    const buy = findMediaBuy(tx, media_buy_id);
    if (!buy) return noSuchBuy(media_buy_id);
    const refused = moveRefusal(buy.status, "canceled") ?? readOnlyCampaign(tx);
    if (refused) return refused;
    const cancellation = { reason, at: now, by: actorRef(actor) };
    const changes = { status: "canceled" as const, status_reason: reason, cancellation, packages: [] };
    return [mediaBuyCanceled.of({ media_buy_id: buy.id, changes })];
  },
});
