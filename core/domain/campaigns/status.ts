import { refuse, refuseField } from "../../model/refusal.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { ReadTx } from "../../model/transaction.ts";
import { isTerminal, mediaBuys } from "../media-buys/entities.ts";
import type { Campaign, CampaignStatus } from "./entities.ts";

/** Which statuses may follow which. What has no follower is final. */
export const STATUS_GRAPH: ReadonlyMap<CampaignStatus, readonly CampaignStatus[]> = new Map([
  ["draft", ["active", "archived"]],
  ["active", ["paused", "completed"]],
  ["paused", ["active", "completed"]],
  ["completed", ["archived"]],
  ["archived", []],
]);

/** Whether a campaign may go from one status to another. */
export function mayFollow(from: CampaignStatus, to: CampaignStatus): boolean {
  return STATUS_GRAPH.get(from)?.includes(to) ?? false;
}

/** INVALID_STATE unless the status is the same or may follow. */
export function refuseStatus(campaign: Campaign, to: CampaignStatus): Refusal | null {
  if (campaign.status === to || mayFollow(campaign.status, to)) return null;
  const allowed = STATUS_GRAPH.get(campaign.status)?.join(" or ") ?? "";
  return refuse("INVALID_STATE", `A campaign that is ${campaign.status} can become ${allowed}, not ${to}.`);
}

/** INVALID_STATE, naming them, while media buys still run or wait: archived, they could not be paused or canceled any more. */
export function refuseOpenBuys(tx: ReadTx): Refusal | null {
  const open = tx.list(mediaBuys).filter((buy) => !isTerminal(buy.status));
  if (open.length === 0) return null;
  const names = open.map((buy) => `${buy.external_id ?? buy.id} is ${buy.status}`);
  const shown = names.length > 5 ? [...names.slice(0, 5), `${names.length - 5} more`] : names;
  return refuse("INVALID_STATE", `Media buys have not ended: ${shown.join(", ")}.`, {
    hint: "Cancel or complete the media buys first; then archive the campaign.",
    details: { media_buy_ids: open.map((buy) => buy.id) },
  });
}

/** CAMPAIGN_NOT_FOUND for a campaign that is not this room's. */
export function campaignNotFound(): Refusal {
  return refuseField("CAMPAIGN_NOT_FOUND", "/campaign_id", "There is no such campaign here.");
}
