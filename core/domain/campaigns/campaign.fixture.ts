import { CAMPAIGN, NOON, given } from "../../model/given.ts";
import type { Scenario } from "../../model/given.ts";
import { EMPTY_BRIEF, campaigns } from "./entities.ts";
import type { Campaign } from "./entities.ts";

/** The draft campaign of the scenario's room, for tests. */
export function aCampaign(fields: Partial<Campaign> = {}): Campaign {
  return {
    id: CAMPAIGN,
    slug: "summer-launch",
    external_id: "CRM-1",
    title: "Summer Launch",
    description: "The new trail shoe.",
    status: "draft",
    generation_status: "idle",
    brief: EMPTY_BRIEF,
    features: [],
    config: { ui_content: {}, scripts: {}, communication: {} },
    state: {},
    active_version_ids: {},
    created_at: "2026-11-01T09:00:00.000Z",
    created_by: "member:mem_1",
    updated_at: NOON,
    ...fields,
  };
}

/** The room of {@link aCampaign}. */
export function aCampaignRoom(fields: Partial<Campaign> = {}): Scenario {
  return given().having(campaigns, aCampaign(fields));
}
