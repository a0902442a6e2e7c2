import type { Role } from "../../model/access.ts";
import { invalid, refuse } from "../../model/refusal.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { ReadTx } from "../../model/transaction.ts";
import { findCampaignSummary } from "../summaries/entities.ts";

/**
 * The ids of the campaigns that `refs` name, each once; null stays null: no limit.
 * An owner is never limited: a workspace whose only owner sees part of it could not be managed by anybody.
 */
export function limitTo(tx: ReadTx, role: Role, refs: readonly string[] | null): string[] | null | Refusal {
  if (refs === null) return null;
  if (role === "owner") return invalid("/campaign_ids", "An owner cannot be limited to campaigns.");
  const ids = new Set<string>();
  for (const [at, ref] of refs.entries()) {
    const campaign = findCampaignSummary(tx, ref);
    if (!campaign) {
      const issue = {
        pointer: `/campaign_ids/${at}`,
        message: "No campaign has this id, slug or external id.",
        keyword: "exists",
      };
      return refuse("CAMPAIGN_NOT_FOUND", "The workspace has no such campaign.", { issues: [issue] });
    }
    ids.add(campaign.id);
  }
  return [...ids];
}
