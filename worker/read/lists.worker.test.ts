import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { campaigns } from "../../core/domain/campaigns/entities.ts";
import { creatives } from "../../core/domain/creatives/entities.ts";
import { NOON, testId } from "../../core/model/given.ts";
import { EMPTY_BRIEF } from "../../core/domain/campaigns/entities.ts";
import { campaignSummaries } from "../../core/domain/summaries/entities.ts";
import { aCampaign, aCreative } from "../platform/entities.fixture.ts";
import { ProjectedRoom } from "../platform/projected-room.fixture.ts";
import {
  CampaignItem,
  CreativeItem,
  FeedbackItem,
  ImportItem,
  listCampaigns,
  listCreatives,
  listFeedback,
  listImports,
  listMediaBuys,
  MediaBuyItem,
} from "./campaign-lists.ts";
import { aReader, ask, AUTUMN, OTHER_WS, refusalOf, SPRING, twoWorkspaces, WS } from "./read-model.fixture.ts";
import type { z } from "zod";
import type { Page, ReadDefinition } from "./define-read.ts";
import { readMyWorkspaces } from "./my-workspaces.ts";
import { ApiKeyItem, listApiKeys, listMembers, listProducts, MemberItem, ProductItem } from "./workspace-lists.ts";

let rooms: Awaited<ReturnType<typeof twoWorkspaces>>;
beforeAll(async () => {
  rooms = await twoWorkspaces();
});

const ids = (page: { items: readonly object[] }): unknown[] =>
  page.items.map((item) => ("id" in item ? item.id : null));

