import { describe, expect, it } from "vitest";
import { CAMPAIGN, WORKSPACE, given, testId } from "../../model/given.ts";
import type { Scenario } from "../../model/given.ts";
import { ZERO } from "../delivery/entities.ts";
import { aProduct } from "../inventory/product.fixture.ts";
import { inventoryProducts } from "../inventory/entities.ts";
import { members } from "../members/entities.ts";
import { OPERATOR, OWNER, VIEWER, aCampaignSummary } from "../members/team.fixture.ts";
import { campaignSummaries, mediaBuySummaries } from "../summaries/entities.ts";
import type { MediaBuySummary } from "../summaries/entities.ts";
import { applyMirror } from "./apply-mirror.ts";
import { mirrorSources } from "./entities.ts";
import type { MirrorRow } from "./entities.ts";
import { rowMirrored } from "./rows.ts";

const as = { kind: "system" } as const;
const CHILD = testId("cmp", 1);
const SOURCE = `${WORKSPACE}/${CHILD}`;

const memberRow = (value: typeof OWNER): MirrorRow => ({ kind: "member", id: value.id, value });
const gone = (id: string): MirrorRow => ({ kind: "member", id, value: null });

function aBuySummary(n: number, campaign_id = CHILD): MediaBuySummary {
  return {
    id: testId("mb", n),
    campaign_id,
    external_id: null,
    brand: { name: "NorthTrail", domain: "northtrail.example" },
    status: "active",
    currency: "USD",
    start_at: "2026-11-07T05:00:00.000Z",
    end_at: "2026-12-07T05:00:00.000Z",
    budget_micros: 60_000_000_000,
    daily_cap_micros: null,
    cap_timezone: "America/New_York",
    media_buy_revision: 3,
    packages: [],
    totals: ZERO,
    updated_at: "2026-11-20T09:00:00.000Z",
  };
}
const buyRow = (value: MediaBuySummary): MirrorRow => ({ kind: "media_buy_summary", id: value.id, value });

interface Message {
  seq: number;
  rows: MirrorRow[];
  epoch?: number;
  source?: string;
  complete?: boolean;
  partial?: boolean;
}

function toCampaign(room: Scenario, message: Message) {
  return room.when(applyMirror, { source: WORKSPACE, epoch: 1, complete: false, partial: false, ...message }, { as });
}
function toWorkspace(room: Scenario, message: Message) {
  return room.when(applyMirror, { source: SOURCE, epoch: 1, complete: false, partial: false, ...message }, { as });
}
const aWorkspace = () => given(null).having(campaignSummaries, aCampaignSummary(1), aCampaignSummary(2));

