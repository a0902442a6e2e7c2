import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { campaigns } from "../../core/domain/campaigns/entities.ts";
import { creatives } from "../../core/domain/creatives/entities.ts";
import { deliveryFacts } from "../../core/domain/delivery/entities.ts";
import { mediaBuys } from "../../core/domain/media-buys/entities.ts";
import { members } from "../../core/domain/members/entities.ts";
import { workspaces } from "../../core/domain/workspaces/entities.ts";
import { testId } from "../../core/model/given.ts";
import { contents, countingWrites, emptyTables } from "./d1-tables.fixture.ts";
import { aBuy, aCampaign, aCreative, aFact, aMember, aWorkspace } from "./entities.fixture.ts";
import { ProjectedRoom } from "./projected-room.fixture.ts";

const WS = testId("ws", 1);
const CMP = testId("cmp", 1);
const BEFORE = 4;

/** Four commits, and five more that a restore undoes. */
function room(): ProjectedRoom {
  const made = new ProjectedRoom(WS, CMP);
  made.commit((tx) => tx.create(campaigns, aCampaign(CMP)));
  made.commit((tx) => tx.create(mediaBuys, aBuy(1, CMP)));
  made.commit((tx) => tx.put(deliveryFacts, aFact(1)));
  made.commit((tx) => tx.create(creatives, aCreative(1, testId("mb", 1))));
  made.commit((tx) => tx.create(mediaBuys, aBuy(2, CMP, { notes: "never happened" })));
  made.commit((tx) => tx.put(deliveryFacts, aFact(1, { spend_micros: 99 })));
  made.commit((tx) => tx.put(deliveryFacts, aFact(2)));
  made.commit((tx) => tx.delete(creatives, testId("cre", 1)));
  made.commit((tx) => tx.update(campaigns, CMP, { title: "Never happened" }));
  return made;
}

function restored(): ProjectedRoom {
  const past = room().upTo(BEFORE);
  past.epoch = 2;
  past.commit((tx) => tx.update(campaigns, CMP, { title: "What happened instead" }), {
    at: "2026-11-20T15:00:00.000Z",
  });
  return past;
}

beforeEach(() => emptyTables(env.DB));

describe("after a restore", () => {
  it("the read model shows what the room knows, and nothing that never happened", async () => {
    await room().project();
    const past = restored();
    await past.project();
    const all = await contents(env.DB);
    const live = (table: string) => all[table]?.filter((row) => row.deleted === 0);
    expect(live("campaigns")).toMatchObject([{ epoch: 2, seq: 5, revision: 2 }]);
    expect(live("media_buys")).toMatchObject([{ id: testId("mb", 1), epoch: 2 }]);
    expect(live("creatives")).toMatchObject([{ id: testId("cre", 1), epoch: 2, name: "Creative 1" }]);
    expect(live("delivery_facts")).toMatchObject([{ spend_micros: 9_000_000, epoch: 2 }]);
    expect(all.audit?.map(({ epoch, seq }) => [epoch, seq])).toEqual([1, 2, 3, 4, 5].map((seq) => [2, seq]));
    expect(all.projection_positions).toMatchObject([{ epoch: 2, seq: 5 }]);
    expect(JSON.stringify(all).toLowerCase()).not.toContain("never happened");
  });

  it("nothing that never happened stays when the log is pruned and only its end is delivered again", async () => {
    await room().project();
    const past = restored();
    await past.projector().deliver(past.rows.slice(BEFORE), 2);
    const all = await contents(env.DB);
    expect(all.audit?.map(({ epoch, seq }) => [epoch, seq])).toEqual([...[1, 2, 3, 4].map((seq) => [1, seq]), [2, 5]]);
    expect(all.delivery_facts?.map((row) => [row.deleted, row.spend_micros])).toEqual([
      [0, 9_000_000],
      [1, 9_000_000],
    ]);
    expect(JSON.stringify(all).toLowerCase()).not.toContain("never happened");
  });

  it("all is the same when it breaks off halfway and begins again", async () => {
    await room().project();
    const past = restored();
    let calls = 0;
    const breaking = {
      prepare: (sql: string) => env.DB.prepare(sql),
      batch: (statements: D1PreparedStatement[]) =>
        ++calls === 5 ? Promise.reject(new Error("D1_ERROR: SQLITE_BUSY")) : env.DB.batch(statements),
    };
    // The cast is safe: the projector uses prepare and batch alone.
    const projector = past.projector(breaking as D1Database);
    await expect(projector.deliver(past.rows, 2)).rejects.toThrow("BUSY");
    await projector.deliver(past.rows, 2);
    const broken = await contents(env.DB);
    await emptyTables(env.DB);
    await room().project();
    await past.project();
    expect(broken).toEqual(await contents(env.DB));
  });

  it("an id that the restore took back can be used again", async () => {
    await room().project();
    const past = restored();
    await past.project();
    past.commit((tx) => tx.create(mediaBuys, aBuy(2, CMP, { notes: "a second try" })));
    await past.projector().deliver(past.rows.slice(-1), 2);
    expect((await contents(env.DB)).media_buys?.map(({ id, deleted }) => [id, deleted])).toEqual([
      [testId("mb", 1), 0],
      [testId("mb", 2), 0],
    ]);
  });

  it("a workspace's members are renewed too, and other rooms' rows stay", async () => {
    await room().project();
    const workspace = new ProjectedRoom(WS);
    workspace.commit((tx) => tx.create(workspaces, aWorkspace(WS)));
    workspace.commit((tx) => tx.create(members, aMember(1)));
    await workspace.project();
    const past = workspace.upTo(1);
    past.epoch = 2;
    past.commit((tx) => tx.create(members, aMember(2)));
    await past.project();
    const all = await contents(env.DB);
    expect(all.members?.map(({ id, deleted }) => [id, deleted])).toEqual([
      [testId("mem", 1), 1],
      [testId("mem", 2), 0],
    ]);
    expect(all.media_buys).toHaveLength(2);
    expect(all.audit).toHaveLength(11);
  });
});

describe("without a restore", () => {
  it("costs nothing: no question is asked in the first epoch, and one in each life of a room later", async () => {
    const fine = room();
    const first = countingWrites(env.DB);
    await fine.project(first.db);
    expect(first.calls()).toHaveLength(1);

    fine.epoch = 2;
    await fine.project();
    const later = countingWrites(env.DB);
    const projector = fine.projector(later.db);
    await projector.deliver(fine.rows, 2);
    await projector.deliver(fine.rows, 2);
    expect(later.calls()[0]).toBe(1);
    expect(later.calls()).toHaveLength(3);
    expect(later.written()).toBe(0);
  });
});
