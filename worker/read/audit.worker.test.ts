import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { campaigns } from "../../core/domain/campaigns/entities.ts";
import { workspaces } from "../../core/domain/workspaces/entities.ts";
import { defineEvent } from "../../core/model/event.ts";
import { testId } from "../../core/model/given.ts";
import { aCampaign } from "../platform/entities.fixture.ts";
import { ProjectedRoom } from "../platform/projected-room.fixture.ts";
import { audit, EXAMINED_PER_PAGE } from "./audit.ts";
import { auditTrail } from "./audit-trail.ts";
import { aReader, ask, AUTUMN, OTHER_WS, refusalOf, SPRING, twoWorkspaces, WS } from "./read-model.fixture.ts";
import { readerOf } from "./reader.ts";

let rooms: Awaited<ReturnType<typeof twoWorkspaces>>;
beforeAll(async () => {
  rooms = await twoWorkspaces();
});

describe("the trail of one entity", () => {
  const ofBuy = { kind: "media_buy", id: testId("mb", 1), campaign_id: SPRING };

  it("tells who changed it, when, from where and what, the latest first", async () => {
    const { items, as_of } = await ask(auditTrail, ofBuy);
    expect(items.map(({ seq, type }) => [seq, type])).toEqual([
      [9, "media_buy:update:v1"],
      [2, "campaign:update:v1"],
    ]);
    expect(items[0]).toEqual({
      campaign_id: SPRING,
      epoch: 1,
      seq: 9,
      at: "2026-11-20T12:00:09.000Z",
      actor: { kind: "member", id: "mem_2" },
      type: "media_buy:update:v1",
      command_id: "command-00000009",
      correlation: { id: "correlation-pause", device: "phone", session: "session-1" },
      entities: [{ kind: "media_buy", id: testId("mb", 1), revision: 2 }],
      events: [
        {
          v: 1,
          seq: 9,
          id: expect.stringMatching(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/),
          type: "media_buy:update:v1:success",
          workspace_id: WS,
          entity: { kind: "media_buy", id: testId("mb", 1), revision: 2 },
          actor: { kind: "member", id: "mem_2" },
          correlation_id: "correlation-pause",
          causation_id: "command-00000009",
          at: "2026-11-20T12:00:09.000Z",
          data: { media_buy_id: testId("mb", 1), status: "paused" },
        },
      ],
    });
    expect(as_of?.seq).toBe(rooms.spring.rows.length);
  });

  it("comes in pages, and the ids of its events stay the same", async () => {
    const whole = (await ask(auditTrail, ofBuy)).items;
    const first = await ask(auditTrail, { ...ofBuy, limit: "1" });
    const second = await ask(auditTrail, { ...ofBuy, limit: "1", cursor: first.next_cursor });
    expect([...first.items, ...second.items]).toEqual(whole);
    expect(second.next_cursor).toBeNull();
    expect(await refusalOf(auditTrail, { ...ofBuy, id: testId("mb", 2), cursor: first.next_cursor })).toMatchObject({
      code: "INVALID_REQUEST",
    });
  });

  it("of a member is in the workspace's own room", async () => {
    const { items } = await ask(auditTrail, { kind: "member", id: testId("mem", 2) });
    expect(items.map(({ seq, campaign_id }) => [seq, campaign_id])).toEqual([[2, null]]);
  });

  it("of another campaign or workspace is empty", async () => {
    expect((await ask(auditTrail, ofBuy, aReader({ campaign_ids: [AUTUMN] }))).items).toEqual([]);
    expect((await ask(auditTrail, { ...ofBuy, campaign_id: AUTUMN })).items).toEqual([]);
    const others = await ask(auditTrail, ofBuy, aReader({ workspace_id: OTHER_WS }));
    expect(others.items.every(({ events }) => events.every((event) => event.workspace_id === OTHER_WS))).toBe(true);
  });

  it("leaves out what a restore undid", async () => {
    const room = new ProjectedRoom(testId("ws", 30), SPRING);
    room.commit((tx) => tx.create(campaigns, aCampaign(SPRING)));
    room.commit((tx) => tx.update(campaigns, SPRING, { title: "Undone" }));
    await room.project();
    const restored = room.upTo(1);
    restored.epoch = 2;
    restored.commit((tx) => tx.update(campaigns, SPRING, { title: "Instead" }), { at: "2026-11-20T13:00:00.000Z" });
    await restored.project();
    const { items } = await ask(
      auditTrail,
      { kind: "campaign", id: SPRING, campaign_id: SPRING },
      aReader({ workspace_id: room.workspaceId }),
    );
    expect(items.map(({ epoch, seq, at }) => [epoch, seq, at])).toEqual([
      [2, 2, "2026-11-20T13:00:00.000Z"],
      [2, 1, "2026-11-20T12:00:01.000Z"],
    ]);
  });

  it("is asked with a campaign for what belongs to one, and without for what does not", () => {
    expect(auditTrail.query.safeParse({ kind: "media_buy", id: testId("mb", 1) }).success).toBe(false);
    expect(auditTrail.query.safeParse({ kind: "member", id: testId("mem", 1), campaign_id: SPRING }).success).toBe(
      false,
    );
    expect(auditTrail.query.safeParse({ kind: "delivery_fact", id: "x", campaign_id: SPRING }).success).toBe(false);
  });
});