describe("a campaign mirroring its workspace", () => {
  it("takes over what is new, what changed and what is gone", () => {
    const room = given().having(members, OWNER, VIEWER);
    const promoted = { ...VIEWER, role: "operator" } as const;
    toCampaign(room, { seq: 5, rows: [memberRow(promoted), gone(OWNER.id), memberRow(OPERATOR)] });
    expect(room.tx.list(members)).toEqual([promoted, OPERATOR]);
    expect(room.get(mirrorSources, WORKSPACE)).toEqual({ id: WORKSPACE, epoch: 1, seq: 5 });
  });

  it("leaves newer state alone, and counts epochs before sequence numbers", () => {
    const room = given();
    toCampaign(room, { seq: 5, rows: [memberRow(VIEWER)] });
    expect(toCampaign(room, { seq: 5, rows: [gone(VIEWER.id)] }).code).toBe("NO_CHANGE");
    expect(toCampaign(room, { seq: 4, rows: [gone(VIEWER.id)] }).code).toBe("NO_CHANGE");
    expect(toCampaign(room, { epoch: 0, seq: 9, rows: [gone(VIEWER.id)] }).code).toBe("NO_CHANGE");
    expect(room.get(members, VIEWER.id)).toEqual(VIEWER);
    expect(toCampaign(room, { epoch: 2, seq: 1, rows: [gone(VIEWER.id)] }).code).toBeNull();
    expect(room.get(members, VIEWER.id)).toBeUndefined();
  });

  it("takes a state in parts, and is no further before the last of them", () => {
    const room = given().having(members, OWNER).having(mirrorSources, { id: WORKSPACE, epoch: 1, seq: 3 });
    expect(toCampaign(room, { seq: 5, rows: [memberRow(VIEWER)], partial: true }).code).toBeNull();
    expect(room.get(mirrorSources, WORKSPACE)).toMatchObject({ seq: 3 });
    expect(toCampaign(room, { seq: 5, rows: [gone(OWNER.id)], partial: true }).code).toBeNull();
    expect(toCampaign(room, { seq: 5, rows: [memberRow(OPERATOR)] }).code).toBeNull();
    expect(room.tx.list(members)).toEqual([VIEWER, OPERATOR]);
    expect(room.get(mirrorSources, WORKSPACE)).toEqual({ id: WORKSPACE, epoch: 1, seq: 5 });
  });

  it("refuses a part older than what is here, or than what has begun to come", () => {
    const room = given().having(mirrorSources, { id: WORKSPACE, epoch: 1, seq: 5 });
    const part = { rows: [memberRow(VIEWER)], partial: true };
    expect(toCampaign(room, { ...part, seq: 5 }).code).toBe("NO_CHANGE");
    toCampaign(room, { seq: 9, rows: [memberRow(OWNER)], partial: true });
    expect(toCampaign(room, { ...part, seq: 8 }).code).toBe("NO_CHANGE");
    expect(toCampaign(room, { seq: 8, rows: [gone(OWNER.id)] }).code).toBe("NO_CHANGE");
    expect(room.tx.list(members)).toEqual([OWNER]);
  });

  it("takes the same part again as no change, and none that claims to be all", () => {
    const room = given().having(mirrorSources, { id: WORKSPACE, epoch: 1, seq: 5 });
    const part = { seq: 6, rows: [memberRow(VIEWER)], partial: true };
    toCampaign(room, part);
    expect(toCampaign(room, part).code).toBe("NO_CHANGE");
    expect(toCampaign(room, { ...part, complete: true }).code).toBe("INVALID_REQUEST");
  });

  it("of which nothing is known is not known by a part of it", () => {
    const room = given();
    toCampaign(room, { seq: 6, rows: [memberRow(VIEWER)], partial: true });
    expect(room.get(mirrorSources, WORKSPACE)).toBeUndefined();
  });

  it("writes nothing for a row that is the same, but moves its position", () => {
    const room = given().having(members, VIEWER);
    const { events } = toCampaign(room, { seq: 6, rows: [memberRow(VIEWER), gone(OWNER.id)] });
    expect(events.map((event) => event.type)).toEqual(["mirror:position:v1:success"]);
    expect(room.tx.revision(members, VIEWER.id)).toBe(1);
  });

  it("with a complete message drops what is no longer named", () => {
    const room = given().having(members, OWNER, VIEWER).having(inventoryProducts, aProduct(1));
    toCampaign(room, { seq: 7, rows: [memberRow(OWNER)], complete: true });
    expect(room.tx.list(members)).toEqual([OWNER]);
    expect(room.tx.list(inventoryProducts)).toEqual([]);
  });

  it("takes nothing from another workspace, from a campaign, or of kinds that flow the other way", () => {
    const other = { seq: 1, rows: [memberRow(VIEWER)] };
    expect(toCampaign(given(), { ...other, source: testId("ws", 7) }).code).toBe("INVALID_REQUEST");
    expect(toCampaign(given(), { ...other, source: `${WORKSPACE}/${CAMPAIGN}` }).code).toBe("INVALID_REQUEST");
    expect(toCampaign(given(), { seq: 1, rows: [buyRow(aBuySummary(1, CAMPAIGN))] }).code).toBe("INVALID_REQUEST");
    expect(toCampaign(given(), { seq: 1, rows: [{ ...memberRow(VIEWER), id: OWNER.id }] }).code).toBe(
      "INVALID_REQUEST",
    );
  });

  it("is the room's own doing: not even an owner may send it", () => {
    const input = { source: WORKSPACE, epoch: 1, seq: 1, rows: [], complete: false, partial: false };
    expect(given().when(applyMirror, input, { as: "owner" }).code).toBe("PERMISSION_DENIED");
  });
});

