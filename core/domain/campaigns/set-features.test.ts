import { describe, expect, it } from "vitest";
import { CAMPAIGN, testId } from "../../model/given.ts";
import { aCampaignRoom } from "./campaign.fixture.ts";
import { campaigns } from "./entities.ts";
import { setFeatures } from "./set-features.ts";

const waitlist = { features: ["waitlist", "referral"] };

describe("setting a campaign's features", () => {
  it.each([
    ["add", ["referral", "leaderboard"], ["waitlist", "referral", "leaderboard"]],
    ["remove", ["referral", "leaderboard"], ["waitlist"]],
    ["set", ["leaderboard", "leaderboard"], ["leaderboard"]],
    ["set", [], []],
  ])("%s %j leads to %j", (action, features, result) => {
    const room = aCampaignRoom(waitlist);
    room.when(setFeatures, { campaign_id: CAMPAIGN, action, features }, { as: "operator" });
    expect(room.get(campaigns, CAMPAIGN)?.features).toEqual(result);
  });

  it("can be undone, order included", () => {
    const room = aCampaignRoom(waitlist);
    const { inverse } = room.when(setFeatures, { campaign_id: CAMPAIGN, action: "remove", features: ["waitlist"] });
    room.send(setFeatures, inverse?.payload);
    expect(room.get(campaigns, CAMPAIGN)?.features).toEqual(waitlist.features);
  });

  it("is refused with an unknown action as INVALID_REQUEST, naming the field", () => {
    const { refusal } = aCampaignRoom().when(setFeatures, { campaign_id: CAMPAIGN, action: "toggle", features: [] });
    expect(refusal).toMatchObject({ code: "INVALID_REQUEST", issues: [{ pointer: "/action" }] });
  });

  it.each([
    ["add", ["waitlist"]],
    ["remove", ["leaderboard"]],
    ["set", ["referral", "waitlist"]],
    ["add", []],
  ])("is refused when %s %j changes nothing", (action, features) => {
    expect(aCampaignRoom(waitlist).when(setFeatures, { campaign_id: CAMPAIGN, action, features }).code).toBe(
      "NO_CHANGE",
    );
  });

  it("is refused beyond 100 features", () => {
    const room = aCampaignRoom({ features: Array.from({ length: 99 }, (_, n) => `feature-${n}`) });
    const add = (features: string[]) => room.when(setFeatures, { campaign_id: CAMPAIGN, action: "add", features }).code;
    expect(add(["one", "two"])).toBe("PAYLOAD_TOO_LARGE");
    expect(add(["one"])).toBeNull();
  });

  it("is refused for archived and for other campaigns, and to viewers", () => {
    const add = { campaign_id: CAMPAIGN, action: "add", features: ["x"] };
    expect(aCampaignRoom({ status: "archived" }).when(setFeatures, add).code).toBe("INVALID_STATE");
    expect(aCampaignRoom().when(setFeatures, { ...add, campaign_id: testId("cmp", 9) }).code).toBe(
      "CAMPAIGN_NOT_FOUND",
    );
    expect(aCampaignRoom().when(setFeatures, add, { as: "viewer" }).code).toBe("PERMISSION_DENIED");
  });

  it("is refused with a name that is none", () => {
    const add = { campaign_id: CAMPAIGN, action: "add", features: ["a b"] };
    expect(aCampaignRoom().send(setFeatures, add).code).toBe("VALIDATION_ERROR");
  });
});
