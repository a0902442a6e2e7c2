import { z } from "zod";
import { actorRef } from "../../model/access.ts";
import { defineCommand } from "../../model/command.ts";
import { defineEvent } from "../../model/event.ts";
import { patched } from "../../model/patch.ts";
import { isRefusal, refuse } from "../../model/refusal.ts";
import { CampaignId, ExternalId } from "../../model/units.ts";
import { CampaignSummary, campaignSummaries } from "../summaries/entities.ts";
import { BriefPatch, CampaignDescription, CampaignTitle, EMPTY_BRIEF, Slug } from "./entities.ts";
import { chooseSlug, refuseTakenExternalId } from "./slugs.ts";

export const campaignCreated = defineEvent("campaign:create:v1:success", {
  data: CampaignSummary,
  audience: (summary) => ({ needs: "campaign.read", campaign_id: summary.id }),
  apply(tx, summary) {
    tx.create(campaignSummaries, summary);
  },
});

export const createCampaign = defineCommand("campaign:create:v1", {
  about: "Create a campaign as a draft and reserve its slug. Its room opens when it is first visited.",
  input: z.strictObject({
    campaign_id: CampaignId.optional(),
    /** Made from the title if it is left out. */
    slug: Slug.optional(),
    external_id: ExternalId.nullish(),
    title: CampaignTitle,
    description: CampaignDescription.default(""),
    brief: BriefPatch.default({}),
  }),
  example: {
    title: "Summer Launch",
    slug: "summer-launch",
    description: "The new trail shoe in the US and Canada.",
    brief: { objective: "Make trail runners try the new shoe", tone: ["bold"] },
  },
  needs: "campaign.create",
  refuses: ["ID_IN_USE", "SLUG_IN_USE", "VALIDATION_ERROR"],
  emits: [campaignCreated],
  answers: "created",
  decide(tx, input, { now, actor, id }) {
    const campaignId = input.campaign_id ?? id("cmp");
    if (tx.used(campaignSummaries, campaignId)) return refuse("ID_IN_USE", "A campaign has this id.");
    const external_id = input.external_id ?? null;
    const slug = chooseSlug(tx, input.slug, input.title);
    if (isRefusal(slug)) return slug;
    const summary: CampaignSummary = {
      id: campaignId,
      slug,
      external_id,
      title: input.title,
      description: input.description,
      brief: patched(EMPTY_BRIEF, input.brief),
      status: "draft",
      generation_status: "idle",
      campaign_revision: 0,
      media_buy_count: 0,
      created_at: now,
      created_by: actorRef(actor),
    };
    return refuseTakenExternalId(tx, external_id) ?? [campaignCreated.of(summary)];
  },
});
