import { describe, expect, it } from "vitest";
import { CAMPAIGN, testId } from "../../model/given.ts";
import { aBuy } from "../media-buys/buy.fixture.ts";
import { mediaBuys } from "../media-buys/entities.ts";
import { aCampaign, aCampaignRoom } from "./campaign.fixture.ts";
import { CAMPAIGN_STATUSES, EMPTY_BRIEF, campaigns } from "./entities.ts";
import { updateCampaign } from "./update-campaign.ts";

const LATER = "2026-11-20T15:00:00.000Z";
const nested = (levels: number): unknown => (levels === 0 ? 1 : { in: nested(levels - 1) });

describe("updating a campaign", () => {
  it("takes the payload of the earlier system as it is", () => {
    const room = aCampaignRoom();
    const updates = { title: "New Campaign Title", status: "active" } as const;
    const { events } = room.when(updateCampaign, { campaign_id: CAMPAIGN, updates }, { as: "operator", now: LATER });
    expect(room.get(campaigns, CAMPAIGN)).toEqual({ ...aCampaign(), ...updates, updated_at: LATER });
    expect(events).toEqual([{ type: "campaign:update:v1:success", data: { campaign_id: CAMPAIGN, updates } }]);
  });

  it.each(["summer-launch", "CRM-1"])("knows the campaign as %s, too", (campaign_id) => {
    const room = aCampaignRoom();
    const { events } = room.when(updateCampaign, { campaign_id, updates: { title: "X" } });
    expect(events[0]?.data).toMatchObject({ campaign_id: CAMPAIGN });
  });

  it("merges state key by key, and null deletes a key", () => {
    const room = aCampaignRoom({ state: { step: 1, draft: { a: 1, b: 2 }, seen: true } });
    const state = { step: 2, draft: { a: 9 }, seen: null, fresh: [1] };
    room.when(updateCampaign, { campaign_id: CAMPAIGN, updates: { state } });
    expect(room.get(campaigns, CAMPAIGN)?.state).toEqual({ step: 2, draft: { a: 9 }, fresh: [1] });
  });

  it("replaces the named fields of the brief only", () => {
    const room = aCampaignRoom({ brief: { ...EMPTY_BRIEF, objective: "Sell", tone: ["calm"] } });
    room.when(updateCampaign, { campaign_id: CAMPAIGN, updates: { brief: { tone: ["bold"] } } });
    expect(room.get(campaigns, CAMPAIGN)?.brief).toEqual({ ...EMPTY_BRIEF, objective: "Sell", tone: ["bold"] });
  });

  it("can be undone, state included", () => {
    const before = { state: { step: 1 }, external_id: null };
    const room = aCampaignRoom(before);
    const updates = { title: "X", external_id: "CRM-9", state: { step: null, more: 2 }, brief: { objective: "Y" } };
    const { inverse } = room.when(updateCampaign, { campaign_id: CAMPAIGN, updates });
    room.send(updateCampaign, inverse?.payload);
    expect(room.get(campaigns, CAMPAIGN)).toEqual(aCampaign(before));
  });

  it("has an undo for a status only if the graph leads back", () => {
    const pause = { campaign_id: CAMPAIGN, updates: { status: "paused" } } as const;
    expect(aCampaignRoom({ status: "active" }).when(updateCampaign, pause).inverse).toMatchObject({
      payload: { updates: { status: "active" } },
    });
    const start = { campaign_id: CAMPAIGN, updates: { status: "active" } } as const;
    expect(aCampaignRoom().when(updateCampaign, start).inverse).toBeNull();
  });

  const ways = ["draft→active", "draft→archived", "active→paused", "active→completed"];
  const more = ["paused→active", "paused→completed", "completed→archived"];
  const allowed = new Set([...ways, ...more]);
  const pairs = CAMPAIGN_STATUSES.flatMap((from) => CAMPAIGN_STATUSES.map((to) => [from, to] as const));

  it.each(pairs.filter(([from, to]) => from !== to))("goes from %s to %s only along the graph", (from, to) => {
    const { code } = aCampaignRoom({ status: from }).when(updateCampaign, {
      campaign_id: CAMPAIGN,
      updates: { status: to },
    });
    expect(code).toBe(allowed.has(`${from}→${to}`) ? null : "INVALID_STATE");
  });

  it("is refused for an archived campaign, whatever would change", () => {
    const archived = aCampaignRoom({ status: "archived" });
    expect(archived.when(updateCampaign, { campaign_id: CAMPAIGN, updates: { title: "X" } }).code).toBe(
      "INVALID_STATE",
    );
  });

  it("is archived once all its media buys have ended, and the refusal names those that have not", () => {
    const archive = { campaign_id: CAMPAIGN, updates: { status: "archived" as const } };
    const open = aBuy({ id: testId("mb", 2), external_id: null, status: "paused" });
    const room = aCampaignRoom({ status: "completed" }).having(mediaBuys, aBuy({ status: "completed" }), open);
    const { refusal } = room.when(updateCampaign, archive);
    expect(refusal).toMatchObject({
      code: "INVALID_STATE",
      message: `Media buys have not ended: ${open.id} is paused.`,
      details: { media_buy_ids: [open.id] },
    });
    room.having(mediaBuys, { ...open, status: "canceled" });
    expect(room.when(updateCampaign, archive).code).toBeNull();
  });

  it("names five of many open media buys, and all in the details", () => {
    const buys = Array.from({ length: 7 }, (_, n) => aBuy({ id: testId("mb", n + 1), external_id: `crm-${n}` }));
    const room = aCampaignRoom().having(mediaBuys, ...buys);
    const { refusal } = room.when(updateCampaign, { campaign_id: CAMPAIGN, updates: { status: "archived" } });
    expect(refusal?.message).toMatch(/crm-4 is active, 2 more\.$/);
    expect(refusal?.details).toEqual({ media_buy_ids: buys.map(({ id }) => id) });
  });

  it.each([
    ["nothing", {}],
    ["the same title", { title: "Summer Launch" }],
    ["the same status", { status: "draft" as const }],
    ["a state key that is not there, deleted", { state: { gone: null } }],
  ])("is refused with %s to change", (_case, updates) => {
    expect(aCampaignRoom().when(updateCampaign, { campaign_id: CAMPAIGN, updates }).code).toBe("NO_CHANGE");
  });

  it("keeps the whole update out if one part of it is refused", () => {
    const room = aCampaignRoom();
    const updates = { title: "X", status: "paused" } as const;
    expect(room.when(updateCampaign, { campaign_id: CAMPAIGN, updates }).code).toBe("INVALID_STATE");
    expect(room.get(campaigns, CAMPAIGN)).toEqual(aCampaign());
  });

  it("is refused when the merged state would exceed 32 KiB, counted in bytes", () => {
    const room = aCampaignRoom({ state: { a: "x".repeat(20_000) } });
    const grow = (text: string) =>
      room.when(updateCampaign, { campaign_id: CAMPAIGN, updates: { state: { b: text } } });
    expect(grow("ü".repeat(7_000)).code).toBe("PAYLOAD_TOO_LARGE");
    expect(grow("u".repeat(7_000)).code).toBeNull();
  });

  it("accepts state 16 levels deep and refuses a 17th", () => {
    const send = (levels: number) =>
      aCampaignRoom().send(updateCampaign, { campaign_id: CAMPAIGN, updates: { state: { in: nested(levels - 1) } } })
        .code;
    expect(send(16)).toBeNull();
    expect(send(17)).toBe("VALIDATION_ERROR");
  });

  it("is refused for another campaign, and to viewers", () => {
    const other = { campaign_id: testId("cmp", 9), updates: { title: "X" } };
    expect(aCampaignRoom().when(updateCampaign, other).code).toBe("CAMPAIGN_NOT_FOUND");
    const mine = { ...other, campaign_id: CAMPAIGN };
    expect(aCampaignRoom().when(updateCampaign, mine, { as: "viewer" }).code).toBe("PERMISSION_DENIED");
  });

  it.each([
    ["an unknown status", { status: "running" }],
    ["a blank title", { title: " " }],
    ["its slug", { slug: "autumn" }],
    ["its generation status", { generation_status: "completed" }],
    ["a state that is a list", { state: [1] }],
    ["a colour that is none", { brief: { palette: ["red"] } }],
  ])("is refused with %s", (_case, updates) => {
    expect(aCampaignRoom().send(updateCampaign, { campaign_id: CAMPAIGN, updates }).code).toBe("VALIDATION_ERROR");
  });
});
