import type { DomainModule } from "../../model/room.ts";
import { campaignConfigured, configureCampaign } from "./configure-campaign.ts";
import { campaignCreated, createCampaign } from "./create-campaign.ts";
import { campaigns } from "./entities.ts";
import { featuresSet, setFeatures } from "./set-features.ts";
import { campaignUpdated, updateCampaign } from "./update-campaign.ts";

/** In a campaign room. */
export const campaignModule: DomainModule = {
  name: "campaigns",
  entities: [campaigns],
  events: [campaignUpdated, featuresSet, campaignConfigured],
  commands: [updateCampaign, setFeatures, configureCampaign],
  signals: [],
};

/** In a workspace room, which keeps the list of its campaigns. */
export const campaignListModule: DomainModule = {
  name: "campaigns",
  entities: [],
  events: [campaignCreated],
  commands: [createCampaign],
  signals: [],
};