describe("a workspace mirroring a campaign", () => {
  it("takes over the campaign and its buys, but keeps its own slug and origin", () => {
    const room = aWorkspace();
    const value = aCampaignSummary(1, { title: "New", campaign_revision: 4, slug: "stolen", created_by: "member:x" });
    toWorkspace(room, { seq: 9, rows: [{ kind: "campaign_summary", id: CHILD, value }, buyRow(aBuySummary(1))] });
    expect(room.get(campaignSummaries, CHILD)).toEqual(aCampaignSummary(1, { title: "New", campaign_revision: 4 }));
    expect(room.get(mediaBuySummaries, testId("mb", 1))).toEqual(aBuySummary(1));
  });

  it.each(["campaign-2", "CRM-2"])(
    "keeps the external id it has if the new one, %s, is another campaign's",
    (taken) => {
      const room = given(null).having(
        campaignSummaries,
        aCampaignSummary(1, { external_id: "CRM-1" }),
        aCampaignSummary(2, { external_id: "CRM-2" }),
      );
      const says = (external_id: string | null, seq: number) =>
        toWorkspace(room, {
          seq,
          rows: [{ kind: "campaign_summary", id: CHILD, value: aCampaignSummary(1, { title: "New", external_id }) }],
        });
      says(taken, 1);
      expect(room.get(campaignSummaries, CHILD)).toMatchObject({ title: "New", external_id: "CRM-1" });
      says("CRM-3", 2);
      expect(room.get(campaignSummaries, CHILD)).toMatchObject({ external_id: "CRM-3" });
      says(null, 3);
      expect(room.get(campaignSummaries, CHILD)).toMatchObject({ external_id: null });
    },
  );

  it("does not bring back a campaign that the workspace does not list", () => {
    const room = given(null);
    const rows: MirrorRow[] = [{ kind: "campaign_summary", id: CHILD, value: aCampaignSummary(1) }];
    expect(toWorkspace(room, { seq: 1, rows }).code).toBe("CAMPAIGN_NOT_FOUND");
    expect(room.tx.list(campaignSummaries)).toEqual([]);
  });

  it("never deletes a campaign because its room says so", () => {
    const room = aWorkspace();
    toWorkspace(room, { seq: 1, rows: [{ kind: "campaign_summary", id: CHILD, value: null }], complete: true });
    expect(room.get(campaignSummaries, CHILD)).toEqual(aCampaignSummary(1));
  });

  it("takes from a campaign only what is that campaign's", () => {
    const other = testId("cmp", 2);
    const room = aWorkspace().having(mediaBuySummaries, aBuySummary(2, other));
    const wrong: MirrorRow[] = [
      { kind: "campaign_summary", id: other, value: aCampaignSummary(2) },
      buyRow(aBuySummary(3, other)),
      buyRow({ ...aBuySummary(2), campaign_id: CHILD }),
      { kind: "media_buy_summary", id: testId("mb", 2), value: null },
      memberRow(VIEWER),
    ];
    for (const row of wrong) expect(toWorkspace(room, { seq: 9, rows: [row] }).code).toBe("INVALID_REQUEST");
    expect(toWorkspace(room, { seq: 9, rows: [], source: `${testId("ws", 7)}/${CHILD}` }).code).toBe("INVALID_REQUEST");
  });

  it("with a complete message drops that campaign's buys alone", () => {
    const other = aBuySummary(2, testId("cmp", 2));
    const room = aWorkspace().having(mediaBuySummaries, aBuySummary(1), other);
    toWorkspace(room, { seq: 9, rows: [], complete: true });
    expect(room.tx.list(mediaBuySummaries)).toEqual([other]);
  });
});

describe("who may see a mirrored row", () => {
  it.each<[string, MirrorRow, unknown]>([
    ["a member", memberRow(VIEWER), { needs: "member.read" }],
    ["a member who left", gone(VIEWER.id), { needs: "member.read" }],
    ["a hash", { kind: "api_key_credential", id: "a".repeat(64), value: null }, { needs: "system" }],
    ["a product", { kind: "inventory_product", id: testId("prod", 1), value: aProduct(1) }, null],
    ["a buy", buyRow(aBuySummary(1)), { needs: "campaign.read", campaign_id: CHILD }],
  ])("%s: as the kind itself says", (_case, row, audience) => {
    expect(rowMirrored.audience(row)).toEqual(audience);
  });
});
