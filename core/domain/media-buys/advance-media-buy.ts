import { z } from "zod";
import { defineCommand } from "../../model/command.ts";
import { defineEvent } from "../../model/event.ts";
import { refuse } from "../../model/refusal.ts";
import { MediaBuyId } from "../../model/units.ts";
import { applyChanges, mediaBuyChanged } from "./changes.ts";
import { mediaBuys, noSuchBuy, targetBuy } from "./entities.ts";
import type { MediaBuy, MediaBuyStatus } from "./entities.ts";

export const mediaBuyAdvanced = defineEvent("media_buy:advance:v1:success", {
  data: z.strictObject(mediaBuyChanged),
  apply: applyChanges,
});

export const advanceMediaBuy = defineCommand("media_buy:advance:v1", {
  about: "Start a media buy whose flight begins, or complete one whose flight is over. The room sends it to itself.",
  input: z.strictObject({ media_buy_id: MediaBuyId }),
  example: { media_buy_id: "mb_01J00000000000000000000001" },
  needs: "system",
  refuses: ["MEDIA_BUY_NOT_FOUND", "NO_CHANGE"],
  emits: [mediaBuyAdvanced],
  optimistic: false,
  target: ({ media_buy_id }, tx) => targetBuy(media_buy_id, tx),
  decide(tx, { media_buy_id }, { now }) {
    const buy = tx.get(mediaBuys, media_buy_id);
    if (!buy) return noSuchBuy(media_buy_id);
    const status = statusAt(buy, Date.parse(now));
    if (status === buy.status) return refuse("NO_CHANGE", `Nothing begins or ends at ${now}.`);
    return [mediaBuyAdvanced.of({ media_buy_id, changes: { status, status_reason: null, packages: [] } })];
  },
});

/** The status that time alone gives a buy. One that slept through its flight becomes active first, completed next. */
function statusAt(buy: MediaBuy, nowMs: number): MediaBuyStatus {
  if (buy.status === "pending_start") return nowMs >= Date.parse(buy.start_at) ? "active" : buy.status;
  const running = buy.status === "active" || buy.status === "paused";
  return running && nowMs >= Date.parse(buy.end_at) ? "completed" : buy.status;
}