describe("the audit", () => {
  it("lists every commit of every room, the latest first", async () => {
    const { items } = await ask(audit, { limit: "200" });
    const expected = [...rooms.workspace.rows, ...rooms.spring.rows, ...rooms.autumn.rows].map(({ at }) => at);
    expect(items.map(({ at }) => at)).toEqual(expected.toSorted().toReversed());
  });

  it("is filtered by actor, type, campaign and time", async () => {
    const seqs = async (query: Record<string, string>): Promise<unknown[]> =>
      (await ask(audit, query)).items.map(({ campaign_id, seq }) => [campaign_id, seq]);
    expect(await seqs({ actor: "member:mem_2" })).toEqual([
      [AUTUMN, 9],
      [SPRING, 9],
    ]);
    expect(await seqs({ type: "delivery:report:v1", campaign_id: SPRING })).toEqual([[SPRING, 6]]);
    expect(await seqs({ campaign_id: SPRING, since: "2026-11-20T12:00:08Z" })).toEqual([
      [SPRING, 9],
      [SPRING, 8],
    ]);
    expect(await seqs({ until: "2026-11-20T12:00:01Z" })).toEqual([
      [AUTUMN, 1],
      [SPRING, 1],
      [null, 1],
    ]);
    expect(await seqs({ actor: "' OR 1=1 --" })).toEqual([]);
  });

  it("comes in pages that together are the whole, once each", async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof ask<unknown, { campaign_id: string | null; seq: number }>>> = await ask(
        audit,
        {
          limit: "4",
          ...(cursor && { cursor }),
        },
      );
      seen.push(...page.items.map(({ campaign_id, seq }) => `${campaign_id} ${seq}`));
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(seen).toHaveLength(rooms.workspace.rows.length + rooms.spring.rows.length + rooms.autumn.rows.length);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it("looks at so many commits for a page and goes on from there, so that a rare thing is found in bounded steps", async () => {
    const room = new ProjectedRoom(testId("ws", 31), SPRING);
    room.commit((tx) => tx.create(campaigns, aCampaign(SPRING)), { actor: "member:rare" });
    for (let n = 0; n < EXAMINED_PER_PAGE; n++)
      room.commit((tx) => tx.update(campaigns, SPRING, { title: `Title ${n}` }));
    for (let from = 0; from < room.rows.length; from += 100) {
      await room.projector().deliver(room.rows.slice(from, from + 100), 1);
    }
    const reader = aReader({ workspace_id: room.workspaceId });
    const first = await ask(audit, { actor: "member:rare" }, reader);
    expect(first.items).toEqual([]);
    const second = await ask(audit, { actor: "member:rare", cursor: first.next_cursor }, reader);
    expect(second.items.map(({ seq }) => seq)).toEqual([1]);
    expect(second.next_cursor).toBeNull();
  });

  it("shows a limited member the workspace's room and their campaigns", async () => {
    const { items } = await ask(audit, { limit: "200" }, aReader({ campaign_ids: [SPRING] }));
    expect(new Set(items.map(({ campaign_id }) => campaign_id))).toEqual(new Set([null, SPRING]));
  });
});

describe("events that not everybody may see", () => {
  const data = z.unknown();
  const events = new Map(
    [
      defineEvent("campaign:update:v1:success", { data, apply: () => undefined }),
      defineEvent("media_buy:update:v1:success", {
        data,
        audience: () => ({ needs: "member.manage" }),
        apply: () => undefined,
      }),
    ].map((event) => [event.type, event]),
  );
  const ofBuy = { kind: "media_buy", id: testId("mb", 1), campaign_id: SPRING };
  const seqs = async (reader: ReturnType<typeof readerOf>): Promise<number[]> =>
    (await ask(auditTrail, ofBuy, reader)).items.map(({ seq }) => seq);

  it("are left out for those who lack the permission", async () => {
    expect(await seqs(readerOf({ workspace_id: WS, grants: { kind: "role", role: "viewer" }, events }))).toEqual([2]);
    expect(await seqs(readerOf({ workspace_id: WS, grants: { kind: "role", role: "admin" }, events }))).toEqual([9, 2]);
    expect(await seqs(readerOf({ workspace_id: WS, grants: { kind: "system" }, events }))).toEqual([9, 2]);
  });

  it("are those of the workspace's own room for a key that may only read campaigns", async () => {
    const anybody = { data, apply: () => undefined };
    const known = [...events.values(), defineEvent("workspace:update:v1:success", anybody)];
    const { workspace } = rooms;
    workspace.commit((tx) => tx.update(workspaces, WS, { name: "Renamed" }), {
      type: "workspace:update:v1",
      events: [{ type: "workspace:update:v1:success", data: { name: "Renamed" } }],
    });
    await workspace.project();
    const readAs = async (...scopes: string[]): Promise<Set<unknown>> => {
      const grants = { kind: "scopes", scopes } as const;
      const reader = readerOf({ workspace_id: WS, grants, events: new Map(known.map((each) => [each.type, each])) });
      const { items } = await ask(audit, { limit: "200" }, reader);
      return new Set(items.map(({ campaign_id }) => campaign_id));
    };
    expect(await readAs("campaign.read")).toEqual(new Set([AUTUMN, SPRING]));
    expect(await readAs("campaign.read", "workspace.read")).toEqual(new Set([null, AUTUMN, SPRING]));
  });

  it("are left out if nobody knows their type any more", async () => {
    expect(
      await seqs(readerOf({ workspace_id: WS, grants: { kind: "role", role: "owner" }, events: new Map() })),
    ).toEqual([]);
  });
});
