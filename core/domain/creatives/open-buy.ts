import { refuse, refuseField } from "../../model/refusal.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { ReadTx } from "../../model/transaction.ts";
import { campaignOf } from "../campaigns/entities.ts";
import { findMediaBuy, isTerminal } from "../media-buys/entities.ts";
import type { MediaBuy } from "../media-buys/entities.ts";

/** The buy with that id or external id, if its creatives may still change: MEDIA_BUY_NOT_FOUND, or INVALID_STATE when it or its campaign is final. */
export function openBuy(tx: ReadTx, ref: string): MediaBuy | Refusal {
  const buy = findMediaBuy(tx, ref);
  if (!buy)
    return refuseField("MEDIA_BUY_NOT_FOUND", "/media_buy_id", `There is no media buy ${ref} in this campaign.`);
  if (isTerminal(buy.status))
    return refuse("INVALID_STATE", `The media buy is ${buy.status}: its creatives are final.`);
  if (campaignOf(tx)?.status === "archived") return refuse("INVALID_STATE", "The campaign is archived and read-only.");
  return buy;
}
