import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { campaigns } from "../../core/domain/campaigns/entities.ts";
import { creatives } from "../../core/domain/creatives/entities.ts";
import { deliveryFacts } from "../../core/domain/delivery/entities.ts";
import { mediaBuys } from "../../core/domain/media-buys/entities.ts";
import { members } from "../../core/domain/members/entities.ts";
import { testId } from "../../core/model/given.ts";
import type { WriteTx } from "../../core/model/transaction.ts";
import { aBuy, aCampaign, aCreative, aFact, aMember, aPackage } from "./entities.fixture.ts";
import { contents, countingWrites, emptyTables } from "./d1-tables.fixture.ts";
import { ProjectedRoom } from "./projected-room.fixture.ts";

const WS = testId("ws", 1);
const CMP = testId("cmp", 1);

/** A campaign with a buy, a creative, facts and a few edits: every kind of change once. */
function busyRoom(): ProjectedRoom {
  const room = new ProjectedRoom(WS, CMP);
  room.commit((tx) => tx.create(campaigns, aCampaign(CMP)));
  room.commit((tx) => tx.create(mediaBuys, aBuy(1, CMP)));
  room.commit((tx) => tx.create(creatives, aCreative(1, testId("mb", 1))));
  room.commit((tx) => {
    tx.put(deliveryFacts, aFact(1));
    tx.put(deliveryFacts, aFact(1, { country: "CA", spend_micros: 3 }));
  });
  room.commit((tx) => tx.update(mediaBuys, testId("mb", 1), { status: "paused", notes: "landing page down" }));
  room.commit((tx) => tx.put(deliveryFacts, aFact(1, { spend_micros: 9_500_000 })));
  room.commit((tx) => tx.update(campaigns, CMP, { title: "Autumn launch" }));
  room.commit((tx) => tx.delete(creatives, testId("cre", 1)));
  return room;
}

beforeEach(() => emptyTables(env.DB));

describe("the tables are the same", () => {
  let expected: Awaited<ReturnType<typeof contents>>;
  beforeEach(async () => {
    await busyRoom().project();
    expected = await contents(env.DB);
    await emptyTables(env.DB);
  });

  it("when commits come one by one, each with the state of its time", async () => {
    for (const row of busyRoom().rows) await busyRoom().upTo(row.seq).projector().deliver([row], 1);
    expect(await contents(env.DB)).toEqual(expected);
  });

  it("when everything is delivered twice", async () => {
    const room = busyRoom();
    await room.project();
    await room.project();
    expect(await contents(env.DB)).toEqual(expected);
  });

  it("when batches overlap and come in the wrong order", async () => {
    const room = busyRoom();
    const projector = room.projector();
    for (const [from, to] of [
      [5, 8],
      [0, 3],
      [2, 6],
      [0, 8],
      [6, 7],
      [0, 1],
    ] as const) {
      await projector.deliver(room.rows.slice(from, to), 1);
    }
    expect(await contents(env.DB)).toEqual(expected);
  });

  it("when an instance that was replaced delivers its old state last", async () => {
    const stale = busyRoom().upTo(4);
    await busyRoom().project();
    await stale.project();
    expect(await contents(env.DB)).toEqual(expected);
  });
});

describe("a newer epoch", () => {
  it("replaces rows although its numbers are lower, and an older one never does", async () => {
    await busyRoom().project();
    const restored = busyRoom().upTo(2);
    restored.epoch = 2;
    await restored.project();
    await busyRoom().project();
    const { results } = await env.DB.prepare("SELECT epoch, seq, status FROM media_buys").all();
    expect(results).toEqual([{ epoch: 2, seq: 2, status: "active" }]);
    const position = await env.DB.prepare("SELECT epoch, seq FROM projection_positions").first();
    expect(position).toEqual({ epoch: 2, seq: 2 });
  });
});

