import { refuse, refuseField } from "../../model/refusal.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { ReadTx } from "../../model/transaction.ts";
import { campaignOf } from "../campaigns/entities.ts";
import { findMediaBuy, isTerminal, mediaBuys } from "./entities.ts";
import type { MediaBuy } from "./entities.ts";

/** The buy with that id or external id, if it may still change: MEDIA_BUY_NOT_FOUND, or INVALID_STATE when it or its campaign is final. */
export function writableBuy(tx: ReadTx, ref: string): MediaBuy | Refusal {
  const buy = findMediaBuy(tx, ref);
  if (!buy) return noSuchBuy(ref);
  if (isTerminal(buy.status)) {
    return refuse("INVALID_STATE", `The media buy is ${buy.status}: nothing about it can change any more.`);
  }
  return readOnlyCampaign(tx) ?? buy;
}

/** Why nothing may be bought or changed in this campaign; null if it is not archived. */
export function readOnlyCampaign(tx: ReadTx): Refusal | null {
  return campaignOf(tx)?.status === "archived"
    ? refuse("INVALID_STATE", "The campaign is archived: it and its media buys are read-only.")
    : null;
}

export function noSuchBuy(ref: string): Refusal {
  return refuseField("MEDIA_BUY_NOT_FOUND", "/media_buy_id", `There is no media buy ${ref} in this campaign.`);
}

/** What `expected_revision` of a command about a buy is compared with. */
export function targetBuy(ref: string, tx: ReadTx): readonly [typeof mediaBuys, string] | null {
  const buy = findMediaBuy(tx, ref);
  return buy ? [mediaBuys, buy.id] : null;
}
