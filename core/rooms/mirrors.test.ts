import { describe, expect, it } from "vitest";
import { CAMPAIGN, WORKSPACE, given, testId } from "../model/given.ts";
import type { Scenario } from "../model/given.ts";
import type { RoomDefinition } from "../model/room.ts";
import { aCampaign } from "../domain/campaigns/campaign.fixture.ts";
import { createCampaign } from "../domain/campaigns/create-campaign.ts";
import { campaigns } from "../domain/campaigns/entities.ts";
import { updateCampaign } from "../domain/campaigns/update-campaign.ts";
import { packageCounters } from "../domain/delivery/entities.ts";
import { inventoryProducts } from "../domain/inventory/entities.ts";
import { aProduct } from "../domain/inventory/product.fixture.ts";
import { mediaBuys } from "../domain/media-buys/entities.ts";
import { members } from "../domain/members/entities.ts";
import { removeMember } from "../domain/members/remove-member.ts";
import { OWNER, VIEWER } from "../domain/members/team.fixture.ts";
import { applyMirror } from "../domain/mirrors/apply-mirror.ts";
import { openCampaign } from "../domain/mirrors/open-campaign.ts";
import { aBuy, aCounter, aPackage } from "../domain/summaries/buy.fixture.ts";
import { campaignSummaries, findCampaignSummary, mediaBuySummaries } from "../domain/summaries/entities.ts";
import { sumCounters } from "../domain/reporting/counters.ts";
import { summarizeMediaBuy } from "../domain/summaries/summarize.ts";
import { campaignRoom } from "./campaign-room.ts";
import { campaignToWorkspace, workspaceToCampaigns } from "./mirrors.ts";
import type { MirrorDefinition, TouchedEntity } from "./mirrors.ts";
import { workspaceRoom } from "./workspace-room.ts";

const as = { kind: "system" } as const;
let seq = 0;

interface From {
  room: Scenario;
  name: string;
  to: Scenario;
}

function show(mirror: MirrorDefinition, { room, name, to }: From, touched: TouchedEntity[] | "all") {
  const rows = mirror.collect(room.tx, touched);
  const complete = touched === "all";
  return to.send(applyMirror, { source: name, epoch: 1, seq: ++seq, rows, complete }, { as });
}

/** A workspace with a campaign, and the campaign's room, just born. */
function aPair() {
  const workspace = given(null).having(members, OWNER, VIEWER).having(inventoryProducts, aProduct(1));
  workspace.send(createCampaign, { campaign_id: CAMPAIGN, title: "Summer Launch" });
  const campaign = given();
  const rows = workspaceToCampaigns.collect(workspace.tx, "all");
  const summary = findCampaignSummary(workspace.tx, CAMPAIGN);
  expect(campaign.send(openCampaign, { campaign: summary, epoch: 1, seq: ++seq, rows }, { as }).code).toBeNull();
  return { workspace, campaign };
}

describe("what a workspace shows its campaigns", () => {
  it("is everything at birth", () => {
    const { campaign } = aPair();
    expect(campaign.tx.list(members)).toEqual([OWNER, VIEWER]);
    expect(campaign.tx.list(inventoryProducts)).toEqual([aProduct(1)]);
  });

  it("is afterwards what was touched, each once, and what is gone", () => {
    const { workspace, campaign } = aPair();
    workspace.when(removeMember, { member_id: VIEWER.id });
    const gone = { kind: "member", id: VIEWER.id };
    expect(workspaceToCampaigns.collect(workspace.tx, [gone, gone])).toEqual([{ ...gone, value: null }]);
    show(workspaceToCampaigns, { room: workspace, name: WORKSPACE, to: campaign }, [gone]);
    expect(campaign.tx.list(members)).toEqual([OWNER]);
  });

  it("holds people, keys and revocations back for no second", () => {
    expect([...workspaceToCampaigns.urgent]).toEqual([
      "member",
      "member_limit",
      "api_key",
      "api_key_credential",
      "session_revocation",
    ]);
    for (const kind of workspaceToCampaigns.urgent) expect(workspaceToCampaigns.watches).toContain(kind);
    expect(campaignToWorkspace.urgent.size).toBe(0);
  });

  it("is never what was mirrored itself", () => {
    for (const kind of workspaceToCampaigns.watches) expect(campaignToWorkspace.watches).not.toContain(kind);
    const summaries = [campaignSummaries.kind, mediaBuySummaries.kind];
    for (const kind of summaries)
      expect([...workspaceToCampaigns.watches, ...campaignToWorkspace.watches]).not.toContain(kind);
  });
});

