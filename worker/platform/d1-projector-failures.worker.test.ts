import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { apiKeyCredentials, apiKeys } from "../../core/domain/api-keys/entities.ts";
import { campaigns } from "../../core/domain/campaigns/entities.ts";
import { deliveryFacts } from "../../core/domain/delivery/entities.ts";
import { mediaBuys } from "../../core/domain/media-buys/entities.ts";
import type { MediaBuy } from "../../core/domain/media-buys/entities.ts";
import { NOON, testId } from "../../core/model/given.ts";
import { PoisonRow } from "../engine/ports.ts";
import { contents, emptyTables } from "./d1-tables.fixture.ts";
import { aBuy, aCampaign, aFact } from "./entities.fixture.ts";
import { ProjectedRoom } from "./projected-room.fixture.ts";

const WS = testId("ws", 1);
const CMP = testId("cmp", 1);

function room(): ProjectedRoom {
  const made = new ProjectedRoom(WS, CMP);
  made.commit((tx) => tx.create(campaigns, aCampaign(CMP)));
  made.commit((tx) => tx.create(mediaBuys, aBuy(1, CMP)));
  made.commit((tx) => tx.put(deliveryFacts, aFact(1)));
  return made;
}

/** The database, failing as told instead of writing. */
function failing(message: string): D1Database {
  const fake = {
    prepare: (sql: string) => env.DB.prepare(sql),
    batch: () => Promise.reject(new Error(message)),
  };
  // The cast is safe: the projector uses prepare and batch alone.
  return fake as unknown as D1Database;
}

async function poisonOf(work: Promise<void>): Promise<PoisonRow> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof PoisonRow)) throw new Error(`Expected a poison row, got ${String(error)}`);
  return error;
}

beforeEach(() => emptyTables(env.DB));

describe("a commit that D1 will never take", () => {
  it.each([
    ["money that is not an integer", { spend_micros: 0.5 }],
    ["a count that is a text", { impressions: "many" as unknown as number }],
    ["a missing count", { clicks: null as unknown as number }],
    ["a date that is a number", { date: undefined as unknown as string }],
  ])("is named, and everything before it arrives: %s", async (_, fields) => {
    const bad = room();
    const poisoned = bad.commit((tx) => tx.put(deliveryFacts, { ...aFact(1, { country: "DE" }), ...fields }));
    for (let n = 0; n < 5; n++) bad.commit((tx) => tx.update(campaigns, CMP, { title: `Title ${n}` }));

    const error = await poisonOf(bad.projector().deliver(bad.rows, 1));

    expect(error.seq).toBe(poisoned.seq);
    expect((await contents(env.DB)).audit?.map((row) => row.seq)).toEqual([1, 2, 3]);
    await bad.projector().deliver(bad.rows.slice(poisoned.seq), 1);
    const after = await contents(env.DB);
    expect(after.audit?.map((row) => row.seq)).toEqual([1, 2, 3, 5, 6, 7, 8, 9]);
    expect(after.delivery_facts).toHaveLength(1);
    expect(after.projection_positions).toMatchObject([{ seq: 9 }]);
  });

  it("is named when its value has not the shape its kind should have", async () => {
    const bad = room();
    bad.commit((tx) => tx.put(mediaBuys, { ...aBuy(2, CMP), brand: undefined } as unknown as MediaBuy));
    const error = await poisonOf(bad.projector().deliver(bad.rows, 1));
    expect(error.seq).toBe(4);
    expect(error.message).toContain(testId("mb", 2));
  });

  it("is named when it is larger than a row may be", async () => {
    const bad = room();
    bad.commit((tx) => tx.update(campaigns, CMP, { title: "Large" }), {
      events: [{ type: "campaign:update:v1:success", data: "x".repeat(2_100_000) }],
    });
    expect((await poisonOf(bad.projector().deliver(bad.rows, 1))).seq).toBe(4);
  });
});

describe("trouble that may pass", () => {
  it.each([
    "D1_ERROR: database is locked: SQLITE_BUSY",
    "D1_ERROR: Network connection lost.",
    "D1_ERROR: no such table: audit: SQLITE_ERROR",
    "D1 DB is overloaded. Too many requests queued.",
    "D1_ERROR: database or disk is full: SQLITE_FULL",
  ])("is thrown as it is, to be tried again: %s", async (message) => {
    const fine = room();
    const delivery = fine.projector(failing(message)).deliver(fine.rows, 1);
    await expect(delivery).rejects.toThrow(message);
    await expect(delivery).rejects.not.toBeInstanceOf(PoisonRow);
    expect((await contents(env.DB)).audit).toEqual([]);
  });
});

describe("secrets", () => {
  it("stay in the room: the digest of an API key is in no table, not even in the audit", async () => {
    const hash = "ab".repeat(32);
    const key = {
      id: testId("key", 1),
      name: "n8n",
      scopes: ["campaign.read" as const],
      last4: "wxyz",
      created_at: NOON,
      created_by: "member:mem_1",
      revoked_at: null,
    };
    const workspace = new ProjectedRoom(WS);
    workspace.commit(
      (tx) => {
        tx.create(apiKeys, key);
        tx.create(apiKeyCredentials, { id: hash, api_key_id: key.id });
      },
      { type: "api_key:create:v1", events: [{ type: "api_key:create:v1:success", data: { key, hash } }] },
    );
    await workspace.project();

    const all = await contents(env.DB);
    expect(JSON.stringify(all)).not.toContain(hash);
    expect(all.api_keys).toHaveLength(1);
    expect(JSON.parse(String(all.audit?.[0]?.events))).toEqual([
      { type: "api_key:create:v1:success", data: { key, hash: "[redacted]" } },
    ]);
    expect(JSON.parse(String(all.audit?.[0]?.touched))).toEqual([["api_key", key.id, 1]]);
  });
});

describe("gathering", () => {
  const consumer = room().projector();
  const { rows } = room();
  const committedAt = Date.parse(rows[0]!.at);

  it("waits 250 ms after the oldest commit, so that a burst shares a batch", () => {
    expect(consumer.wait?.(rows, committedAt)).toBe(250);
    expect(consumer.wait?.(rows, committedAt + 200)).toBe(50);
    expect(consumer.wait?.(rows, committedAt + 900)).toBe(0);
  });

  it("does not wait when a batch is full, nor for long when the clock was set back", () => {
    expect(
      consumer.wait?.(
        Array.from({ length: 100 }, () => rows[0]!),
        committedAt,
      ),
    ).toBe(0);
    expect(consumer.wait?.(rows, committedAt - 3_600_000)).toBe(250);
  });
});
