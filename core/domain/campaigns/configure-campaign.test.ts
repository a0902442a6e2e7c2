import { describe, expect, it } from "vitest";
import { CAMPAIGN, testId } from "../../model/given.ts";
import { aCampaignRoom } from "./campaign.fixture.ts";
import { configureCampaign } from "./configure-campaign.ts";
import { campaigns } from "./entities.ts";

const before = { config: { ui_content: { banner: "Soon" }, scripts: { onload: "alert(1)" }, communication: {} } };

describe("configuring a campaign", () => {
  it("replaces the named sections whole and keeps the others", () => {
    const room = aCampaignRoom(before);
    const config = { ui_content: { title: "Open" } };
    room.when(configureCampaign, { campaign_id: CAMPAIGN, config }, { as: "operator" });
    expect(room.get(campaigns, CAMPAIGN)?.config).toEqual({ ...before.config, ...config });
  });

  it("keeps a script as the text it is", () => {
    const room = aCampaignRoom();
    const scripts = { onload: "</script><script>alert(1)</script>", constructor_: "x" };
    room.when(configureCampaign, { campaign_id: CAMPAIGN, config: { scripts } });
    expect(room.get(campaigns, CAMPAIGN)?.config.scripts).toEqual(scripts);
  });

  it("can be undone", () => {
    const room = aCampaignRoom(before);
    const { inverse } = room.when(configureCampaign, {
      campaign_id: CAMPAIGN,
      config: { scripts: {}, ui_content: {} },
    });
    room.send(configureCampaign, inverse?.payload);
    expect(room.get(campaigns, CAMPAIGN)?.config).toEqual(before.config);
  });

  it("is refused when nothing would change or too much would be kept", () => {
    const config = (ui_content: Record<string, unknown>) =>
      aCampaignRoom(before).when(configureCampaign, { campaign_id: CAMPAIGN, config: { ui_content } }).code;
    expect(config({ banner: "Soon" })).toBe("NO_CHANGE");
    expect(config({ banner: "x".repeat(12 * 1024) })).toBe("PAYLOAD_TOO_LARGE");
  });

  it("is refused for archived and for other campaigns, and to viewers", () => {
    const input = { campaign_id: CAMPAIGN, config: { communication: { email: true } } };
    expect(aCampaignRoom({ status: "archived" }).when(configureCampaign, input).code).toBe("INVALID_STATE");
    const other = { ...input, campaign_id: testId("cmp", 9) };
    expect(aCampaignRoom().when(configureCampaign, other).code).toBe("CAMPAIGN_NOT_FOUND");
    expect(aCampaignRoom().when(configureCampaign, input, { as: "viewer" }).code).toBe("PERMISSION_DENIED");
  });

  it("is refused with an unknown section or one that is no object", () => {
    const send = (config: unknown) => aCampaignRoom().send(configureCampaign, { campaign_id: CAMPAIGN, config }).code;
    expect(send({ styles: {} })).toBe("VALIDATION_ERROR");
    expect(send({ scripts: "alert(1)" })).toBe("VALIDATION_ERROR");
  });
});
