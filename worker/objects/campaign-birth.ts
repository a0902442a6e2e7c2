import { findCampaignSummary } from "../../core/domain/summaries/entities.ts";
import type { CommandCall } from "../../core/model/command.ts";
import type { ReadTx } from "../../core/model/transaction.ts";
import { workspaceToCampaigns } from "../../core/rooms/mirrors.ts";

/** What a campaign's room is born from: the command that opens it, made by its workspace. */
export interface CampaignBirth {
  readonly open: CommandCall;
}

/** The birth of a campaign that the workspace lists, with its people, keys and inventory as of `position`; null for any other. */
export function birthOf(
  tx: ReadTx,
  campaignId: string,
  position: { epoch: number; seq: number },
): CampaignBirth | null {
  const campaign = findCampaignSummary(tx, campaignId);
  if (campaign?.id !== campaignId) return null;
  const { epoch, seq } = position;
  return {
    open: {
      type: "campaign:open:v1",
      payload: { campaign, epoch, seq, rows: workspaceToCampaigns.collect(tx, "all") },
    },
  };
}
