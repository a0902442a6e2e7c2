import { z } from "zod";
import { defineCommand } from "../../model/command.ts";
import { defineEvent } from "../../model/event.ts";
import { canonicalJson } from "../../model/json.ts";
import { patched, unpatch } from "../../model/patch.ts";
import { refuse } from "../../model/refusal.ts";
import { CampaignId, ExternalId } from "../../model/units.ts";
import {
  BriefPatch,
  CampaignDescription,
  CampaignRef,
  CampaignStatus,
  CampaignTitle,
  campaigns,
  findCampaign,
  readOnlyCampaign,
} from "./entities.ts";
import type { Campaign } from "./entities.ts";
import { FreeObject, mergeShallow } from "./free-json.ts";
import { refuseOversize } from "./limits.ts";
import { campaignNotFound, mayFollow, refuseOpenBuys, refuseStatus } from "./status.ts";

/** The named fields; the others stay. */
const Updates = z.strictObject({
  title: CampaignTitle.optional(),
  description: CampaignDescription.optional(),
  status: CampaignStatus.optional(),
  /** The named fields of the brief. */
  brief: BriefPatch.optional(),
  external_id: ExternalId.nullable().optional(),
  /** Merged key by key into the campaign's state; null deletes a key. */
  state: FreeObject.optional(),
});
type Updates = z.infer<typeof Updates>;

export const campaignUpdated = defineEvent("campaign:update:v1:success", {
  data: z.strictObject({ campaign_id: CampaignId, updates: Updates }),
  apply(tx, { campaign_id, updates }, { at }) {
    const campaign = tx.get(campaigns, campaign_id);
    if (campaign) tx.put(campaigns, { ...updated(campaign, updates), updated_at: at });
  },
});

export const updateCampaign = defineCommand("campaign:update:v1", {
  about: "Change a campaign's title, description, status, brief, external id or free state.",
  input: z.strictObject({ campaign_id: CampaignRef, updates: Updates }),
  example: { campaign_id: "summer-launch", updates: { title: "New Campaign Title", status: "active" } },
  needs: "campaign.edit",
  refuses: ["CAMPAIGN_NOT_FOUND", "INVALID_STATE", "NO_CHANGE", "PAYLOAD_TOO_LARGE"],
  emits: [campaignUpdated],
  target: (input, tx) => {
    const campaign = findCampaign(tx, input.campaign_id);
    return campaign ? [campaigns, campaign.id] : null;
  },
  inverse: ({ campaign_id, updates }, before) => {
    const campaign = findCampaign(before, campaign_id);
    if (!campaign) return null;
    if (updates.status && updates.status !== campaign.status && !mayFollow(updates.status, campaign.status))
      return null;
    const payload = { campaign_id: campaign.id, updates: previousOf(campaign, updates) };
    return { type: "campaign:update:v1", payload };
  },
  decide(tx, { campaign_id, updates }) {
    const campaign = findCampaign(tx, campaign_id);
    if (!campaign) return campaignNotFound();
    const refused =
      readOnlyCampaign(tx) ??
      (updates.status ? refuseStatus(campaign, updates.status) : null) ??
      (updates.status === "archived" ? refuseOpenBuys(tx) : null);
    if (refused) return refused;
    const after = updated(campaign, updates);
    if (canonicalJson(after) === canonicalJson(campaign))
      return refuse("NO_CHANGE", "The campaign is already as asked.");
    return refuseOversize(after) ?? [campaignUpdated.of({ campaign_id: campaign.id, updates })];
  },
});

function updated(campaign: Campaign, { brief, state, ...fields }: Updates): Campaign {
  return {
    ...patched(campaign, fields),
    brief: patched(campaign.brief, brief ?? {}),
    state: state ? mergeShallow(campaign.state, state) : campaign.state,
  };
}

function previousOf(campaign: Campaign, { brief, state, ...fields }: Updates): Updates {
  const previous: Updates = unpatch(campaign, fields);
  if (brief) previous.brief = unpatch(campaign.brief, brief);
  if (state) {
    const before = new Map(Object.entries(campaign.state));
    previous.state = Object.fromEntries(Object.keys(state).map((key) => [key, before.get(key) ?? null]));
  }
  return previous;
}
