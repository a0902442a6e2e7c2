import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import type { Identity } from "../../core/model/room.ts";
import type { RoomEngine } from "../engine/room-engine.ts";
import type { Env } from "../env.ts";
import type { SqliteStorage } from "../platform/sqlite-storage.ts";
import { roomStub } from "./room-address.ts";
import type { RoomRpc } from "./room-rpc.ts";

const OWNER: Identity = { kind: "user", subject: "user-owner", session_id: null };
const COMMANDS = 100;
const MAX_ROWS = 320;

/** What a test may look at inside a room object. */
interface Inside {
  readonly engine: RoomEngine;
  readonly storage: SqliteStorage;
  readonly env: Env;
}

type Stub = DurableObjectStub & RoomRpc;

async function command(room: Stub, type: string, payload: unknown): Promise<Record<string, unknown>> {
  const envelope = { type: `${type}:requested`, id: crypto.randomUUID(), payload };
  const outcome = await room.command({ identity: OWNER, envelope, correlation: { id: "test" } });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusal));
  return outcome.data as Record<string, unknown>;
}

async function newCampaign(n: number): Promise<{ workspace: Stub; campaign: Stub; campaignId: string }> {
  const testEnv = env as unknown as Env;
  const workspace_id = `ws_01JC${String(n).padStart(22, "0")}`;
  const workspace = roomStub({ workspace_id }, testEnv) as Stub;
  const founding = { workspace_id, name: "Rows", timezone: "UTC", currency: "USD", owner_name: "Owner" };
  await command(workspace, "workspace:create:v1", founding);
  const { id } = await command(workspace, "campaign:create:v1", { title: "Rows" });
  const campaignId = String(id);
  return { workspace, campaignId, campaign: roomStub({ workspace_id, campaign_id: campaignId }, testEnv) as Stub };
}

function inside<T>(stub: Stub, look: (room: Inside, state: DurableObjectState) => T | Promise<T>): Promise<T> {
  return runInDurableObject(stub, (instance, state) => look(instance as unknown as Inside, state));
}

/** Resolves when every consumer of the room's log has everything, and has written down that it has. */
async function caughtUp(room: Stub): Promise<void> {
  const behind = (): Promise<number> =>
    inside(room, ({ engine, storage }) => {
      const { head } = engine.figures();
      return head - Math.min(...Object.values(storage.memory().cursors));
    });
  await expect.poll(behind, { timeout: 10_000 }).toBe(0);
}

describe("[P5] what a room costs", () => {
  test("100 single-entity commands write at most 320 rows, cursors and alarms included", async () => {
    const { campaign, campaignId } = await newCampaign(1);
    await command(campaign, "campaign:update:v1", { campaign_id: campaignId, updates: { title: "warm" } });
    const before = await inside(campaign, (room) => room.storage.rows.written);
    for (let n = 0; n < COMMANDS; n++) {
      await command(campaign, "campaign:update:v1", { campaign_id: campaignId, updates: { state: { n } } });
    }
    await caughtUp(campaign);
    const written = (await inside(campaign, (room) => room.storage.rows.written)) - before;
    expect(written).toBeGreaterThanOrEqual(3 * COMMANDS);
    expect(written).toBeLessThanOrEqual(MAX_ROWS);
  });

  test("no statement goes to D1 before the acknowledgement", async () => {
    const { campaign, campaignId } = await newCampaign(2);
    await command(campaign, "campaign:update:v1", { campaign_id: campaignId, updates: { title: "warm" } });
    await caughtUp(campaign);
    await inside(campaign, async (room) => {
      const prepare = vi.spyOn(room.env.DB, "prepare");
      const batch = vi.spyOn(room.env.DB, "batch");
      const envelope = {
        type: "campaign:update:v1:requested",
        id: crypto.randomUUID(),
        payload: { campaign_id: campaignId, updates: { title: "Acknowledged first" } },
      };
      expect(room.engine.execute(OWNER, envelope, { id: "test" })).toMatchObject({ ok: true });
      expect([prepare.mock.calls.length, batch.mock.calls.length]).toEqual([0, 0]);
      await expect.poll(() => room.engine.figures().lag, { timeout: 10_000 }).toBe(0);
      expect(batch.mock.calls.length).toBeGreaterThan(0);
    });
  });

  test("waking a room of 1,000 entities and 100,000 log rows reads the entities only", async () => {
    const { campaign, campaignId } = await newCampaign(3);
    await command(campaign, "campaign:update:v1", { campaign_id: campaignId, updates: { title: "warm" } });
    await caughtUp(campaign);
    const entities = await inside(campaign, ({ engine }, { storage }) => {
      const { cursors } = engine.figures();
      storage.sql.exec(
        `WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 100999)
         INSERT INTO log (seq, actor, command_id, digest, type, at, correlation, touched, events)
         SELECT i, 'member:x', 'command-' || i, 'd', 'campaign:update:v1', '2026-01-01T00:00:00.000Z', '{"id":"x"}', '[]', '[]' FROM n`,
      );
      storage.sql.exec(
        `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
         INSERT INTO entities (kind, id, revision, seq, deleted, json)
         SELECT 'creative', 'cre_' || i, 1, 1, 0, '{"id":"cre_' || i || '"}' FROM n`,
      );
      const delivered = JSON.stringify(Object.fromEntries(Object.keys(cursors).map((name) => [name, 100_999])));
      storage.sql.exec("UPDATE cursors SET memory = json_set(memory, '$.cursors', json(?))", delivered);
      return Number(storage.sql.exec("SELECT count(*) AS n FROM entities").one()["n"]);
    });
    await evictDurableObject(campaign);
    const read = await inside(campaign, (room) => room.storage.rows.read);
    expect(read).toBeGreaterThanOrEqual(entities);
    expect(read).toBeLessThanOrEqual(entities + 50);
  });
});
