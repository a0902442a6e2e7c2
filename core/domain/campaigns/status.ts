import { refuse, refuseField } from "../../model/refusal.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { Campaign, CampaignStatus } from "./entities.ts";

const NEXT: ReadonlyMap<CampaignStatus, readonly CampaignStatus[]> = new Map([
  ["draft", ["active", "archived"]],
  ["active", ["paused", "completed"]],
  ["paused", ["active", "completed"]],
  ["completed", ["archived"]],
  ["archived", []],
]);

/** Whether a campaign may go from one status to another. */
export function mayFollow(from: CampaignStatus, to: CampaignStatus): boolean {
  return NEXT.get(from)?.includes(to) ?? false;
}

/** INVALID_STATE unless the status is the same or may follow. */
export function refuseStatus(campaign: Campaign, to: CampaignStatus): Refusal | null {
  if (campaign.status === to || mayFollow(campaign.status, to)) return null;
  const allowed = NEXT.get(campaign.status)?.join(" or ") ?? "";
  return refuse("INVALID_STATE", `A campaign that is ${campaign.status} can become ${allowed}, not ${to}.`);
}

/** INVALID_STATE for an archived campaign, which is read-only for good. */
export function refuseArchived(campaign: Campaign): Refusal | null {
  if (campaign.status !== "archived") return null;
  return refuse("INVALID_STATE", "An archived campaign is read-only.");
}

/** CAMPAIGN_NOT_FOUND for a campaign that is not this room's. */
export function campaignNotFound(): Refusal {
  return refuseField("CAMPAIGN_NOT_FOUND", "/campaign_id", "There is no such campaign here.");
}
