import { describe, expect, it } from "vitest";
import { CAMPAIGN, WORKSPACE, given } from "../../model/given.ts";
import { campaigns } from "../campaigns/entities.ts";
import { inventoryProducts } from "../inventory/entities.ts";
import { aProduct } from "../inventory/product.fixture.ts";
import { members } from "../members/entities.ts";
import { OWNER, aCampaignSummary } from "../members/team.fixture.ts";
import { mirrorSources } from "./entities.ts";
import type { MirrorRow } from "./entities.ts";
import { openCampaign } from "./open-campaign.ts";

const as = { kind: "system" } as const;
const summary = aCampaignSummary(1, {
  id: CAMPAIGN,
  title: "Summer Launch",
  description: "The shoe.",
  external_id: "CRM-1",
});
const rows: MirrorRow[] = [
  { kind: "member", id: OWNER.id, value: OWNER },
  { kind: "inventory_product", id: aProduct(1).id, value: aProduct(1) },
];
const birth = { campaign: summary, epoch: 1, seq: 240, rows, partial: false };

describe("opening a campaign's room", () => {
  it("takes the campaign, the people and the inventory in one commit", () => {
    const room = given();
    expect(room.when(openCampaign, birth, { as }).code).toBeNull();
    expect(room.get(campaigns, CAMPAIGN)).toMatchObject({
      id: CAMPAIGN,
      slug: "campaign-1",
      external_id: "CRM-1",
      title: "Summer Launch",
      description: "The shoe.",
      status: "draft",
      features: [],
      config: { ui_content: {}, scripts: {}, communication: {} },
      state: {},
      created_at: summary.created_at,
      created_by: summary.created_by,
    });
    expect(room.tx.list(members)).toEqual([OWNER]);
    expect(room.tx.list(inventoryProducts)).toEqual([aProduct(1)]);
    expect(room.get(mirrorSources, WORKSPACE)).toEqual({ id: WORKSPACE, epoch: 1, seq: 240 });
  });

  it("that is only begun does not know its workspace yet", () => {
    const room = given();
    expect(room.when(openCampaign, { ...birth, partial: true }, { as }).code).toBeNull();
    expect(room.tx.list(members)).toEqual([OWNER]);
    expect(room.get(mirrorSources, WORKSPACE)).toBeUndefined();
  });

  it("happens once", () => {
    const room = given();
    room.when(openCampaign, birth, { as });
    expect(room.when(openCampaign, birth, { as }).code).toBe("NO_CHANGE");
  });

  it("is refused with the summary of another campaign", () => {
    expect(given().when(openCampaign, { ...birth, campaign: aCampaignSummary(7) }, { as }).code).toBe(
      "CAMPAIGN_NOT_FOUND",
    );
  });

  it("is refused with rows that are gone, of another entity, or not the workspace's", () => {
    const wrong: MirrorRow[] = [
      { kind: "member", id: OWNER.id, value: null },
      { kind: "member", id: "mem_other", value: OWNER },
      { kind: "campaign_summary", id: summary.id, value: summary },
    ];
    for (const row of wrong)
      expect(given().when(openCampaign, { ...birth, rows: [row] }, { as }).code).toBe("INVALID_REQUEST");
  });

  it("is the room's own doing", () => {
    expect(given().when(openCampaign, birth, { as: "owner" }).code).toBe("PERMISSION_DENIED");
  });
});