describe("what a campaign shows its workspace", () => {
  const first = aPackage(1);
  const second = aPackage(2, { budget_micros: 24_000_000_000 });
  const buy = aBuy(1, [first, second]);

  function running() {
    const { workspace, campaign } = aPair();
    campaign
      .having(mediaBuys, buy, aBuy(2, [aPackage(3)]))
      .having(packageCounters, aCounter(first, buy, { impressions: 600, spend_micros: 18_000_000 }))
      .having(packageCounters, aCounter(second, buy, { impressions: 400, spend_micros: 12_000_000 }));
    const from = { room: campaign, name: `${WORKSPACE}/${CAMPAIGN}`, to: workspace };
    return { workspace, campaign, from };
  }

  it("is the campaign with the number of its buys", () => {
    const { workspace, campaign, from } = running();
    campaign.when(updateCampaign, { campaign_id: CAMPAIGN, updates: { title: "Autumn Launch", status: "active" } });
    show(campaignToWorkspace, from, [{ kind: "campaign", id: CAMPAIGN }]);
    expect(workspace.get(campaignSummaries, CAMPAIGN)).toMatchObject({
      title: "Autumn Launch",
      slug: "summer-launch",
      status: "active",
      campaign_revision: 2,
      media_buy_count: 2,
    });
    expect(workspace.tx.list(mediaBuySummaries)).toEqual([]);
  });

  it("is the one buy that a touched package counter belongs to, with totals that are the sum of its parts", () => {
    const { workspace, from } = running();
    show(campaignToWorkspace, from, [
      { kind: "package_counter", id: first.id },
      { kind: "package_counter", id: second.id },
    ]);
    const [shown, ...others] = workspace.tx.list(mediaBuySummaries);
    expect(others).toEqual([]);
    expect(shown).toMatchObject({ id: buy.id, budget_micros: 60_000_000_000 });
    expect(shown?.totals).toEqual(sumCounters(shown!.packages.map((item) => item.counters)));
    expect(shown?.totals).toMatchObject({ impressions: 1_000, spend_micros: 30_000_000 });
  });

  it("is with `all` every buy, and repairs what the workspace holds too much", () => {
    const { workspace, from } = running();
    workspace.having(mediaBuySummaries, {
      ...summarizeMediaBuy(from.room.tx, buy.id)!,
      id: testId("mb", 9),
    });
    show(campaignToWorkspace, from, "all");
    expect(workspace.tx.list(mediaBuySummaries).map((item) => item.id)).toEqual([buy.id, testId("mb", 2)]);
  });

  it("is nothing before there is a campaign", () => {
    expect(campaignToWorkspace.collect(given().having(campaigns).tx, "all")).toEqual([]);
    expect(campaignToWorkspace.collect(given().having(campaigns, aCampaign()).tx, [])).toHaveLength(1);
  });
});

it("keeps the timers of what it mirrors at the source alone", () => {
  const timed = (room: RoomDefinition) => [...room.entities.values()].filter(({ due }) => due).map(({ kind }) => kind);
  expect(timed(workspaceRoom)).toEqual(["session_revocation"]);
  expect(timed(campaignRoom)).toEqual(["media_buy", "delivery_import"]);
});
