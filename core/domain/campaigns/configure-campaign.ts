import { z } from "zod";
import { defineCommand } from "../../model/command.ts";
import { defineEvent } from "../../model/event.ts";
import { canonicalJson } from "../../model/json.ts";
import { patched, unpatch } from "../../model/patch.ts";
import { refuse } from "../../model/refusal.ts";
import { CampaignId } from "../../model/units.ts";
import { CampaignConfig, CampaignRef, campaigns, findCampaign, readOnlyCampaign } from "./entities.ts";
import { refuseOversize } from "./limits.ts";
import { campaignNotFound } from "./status.ts";

/** The named sections are replaced whole; the others stay. */
const Sections = CampaignConfig.partial();

export const campaignConfigured = defineEvent("campaign:config:v1:success", {
  data: z.strictObject({ campaign_id: CampaignId, config: Sections }),
  apply(tx, { campaign_id, config }, { at }) {
    const campaign = tx.get(campaigns, campaign_id);
    if (campaign) tx.put(campaigns, { ...campaign, config: patched(campaign.config, config), updated_at: at });
  },
});

export const configureCampaign = defineCommand("campaign:config:v1", {
  about:
    "Replace sections of a campaign's configuration: ui_content, scripts, communication. All of it is data, never executed.",
  input: z.strictObject({ campaign_id: CampaignRef, config: Sections }),
  example: { campaign_id: "summer-launch", config: { ui_content: { banner: "Trail season is open" } } },
  needs: "campaign.edit",
  refuses: ["CAMPAIGN_NOT_FOUND", "INVALID_STATE", "NO_CHANGE", "PAYLOAD_TOO_LARGE"],
  emits: [campaignConfigured],
  target: (input, tx) => {
    const campaign = findCampaign(tx, input.campaign_id);
    return campaign ? [campaigns, campaign.id] : null;
  },
  inverse: ({ campaign_id, config }, before) => {
    const campaign = findCampaign(before, campaign_id);
    if (!campaign) return null;
    const payload = { campaign_id: campaign.id, config: unpatch(campaign.config, config) };
    return { type: "campaign:config:v1", payload };
  },
  decide(tx, { campaign_id, config }) {
    const campaign = findCampaign(tx, campaign_id);
    if (!campaign) return campaignNotFound();
    const archived = readOnlyCampaign(tx);
    if (archived) return archived;
    const after = { ...campaign, config: patched(campaign.config, config) };
    if (canonicalJson(after) === canonicalJson(campaign)) {
      return refuse("NO_CHANGE", "The configuration is already as asked.");
    }
    return refuseOversize(after) ?? [campaignConfigured.of({ campaign_id: campaign.id, config })];
  },
});
