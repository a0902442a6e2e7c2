import { z } from "zod";
import { defineCommand } from "../../model/command.ts";
import { defineEvent } from "../../model/event.ts";
import { refuse } from "../../model/refusal.ts";
import { CampaignId } from "../../model/units.ts";
import { CampaignRef, FeatureName, MAX_FEATURES, campaigns, findCampaign, readOnlyCampaign } from "./entities.ts";
import { refuseOversize } from "./limits.ts";
import { campaignNotFound } from "./status.ts";

const Features = z.array(FeatureName).max(MAX_FEATURES);
const Action = z.enum(["add", "remove", "set"]);
type Action = z.infer<typeof Action>;

export const featuresSet = defineEvent("campaign:feature:v1:success", {
  data: z.strictObject({ campaign_id: CampaignId, action: Action, features: Features }),
  apply(tx, { campaign_id, action, features }, { at }) {
    const campaign = tx.get(campaigns, campaign_id);
    if (!campaign) return;
    tx.put(campaigns, { ...campaign, features: combined(campaign.features, action, features), updated_at: at });
  },
});

export const setFeatures = defineCommand("campaign:feature:v1", {
  about: "Add features to a campaign, remove some, or set exactly these.",
  /** `action` is any text here, because earlier callers know an unknown one as INVALID_REQUEST. */
  input: z.strictObject({ campaign_id: CampaignRef, action: z.string().max(32), features: Features }),
  example: { campaign_id: "summer-launch", action: "add", features: ["waitlist", "referral"] },
  needs: "campaign.edit",
  refuses: ["CAMPAIGN_NOT_FOUND", "INVALID_REQUEST", "INVALID_STATE", "NO_CHANGE", "PAYLOAD_TOO_LARGE"],
  emits: [featuresSet],
  target: (input, tx) => {
    const campaign = findCampaign(tx, input.campaign_id);
    return campaign ? [campaigns, campaign.id] : null;
  },
  inverse: ({ campaign_id }, before) => {
    const campaign = findCampaign(before, campaign_id);
    if (!campaign) return null;
    const payload = { campaign_id: campaign.id, action: "set", features: campaign.features };
    return { type: "campaign:feature:v1", payload };
  },
  decide(tx, input) {
    const campaign = findCampaign(tx, input.campaign_id);
    if (!campaign) return campaignNotFound();
    const action = Action.safeParse(input.action);
    if (!action.success) {
      const issue = { pointer: "/action", message: "One of add, remove, set", keyword: "enum" };
      return refuse("INVALID_REQUEST", "The action is none of add, remove, set.", { issues: [issue] });
    }
    const archived = readOnlyCampaign(tx);
    if (archived) return archived;
    const features = combined(campaign.features, action.data, input.features);
    if (sameSet(features, campaign.features)) return refuse("NO_CHANGE", "The campaign has exactly these features.");
    if (features.length > MAX_FEATURES) {
      return refuse("PAYLOAD_TOO_LARGE", `A campaign has at most ${MAX_FEATURES} features.`);
    }
    const change = { campaign_id: campaign.id, action: action.data, features: [...new Set(input.features)] };
    return refuseOversize({ ...campaign, features }) ?? [featuresSet.of(change)];
  },
});

function combined(current: readonly string[], action: Action, features: readonly string[]): string[] {
  switch (action) {
    case "add":
      return [...new Set([...current, ...features])];
    case "remove":
      return current.filter((feature) => !features.includes(feature));
    case "set":
      return [...new Set(features)];
  }
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((feature) => b.includes(feature));
}
