import { describe, expect, it } from "vitest";
import { ACTING_MEMBER, NOON, given, testId } from "../../model/given.ts";
import { campaignSummaries, findCampaignSummary } from "../summaries/entities.ts";
import { createCampaign } from "./create-campaign.ts";
import { EMPTY_BRIEF } from "./entities.ts";
import { slugify } from "./slugs.ts";

const summer = { campaign_id: testId("cmp", 1), title: "Summer Launch" };

describe("creating a campaign", () => {
  it("lists a draft with everything its room is born from", () => {
    const room = given(null);
    const more = { description: "The new shoe.", external_id: "CRM-1", brief: { objective: "Sell", tone: ["bold"] } };
    room.send(createCampaign, { ...summer, ...more }, { as: "operator" });
    expect(room.get(campaignSummaries, summer.campaign_id)).toEqual({
      id: summer.campaign_id,
      slug: "summer-launch",
      external_id: "CRM-1",
      title: "Summer Launch",
      description: "The new shoe.",
      brief: { ...EMPTY_BRIEF, objective: "Sell", tone: ["bold"] },
      status: "draft",
      generation_status: "idle",
      campaign_revision: 0,
      media_buy_count: 0,
      created_at: NOON,
      created_by: `member:${ACTING_MEMBER}`,
    });
  });

  it("numbers the slugs of campaigns with one title", () => {
    const room = given(null);
    for (const n of [1, 2, 3]) room.send(createCampaign, { ...summer, campaign_id: testId("cmp", n) });
    const slugs = room.tx.list(campaignSummaries).map((summary) => summary.slug);
    expect(slugs).toEqual(["summer-launch", "summer-launch-2", "summer-launch-3"]);
  });

  it("refuses a slug or an external id that names another campaign", () => {
    const room = given(null);
    room.send(createCampaign, { ...summer, external_id: "crm-1" });
    const second = { title: "Second" };
    expect(room.send(createCampaign, { ...second, slug: "summer-launch" }).code).toBe("SLUG_IN_USE");
    expect(room.send(createCampaign, { ...second, slug: "crm-1" }).code).toBe("SLUG_IN_USE");
    for (const external_id of ["crm-1", "summer-launch"]) {
      const { refusal } = room.send(createCampaign, { ...second, external_id });
      expect(refusal).toMatchObject({ code: "VALIDATION_ERROR", issues: [{ pointer: "/external_id" }] });
    }
  });

  it("refuses an id that a campaign has", () => {
    const room = given(null);
    room.send(createCampaign, summer);
    expect(room.send(createCampaign, summer).code).toBe("ID_IN_USE");
  });

  it("is refused to viewers and to members limited to campaigns", () => {
    expect(given(null).send(createCampaign, summer, { as: "viewer" }).code).toBe("PERMISSION_DENIED");
    const as = { kind: "role", role: "operator", campaign_ids: [summer.campaign_id] } as const;
    expect(given(null).send(createCampaign, summer, { as }).code).toBe("PERMISSION_DENIED");
  });

  it.each([
    ["a slug with capitals", { slug: "Summer" }],
    ["a slug with an underscore", { slug: "a_b" }],
    ["a status", { status: "active" }],
    ["an external id that looks like ours", { external_id: testId("cmp", 4) }],
    ["no title", { title: "" }],
  ])("is refused with %s", (_case, wrong) => {
    expect(given(null).send(createCampaign, { ...summer, ...wrong }).code).toBe("VALIDATION_ERROR");
  });

  it("finds a campaign by id, slug and external id, and nothing by another name", () => {
    const room = given(null);
    room.send(createCampaign, { ...summer, external_id: "CRM-1" });
    for (const ref of [summer.campaign_id, "summer-launch", "CRM-1"]) {
      expect(findCampaignSummary(room.tx, ref)?.id).toBe(summer.campaign_id);
    }
    expect(findCampaignSummary(room.tx, "winter")).toBeUndefined();
  });
});

describe("the slug of a title", () => {
  it.each([
    ["Summer Launch 2026!", "summer-launch-2026"],
    ["  Été — à la plage ", "ete-a-la-plage"],
    ["夏の発売", "campaign"],
    ["a".repeat(200), "a".repeat(58)],
    [`${"a".repeat(57)} b`, "a".repeat(57)],
  ])("%s is %s", (title, slug) => {
    expect(slugify(title)).toBe(slug);
  });
});
