import { NOON, given, testId } from "../../model/given.ts";
import type { Scenario } from "../../model/given.ts";
import { EMPTY_BRIEF } from "../campaigns/entities.ts";
import { campaignSummaries } from "../summaries/entities.ts";
import type { CampaignSummary } from "../summaries/entities.ts";
import { members } from "./entities.ts";
import type { Member } from "./entities.ts";

/** A member for tests; the user id follows the name. */
export function aMember(n: number, role: Member["role"]): Member {
  return {
    id: testId("mem", n),
    user_id: `user-${n}`,
    name: `Member ${n}`,
    email: null,
    role,
    added_at: NOON,
    added_by: "member:mem_1",
  };
}

/** A campaign in the workspace's list, for tests. */
export function aCampaignSummary(n: number, fields: Partial<CampaignSummary> = {}): CampaignSummary {
  return {
    id: testId("cmp", n),
    slug: `campaign-${n}`,
    external_id: null,
    title: `Campaign ${n}`,
    description: "",
    brief: EMPTY_BRIEF,
    status: "draft",
    generation_status: "idle",
    campaign_revision: 0,
    media_buy_count: 0,
    created_at: NOON,
    created_by: "member:mem_1",
    ...fields,
  };
}

export const OWNER = aMember(1, "owner");
export const ADMIN = aMember(2, "admin");
export const OPERATOR = aMember(3, "operator");
export const VIEWER = aMember(4, "viewer");

/** A workspace with one member of each role and two campaigns. */
export function aTeam(): Scenario {
  return given(null)
    .having(members, OWNER, ADMIN, OPERATOR, VIEWER)
    .having(campaignSummaries, aCampaignSummary(1), aCampaignSummary(2, { external_id: "CRM-2" }));
}