describe("a list", () => {
  const lists: [ReadDefinition, z.ZodType, number][] = [
    [listCampaigns, CampaignItem, 2],
    [listMediaBuys, MediaBuyItem, 4],
    [listCreatives, CreativeItem, 4],
    [listFeedback, FeedbackItem, 2],
    [listImports, ImportItem, 2],
    [listMembers, MemberItem, 2],
    [listApiKeys, ApiKeyItem, 1],
    [listProducts, ProductItem, 1],
  ];

  it.each(lists.map(([list, item, count]) => ({ name: list.name, list, item, count })))(
    "of $name holds whole entities with their revision",
    async ({ list, item, count }) => {
      const page = await ask(list);
      expect(page.items).toHaveLength(count);
      for (const found of page.items) expect(item.parse(found)).toEqual(found);
      expect(page.next_cursor).toBeNull();
    },
  );

  it("gives the newest campaign and entity first", async () => {
    expect(ids(await ask(listMediaBuys))).toEqual([4, 3, 2, 1].map((n) => testId("mb", n)));
  });

  it("comes in pages that together are the whole, once each", async () => {
    const seen: unknown[] = [];
    let cursor: string | null = null;
    do {
      const page: Page<object> = await ask(listMediaBuys, {
        limit: "1",
        ...(cursor && { cursor }),
      });
      expect(page.items.length).toBeLessThanOrEqual(1);
      seen.push(...ids(page));
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(seen).toEqual([4, 3, 2, 1].map((n) => testId("mb", n)));
  });

  it("keeps its place while entities come and go", async () => {
    const room = new ProjectedRoom(WS, testId("cmp", 9));
    room.commit((tx) => {
      for (const n of [91, 92, 93]) tx.create(creatives, aCreative(n, testId("mb", 91)));
    });
    await room.project();
    const query = { campaign_id: testId("cmp", 9), limit: "2" };
    const first = await ask(listCreatives, query);
    room.commit((tx) => {
      tx.create(creatives, aCreative(94, testId("mb", 91)));
      tx.delete(creatives, testId("cre", 92));
    });
    await room.project();
    const second = await ask(listCreatives, { ...query, cursor: first.next_cursor });
    expect([...ids(first), ...ids(second)]).toEqual([93, 92, 91].map((n) => testId("cre", n)));
    expect(ids(await ask(listCreatives, query))).toEqual([94, 93].map((n) => testId("cre", n)));
  });
});

describe("filters", () => {
  it.each([
    [{ status: "paused", currency: undefined }, [4, 3, 2, 1]],
    [{ channel: "ctv" }, [3, 1]],
    [{ brand: "veloride" }, [4, 2]],
    [{ brand: "VELORIDE.example" }, [4, 2]],
    [{ campaign_id: SPRING }, [2, 1]],
    [{ campaign_id: SPRING, brand: "NorthTrail", status: "paused", channel: "ctv" }, [1]],
    [{ text: "landing" }, [4, 2]],
    [{ text: "cafe MENU" }, [4, 2]],
    [{ text: "northtrail.exam" }, [3, 1]],
    [{ updated_since: "2026-11-20T12:00:09Z" }, [3, 1]],
    [{ updated_since: "2026-11-20T14:00:09+02:00" }, [3, 1]],
    [{ updated_since: "2026-11-20T12:00:09.001Z" }, []],
    [{ status: "active" }, []],
  ])("of media buys: %o", async ({ ...query }, expected) => {
    const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
    expect(ids(await ask(listMediaBuys, given))).toEqual(expected.map((n) => testId("mb", n)));
  });

  it("of the others", async () => {
    expect(ids(await ask(listCampaigns, { text: "autumn" }))).toEqual([AUTUMN]);
    expect(ids(await ask(listCampaigns, { status: "draft" }))).toEqual([]);
    expect(ids(await ask(listCreatives, { status: "rejected", media_buy_id: testId("mb", 2) }))).toEqual([
      testId("cre", 2),
    ]);
    expect(ids(await ask(listCreatives, { text: "CREATIVE 3" }))).toEqual([testId("cre", 3)]);
    expect(ids(await ask(listFeedback, { type: "lead_quality" }))).toEqual([]);
    expect(ids(await ask(listImports, { status: "running", text: "report" }))).toHaveLength(2);
    expect(ids(await ask(listMembers, { role: "owner" }))).toEqual([testId("mem", 1)]);
    expect(ids(await ask(listMembers, { text: "olive" }))).toEqual([testId("mem", 1)]);
    expect(ids(await ask(listProducts, { channel: "ctv" }))).toEqual([]);
  });

  it.each([
    [{ limit: "0" }],
    [{ limit: "201" }],
    [{ limit: "ten" }],
    [{ status: "running" }],
    [{ campaign_id: "spring-launch" }],
    [{ updated_since: "yesterday" }],
    [{ text: "***" }],
    [{ workspace_id: OTHER_WS }],
    [{ __proto__: null, order: "asc" }],
  ])("refuse what they do not know: %o", (query) => {
    expect(listMediaBuys.query.safeParse(query).success).toBe(false);
  });
});

describe("a cursor", () => {
  const firstPage = async (query: object = {}): Promise<string> =>
    (await ask(listMediaBuys, { limit: "1", ...query })).next_cursor!;

  it.each([
    ["cut short", (cursor: string) => cursor.slice(0, -1)],
    ["made longer", (cursor: string) => `${cursor}0`],
    ["with another letter", (cursor: string) => (cursor.startsWith("W") ? "X" : "W") + cursor.slice(1)],
    ["of one's own making", () => `${btoa('["","",""]')}.0000000000000000`],
    ["without a check", (cursor: string) => cursor.split(".")[0]!],
    ["with stray characters", (cursor: string) => ` ${cursor}`],
    ["that is no base64", () => "§§§.§§§"],
    ["that is SQL", () => "' OR 1=1 --"],
  ])("%s is refused", async (_, change) => {
    const refusal = await refusalOf(listMediaBuys, { limit: "1", cursor: change(await firstPage()) });
    expect(refusal).toMatchObject({ code: "INVALID_REQUEST", issues: [{ pointer: "/query/cursor" }] });
  });

  it("of another filter, another list or another workspace is refused", async () => {
    const cursor = await firstPage();
    expect(await refusalOf(listMediaBuys, { cursor, status: "paused" })).toMatchObject({ code: "INVALID_REQUEST" });
    expect(await refusalOf(listCreatives, { cursor })).toMatchObject({ code: "INVALID_REQUEST" });
    await expect(ask(listMediaBuys, { cursor }, aReader({ workspace_id: OTHER_WS }))).rejects.toThrow("cursor");
  });

  it("may come with another page size", async () => {
    const cursor = await firstPage();
    expect(ids(await ask(listMediaBuys, { cursor, limit: "2" }))).toEqual([3, 2].map((n) => testId("mb", n)));
  });
});

describe("as_of", () => {
  it("is the room's own position for what comes from one room", async () => {
    const { spring, workspace } = rooms;
    expect((await ask(listMediaBuys, { campaign_id: SPRING })).as_of).toEqual({
      epoch: 1,
      seq: spring.rows.length,
      at: spring.rows.at(-1)!.at,
    });
    expect((await ask(listMembers)).as_of).toEqual({
      epoch: 1,
      seq: workspace.rows.length,
      at: workspace.rows.at(-1)!.at,
    });
  });

  it("is the latest commit that is in it for what comes from several", async () => {
    expect((await ask(listMediaBuys)).as_of?.at).toBe(rooms.autumn.rows.at(-1)!.at);
  });

  it("is null while nothing has arrived", async () => {
    expect(await ask(listMediaBuys, { campaign_id: testId("cmp", 8) })).toEqual({
      items: [],
      next_cursor: null,
      as_of: null,
    });
  });
});

describe("a member limited to a campaign", () => {
  const limited = aReader({ campaign_ids: [SPRING] });

  it("sees that campaign's rows alone", async () => {
    expect(ids(await ask(listCampaigns, {}, limited))).toEqual([SPRING]);
    expect(ids(await ask(listMediaBuys, {}, limited))).toEqual([2, 1].map((n) => testId("mb", n)));
    expect(ids(await ask(listMediaBuys, { text: "landing" }, limited))).toEqual([testId("mb", 2)]);
  });

  it("learns nothing of another, not even how far it has come", async () => {
    expect(await ask(listMediaBuys, { campaign_id: AUTUMN }, limited)).toEqual({
      items: [],
      next_cursor: null,
      as_of: null,
    });
    expect(await ask(listMediaBuys, {}, aReader({ campaign_ids: [] }))).toEqual({
      items: [],
      next_cursor: null,
      as_of: null,
    });
  });
});

describe("another workspace with the same ids", () => {
  it("is never seen", async () => {
    const lists: ReadDefinition[] = [listCampaigns, listMembers];
    for (const list of lists) {
      const text = JSON.stringify(await ask(list));
      expect(text).toContain("Halcyon");
      expect(text).not.toContain("Other");
    }
    expect(ids(await ask(listCampaigns, { text: "other" }))).toEqual([]);
  });
});

describe("the workspaces of a person", () => {
  it("are those they are a member of, with their role there", async () => {
    expect(await readMyWorkspaces(env.DB, "user-2")).toEqual(
      [
        [WS, "Halcyon Agency"],
        [OTHER_WS, "Other Agency"],
      ].map(([workspace_id, name]) => ({
        workspace_id,
        name,
        member_id: testId("mem", 2),
        role: "operator",
        as_of: { epoch: 1, seq: 4, at: "2026-11-20T12:00:04.000Z" },
      })),
    );
    expect(await readMyWorkspaces(env.DB, "user-3")).toEqual([]);
  });
});

describe("a campaign nobody has opened yet", () => {
  it("is listed from what its workspace knows, until its room speaks", async () => {
    const ws = testId("ws", 5);
    const id = testId("cmp", 5);
    const summary = {
      id,
      slug: "unopened",
      external_id: null,
      title: "Unopened",
      description: "Not yet",
      brief: EMPTY_BRIEF,
      status: "draft" as const,
      generation_status: "idle" as const,
      campaign_revision: 0,
      media_buy_count: 0,
      created_at: NOON,
      created_by: "member:mem_1",
    };
    const workspace = new ProjectedRoom(ws);
    workspace.commit((tx) => tx.create(campaignSummaries, summary));
    await workspace.project();
    const reader = aReader({ workspace_id: ws });
    expect((await ask(listCampaigns, { text: "unop" }, reader)).items).toMatchObject([
      { id, revision: 0, features: [] },
    ]);

    const room = new ProjectedRoom(ws, id);
    room.commit((tx) => tx.create(campaigns, aCampaign(id, { title: "Opened" })));
    await room.project();
    await workspace.project();
    expect((await ask(listCampaigns, {}, reader)).items).toMatchObject([{ title: "Opened", revision: 1 }]);
    expect((await ask(listCampaigns, { text: "unopened" }, reader)).items).toEqual([]);
  });
});
