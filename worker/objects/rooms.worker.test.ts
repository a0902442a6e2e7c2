import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { aProduct } from "../../core/domain/inventory/product.fixture.ts";
import { VIEWER } from "../../core/domain/members/team.fixture.ts";
import type { Identity } from "../../core/model/room.ts";
import type { Outcome } from "../engine/outcome.ts";
import type { Env } from "../env.ts";
import { parseRoomName, roomStub } from "./room-address.ts";
import type { RoomRpc } from "./room-rpc.ts";

const OWNER: Identity = { kind: "user", subject: "user-owner", session_id: "session-0001" };
const STRANGER: Identity = { kind: "user", subject: "user-stranger", session_id: null };
const testEnv = env as unknown as Env;
let made = 0;

type Stub = DurableObjectStub & RoomRpc;

function room(name: string): Stub {
  return roomStub(parseRoomName(name)!, testEnv) as unknown as Stub;
}

/** A workspace of its own for each test. */
function newWorkspaceId(): string {
  return `ws_01JD${String(++made).padStart(22, "0")}`;
}

/** Sends as somebody to a room: `send(ws, OWNER)(type, payload)`. */
function send(name: string, identity: Identity) {
  return (type: string, payload: unknown, id = `command-${++made}-000000000`): Promise<Outcome> =>
    room(name).command({
      identity,
      envelope: { type: `${type}:requested`, id, payload },
      correlation: { id: "test" },
    });
}

async function createWorkspace(): Promise<string> {
  const ws = newWorkspaceId();
  const outcome = await send(ws, OWNER)("workspace:create:v1", {
    workspace_id: ws,
    name: "Test",
    timezone: "America/New_York",
    currency: "USD",
    owner_name: "Owner",
  });
  expect(outcome).toMatchObject({ ok: true, answers: "created", seq: 1 });
  return ws;
}

async function createCampaign(ws: string): Promise<string> {
  const outcome = await send(ws, OWNER)("campaign:create:v1", { title: "Autumn" });
  expect(outcome).toMatchObject({ ok: true });
  const { rows } = (await room(ws).read({ identity: OWNER, kind: "campaign_summary" })) as unknown as {
    rows: [string, string][];
  };
  return rows.at(-1)?.[1] ?? "";
}

/** Puts so many products into a workspace, as if earlier commits had: one by one would take minutes. */
async function fill(ws: string, count: number): Promise<void> {
  await runInDurableObject(room(ws), (_, { storage }) => {
    for (let n = 1; n <= count; n++) {
      const product = aProduct(n);
      storage.sql.exec(
        "INSERT INTO entities (kind, id, revision, seq, deleted, json) VALUES ('inventory_product', ?, 1, 1, 0, ?)",
        product.id,
        JSON.stringify(product),
      );
    }
  });
  await evictDurableObject(room(ws));
}

describe("room objects", () => {
  test("a room that nobody created answers not found and creates nothing", async () => {
    const ws = newWorkspaceId();
    expect(await send(ws, OWNER)("campaign:create:v1", { title: "x" })).toMatchObject({
      ok: false,
      refusal: { code: "NOT_FOUND" },
    });
    const stub = room(ws);
    await runInDurableObject(stub, (_, state) => {
      const tables = state.storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'log'").toArray();
      expect(tables).toEqual([]);
    });
  });

  test("the creator of a workspace owns it; a stranger gets not found", async () => {
    const ws = await createWorkspace();
    expect(await send(ws, STRANGER)("workspace:update:v1", { updates: { name: "Mine" } })).toMatchObject({
      ok: false,
      refusal: { code: "NOT_FOUND" },
    });
    expect(await send(ws, OWNER)("workspace:update:v1", { updates: { name: "Renamed" } })).toMatchObject({
      ok: true,
      seq: 2,
    });
  });

  test("a campaign's room is born from its workspace on first contact, and the workspace sees its changes", async () => {
    const ws = await createWorkspace();
    const campaign = await createCampaign(ws);
    const outcome = await send(`${ws}/${campaign}`, OWNER)("campaign:update:v1", {
      campaign_id: campaign,
      updates: { title: "Winter" },
    });
    expect(outcome).toMatchObject({ ok: true });
    await expect
      .poll(async () => (await room(ws).read({ identity: OWNER, kind: "campaign_summary", id: campaign })) as unknown)
      .toMatchObject({ rows: [["campaign_summary", campaign, expect.any(Number), { title: "Winter" }]] });
  });

  test("a campaign's room is born with 5,000 products, and knows them all at its first answer", async () => {
    const ws = await createWorkspace();
    const campaign = await createCampaign(ws);
    const count = 5_000;
    await fill(ws, count);
    const read = (await room(`${ws}/${campaign}`).read({ identity: OWNER, kind: "inventory_product" })) as unknown;
    expect((read as { rows: unknown[] }).rows).toHaveLength(count);
    const { rows } = (await room(`${ws}/${campaign}`).read({ identity: OWNER, kind: "campaign" })) as unknown as {
      rows: unknown[];
    };
    expect(rows).toHaveLength(1);
  });

  test("a birth that broke off is completed before the first answer, without whom the workspace no longer has", async () => {
    const ws = await createWorkspace();
    const campaign = await createCampaign(ws);
    const child = room(`${ws}/${campaign}`);
    await child.read({ identity: OWNER, kind: "campaign" });
    const removed = { ...VIEWER, user_id: "user-removed" };
    await runInDurableObject(child, (_, { storage }) => {
      storage.sql.exec("DELETE FROM entities WHERE kind = 'mirror_source'");
      storage.sql.exec(
        "INSERT INTO entities (kind, id, revision, seq, deleted, json) VALUES ('member', ?, 1, 1, 0, ?)",
        removed.id,
        JSON.stringify(removed),
      );
    });
    await evictDurableObject(child);
    const identity: Identity = { kind: "user", subject: "user-removed", session_id: null };
    expect(await child.read({ identity, kind: "campaign" })).toMatchObject({ refusal: { code: "NOT_FOUND" } });
    expect(await child.read({ identity: OWNER, kind: "campaign" })).toMatchObject({ ok: true });
    await runInDurableObject(child, (_, { storage }) => {
      const sources = storage.sql.exec("SELECT id FROM entities WHERE kind = 'mirror_source'").toArray();
      expect(sources).toEqual([{ id: ws }]);
    });
  });

  test("a campaign that its workspace does not list has no room", async () => {
    const ws = await createWorkspace();
    const nowhere = "cmp_01JD0000000000000000000009";
    expect(
      await send(`${ws}/${nowhere}`, OWNER)("campaign:update:v1", { campaign_id: nowhere, updates: { title: "x" } }),
    ).toMatchObject({
      ok: false,
      refusal: { code: "NOT_FOUND" },
    });
  });

  test("state survives eviction, and a retry after it gets the recorded answer", async () => {
    const ws = await createWorkspace();
    const id = "retry-me-0000000001";
    const first = await send(ws, OWNER)("workspace:update:v1", { updates: { name: "Kept" } }, id);
    await evictDurableObject(room(ws));
    const second = await send(ws, OWNER)("workspace:update:v1", { updates: { name: "Kept" } }, id);
    expect(second).toEqual({ ...first, replayed: true });
  });
});