describe("what it costs", () => {
  it("writes 3 rows for an edit of a buy (audit, trail, buy) and one position for the batch", async () => {
    const room = busyRoom();
    await room.project();
    const { db, written } = countingWrites(env.DB);
    const edits = [...Array(100).keys()].map((n) =>
      room.commit((tx) => tx.update(mediaBuys, testId("mb", 1), { daily_cap_micros: n + 1 })),
    );
    await room.projector(db).deliver(edits, 1);
    // 100 commits of one buy: audit and trail each, the buy once, the position once.
    expect(written()).toBe(202);
  });

  it("writes 301 rows for 100 commits that each touch another entity", async () => {
    const room = busyRoom();
    const rows = [...Array(100).keys()].map((n) =>
      room.commit((tx) => tx.create(creatives, aCreative(n + 10, testId("mb", 1)))),
    );
    const { db, written } = countingWrites(env.DB);
    await room.projector(db).deliver(rows, 1);
    expect(written()).toBe(301);
  });

  it("writes one row for each fact, one for the commit and one position", async () => {
    const room = busyRoom();
    await room.project();
    const row = room.commit((tx) => {
      for (let day = 10; day < 30; day++) tx.put(deliveryFacts, aFact(1, { date: `2026-12-${day}` }));
    });
    const { db, written } = countingWrites(env.DB);
    await room.projector(db).deliver([row], 1);
    expect(written()).toBe(22);
  });

  it.each<[string, number, (tx: WriteTx) => void]>([
    ["a buy's status", 3, (tx) => tx.update(mediaBuys, testId("mb", 1), { status: "active" })],
    ["a campaign's state", 3, (tx) => tx.update(campaigns, CMP, { state: { step: 2 } })],
    ["a new title, with its search text", 4, (tx) => tx.update(campaigns, CMP, { title: "Winter sale" })],
    ["a new buy with a package and its search text", 7, (tx) => tx.create(mediaBuys, aBuy(7, CMP))],
  ])("counts, besides the batch's position, %s: %i rows", async (_, rows, change) => {
    const room = busyRoom();
    await room.project();
    const row = room.commit(change);
    const { db, written } = countingWrites(env.DB);
    await room.projector(db).deliver([row], 1);
    expect(written()).toBe(rows + 1);
  });

  it("counts, besides the batch's position, a member's role: 4 rows", async () => {
    const room = new ProjectedRoom(WS);
    room.commit((tx) => tx.create(members, aMember(1)));
    await room.project();
    const row = room.commit((tx) => tx.update(members, testId("mem", 1), { role: "admin" }));
    const { db, written } = countingWrites(env.DB);
    await room.projector(db).deliver([row], 1);
    expect(written()).toBe(5);
  });

  it("writes nothing when everything was delivered before", async () => {
    const room = busyRoom();
    await room.project();
    const { db, written } = countingWrites(env.DB);
    await room.project(db);
    expect(written()).toBe(0);
  });

  it("takes one call of at most 15 statements for 100 commits", async () => {
    const room = busyRoom();
    for (let n = 0; n < 92; n++) room.commit((tx) => tx.put(deliveryFacts, aFact(1, { country: "DE", clicks: n })));
    const { db, calls } = countingWrites(env.DB);
    await room.project(db);
    expect(calls()).toHaveLength(1);
    expect(calls()[0]).toBeLessThanOrEqual(15);
  });
});

describe("a batch", () => {
  it("of more data than one parameter holds is split into statements", async () => {
    const room = new ProjectedRoom(WS, CMP);
    room.commit((tx) => tx.create(campaigns, aCampaign(CMP)));
    for (let n = 1; n < 30; n++) {
      room.commit((tx) => tx.update(campaigns, CMP, { title: `Title ${n}` }), {
        events: [{ type: "campaign:update:v1:success", data: "é".repeat(60_000) }],
      });
    }
    await room.project();
    const { count } = (await env.DB.prepare("SELECT count(*) AS count FROM audit").first<{ count: number }>())!;
    expect(count).toBe(30);
  });

  it("of very many facts goes in several calls, in order", async () => {
    const room = busyRoom();
    for (let n = 0; n < 6; n++) {
      room.commit((tx) => {
        for (let fact = 0; fact < 500; fact++) tx.put(deliveryFacts, aFact(1, { source: `s${n}.${fact}` }));
      });
    }
    const { db, calls } = countingWrites(env.DB);
    await room.project(db);
    expect(calls().length).toBeGreaterThan(1);
    const { count } = (await env.DB.prepare("SELECT count(*) AS count FROM delivery_facts").first<{
      count: number;
    }>())!;
    expect(count).toBe(3002);
  });
});

describe("mirrored kinds", () => {
  it("are in the audit of the room that took them, and nowhere else", async () => {
    const room = busyRoom();
    room.commit((tx) => tx.put(members, aMember(1)), { actor: "system:room", type: "mirror:apply:v1" });
    await room.project();
    const all = await contents(env.DB);
    expect(all.members).toEqual([]);
    expect(all.audit).toHaveLength(9);
    expect(all.audit_entities?.some((row) => row.kind === "member")).toBe(false);
  });
});

describe("packages", () => {
  it("follow the buy's row and are written only when something of theirs changed", async () => {
    const room = busyRoom();
    await room.project();
    room.commit((tx) =>
      tx.update(mediaBuys, testId("mb", 1), {
        packages: [aPackage(1, { name: "Renamed" }), aPackage(2, { channel: "ctv" })],
      }),
    );
    const { db, written } = countingWrites(env.DB);
    await room.projector(db).deliver(room.rows.slice(-1), 1);
    const { results } = await env.DB.prepare("SELECT id, name, brand, channel FROM packages ORDER BY id").all();
    expect(results).toEqual([
      { id: testId("pkg", 1), name: "Renamed", brand: "NorthTrail", channel: "display" },
      { id: testId("pkg", 2), name: "Package 2", brand: "NorthTrail", channel: "ctv" },
    ]);
    // audit, trail, buy, two packages, position; and the search index, whose own rows are 3 or 4.
    expect(written()).toBeLessThanOrEqual(10);
  });
});

describe("a deleted entity", () => {
  it("leaves a tombstone that holds nothing it said", async () => {
    await busyRoom().project();
    const row = await env.DB.prepare("SELECT * FROM creatives").first();
    expect(row).toMatchObject({ id: testId("cre", 1), deleted: 1, data: null, name: "", media_buy_id: "", seq: 8 });
  });
});
