import { describe, expect, it } from "vitest";
import type { RefusalCode } from "../../core/model/refusal.ts";
import type { ReadTx } from "../../core/model/transaction.ts";
import type { MirrorDefinition } from "../../core/rooms/mirrors.ts";
import type { Tap } from "./ports.ts";
import { mirrorConsumer, tapConsumer } from "./taps.ts";
import type { MirrorMessage, Peers, TapMessage } from "./taps.ts";
import { notes, secrets } from "./testing/board.ts";
import { RecordingConsumer, rowsWritten, World } from "./testing/world.ts";

/** Notes are shown at their ease, secrets at once. */
const shown: MirrorDefinition = {
  name: "board-to-peer",
  watches: new Set(["note", "secret"]),
  urgent: new Set(["secret"]),
  collect(tx: ReadTx, touched) {
    if (touched === "all") return [];
    return touched.map(({ kind, id }) => ({ kind, id, value: tx.get(kind === "note" ? notes : secrets, id) ?? null }));
  },
};

class FakePeers implements Peers {
  readonly mirrored: MirrorMessage[] = [];
  readonly tapped: TapMessage[] = [];
  /** What the receiver of events has, by itself. */
  has = 0;
  away = false;

  /** Why a message is not taken, if it is not. */
  refuses: (message: MirrorMessage) => RefusalCode | null = () => null;

  async mirror(_target: string, message: MirrorMessage): ReturnType<Peers["mirror"]> {
    if (this.away) throw new Error("away");
    const code = this.refuses(message);
    if (code) return { code, message: "not like that" };
    this.mirrored.push(message);
    return null;
  }

  async tap(_target: string, message: TapMessage): Promise<number> {
    if (this.away) throw new Error("away");
    this.tapped.push(message);
    if (message.from <= this.has) this.has = Math.max(this.has, message.rows.at(-1)?.seq ?? 0);
    return this.has;
  }
}

function board(): { world: World; peers: FakePeers } {
  const peers = new FakePeers();
  const world: World = World.created({
    consumers: ({ tx, taps }) =>
      taps.map(({ target, kind }) =>
        kind === "events"
          ? tapConsumer({ source: "ws_1", target, peers })
          : mirrorConsumer({ definition: shown, source: "ws_1", target, peers, tx, now: () => world.clock.now() }),
      ),
  });
  return { world, peers };
}

function write(world: World, text: string): number {
  return world.must("ann", "note:write:v1", { id: "n1", text });
}

const EVENTS: Tap = { target: "gateway", kind: "events" };
const MIRROR: Tap = { target: "peer", kind: "mirror" };

describe("following", () => {
  it("[RE100] begins at the head, also if the room is evicted right after", async () => {
    const { world, peers } = board();
    write(world, "before");
    world.engine.follow(EVENTS);
    peers.has = 2;
    world.hibernate();
    write(world, "after");
    await world.advance(0);
    expect(peers.tapped.map(({ from, rows }) => [from, rows.map(({ seq }) => seq)])).toEqual([[2, [3]]]);
  });

  it("[RE100] changes nothing when it is asked for again", async () => {
    const { world, peers } = board();
    world.engine.follow(EVENTS);
    peers.has = 1;
    write(world, "one");
    const rows = rowsWritten(world);
    world.engine.follow(EVENTS);
    expect(rowsWritten(world)).toBe(rows);
    await world.advance(0);
    expect(peers.has).toBe(2);
  });

  it("[RE100] of the room by something new that needs no asking begins at the beginning", async () => {
    const consumers: RecordingConsumer[] = [];
    const world = World.created({ consumers: () => consumers });
    write(world, "one");
    await world.advance(1000);
    consumers.push(new RecordingConsumer("new"));
    world.hibernate();
    await world.advance(0);
    expect(consumers[0]?.delivered).toEqual([1, 2]);
  });
});

describe("event taps", () => {
  it("[RE101] deliver commits in order with where they follow on", async () => {
    const { world, peers } = board();
    world.engine.follow(EVENTS);
    peers.has = 1;
    for (const text of ["a", "b", "c"]) write(world, text);
    await world.advance(0);
    expect(peers.tapped).toMatchObject([
      { source: "ws_1", epoch: 1, from: 1, rows: [{ seq: 2 }, { seq: 3 }, { seq: 4 }] },
    ]);
  });

  it("[RE101] send again what their receiver lost", async () => {
    const { world, peers } = board();
    world.engine.follow(EVENTS);
    peers.has = 1;
    for (const text of ["a", "b", "c"]) write(world, text);
    await world.advance(0);
    peers.has = 2;
    write(world, "d");
    await world.advance(2000);
    expect(peers.has).toBe(5);
    expect(peers.tapped.at(-1)).toMatchObject({ from: 2, rows: [{ seq: 3 }, { seq: 4 }, { seq: 5 }] });
  });
});

describe("mirrors", () => {
  it("[RE102] deliver the latest state of what was touched, at most once a second", async () => {
    const { world, peers } = board();
    world.engine.follow(MIRROR);
    for (let n = 0; n < 30; n++) {
      write(world, `text ${n}`);
      await world.clock.advance(100);
    }
    await world.clock.advance(1000);
    expect(peers.mirrored.map(({ rows }) => rows.map(({ id }) => id))).toEqual([["n1"], ["n1"], ["n1"], ["n1"]]);
    expect(peers.mirrored.at(-1)).toMatchObject({ seq: 31, rows: [{ kind: "note", value: { text: "text 29" } }] });
  });

  it("[RE102] keep up with hundreds of commits a second", async () => {
    const { world, peers } = board();
    world.engine.follow(MIRROR);
    write(world, "first");
    await world.advance(0);
    for (let n = 0; n < 900; n++) write(world, `text ${n}`);
    await world.advance(1000);
    expect(peers.mirrored.map(({ seq }) => seq)).toEqual([2, 902]);
  });

  it("[RE102] deliver nothing for commits that touch nothing they show", async () => {
    const { world, peers } = board();
    world.engine.follow(MIRROR);
    world.must("ann", "person:set:v1", { id: "vic", role: "viewer" });
    await world.advance(5000);
    expect(peers.mirrored).toEqual([]);
    expect(world.engine.figures().lag).toBe(0);
  });

  it("[RE102] tell what is gone, and try again while their peer is away", async () => {
    const { world, peers } = board();
    world.engine.follow(MIRROR);
    write(world, "one");
    peers.away = true;
    world.must("ann", "note:remove:v1", { id: "n1" });
    await world.advance(3000);
    peers.away = false;
    await world.advance(10_000);
    expect(peers.mirrored).toMatchObject([{ seq: 3, rows: [{ kind: "note", id: "n1", value: null }] }]);
  });

  it("[RE103] are tried every few seconds for what is urgent, though their peer has been away for long", async () => {
    const { world, peers } = board();
    world.engine.follow(MIRROR);
    const tries: number[] = [];
    peers.refuses = () => {
      tries.push(world.clock.now());
      return "UNAVAILABLE";
    };
    write(world, "one");
    await world.advance(5 * 60_000);
    const before = tries.length;
    const waits = tries.slice(1).map((at, n) => at - tries[n]!);
    expect(Math.max(...waits)).toBeGreaterThan(40_000);
    // Behind more than a batch of what is not urgent.
    for (let n = 0; n < 120; n++) write(world, `text ${n}`);
    world.must("ann", "secret:write:v1", { id: "s1", text: "Cake" });
    const urgentAt = world.clock.now();
    await world.advance(60_000);
    const since = [urgentAt, ...tries.slice(before)];
    expect(Math.max(...since.slice(1).map((at, n) => at - since[n]!))).toBeLessThanOrEqual(5_000);
    peers.refuses = () => null;
    await world.advance(5_001);
    expect(world.engine.figures().lag).toBe(0);
  });

  it("[RE104] send many rows in parts of one position, of which the last alone says that this is all", async () => {
    const { world, peers } = board();
    world.engine.follow(MIRROR);
    for (let n = 0; n < 40; n++) world.must("ann", "note:write:v1", { id: `n${n}`, text: `${n}`.padEnd(60_000) });
    await world.advance(5000);
    const last = peers.mirrored.filter(({ seq }) => seq === 41);
    expect(last.map(({ partial }) => partial ?? false)).toEqual([true, true, true, true, false]);
    for (const { rows } of peers.mirrored) expect(JSON.stringify(rows).length).toBeLessThan(520_000);
    expect(new Set(peers.mirrored.flatMap(({ rows }) => rows.map(({ id }) => id))).size).toBe(40);
  });

  it("[RE104] begin again with the first part if one of them fails", async () => {
    const { world, peers } = board();
    world.engine.follow(MIRROR);
    for (let n = 0; n < 12; n++) world.must("ann", "note:write:v1", { id: `n${n}`, text: `${n}`.padEnd(60_000) });
    let sent = 0;
    peers.refuses = () => (sent++ === 1 ? "UNAVAILABLE" : null);
    await world.advance(5000);
    expect(peers.mirrored.map(({ rows, partial }) => [rows.length, partial ?? false])).toEqual([
      [8, true],
      [8, true],
      [4, false],
    ]);
    expect(world.storage.parked()).toEqual([]);
  });

  it("[RE105] set aside the commit whose rows their peer will never take, and deliver the rest", async () => {
    const { world, peers } = board();
    world.engine.follow(MIRROR);
    peers.refuses = ({ rows }) => (rows.some(({ id }) => id === "n3") ? "VALIDATION_ERROR" : null);
    for (let n = 0; n < 8; n++) world.must("ann", "note:write:v1", { id: `n${n}`, text: "x" });
    await world.advance(30_000);
    expect(world.storage.parked()).toEqual([]);
    await world.advance(5 * 60_000);
    expect(world.storage.parked()).toMatchObject([
      { consumer: "mirror:peer", seq: 5, error: "Mirror refused: VALIDATION_ERROR not like that" },
    ]);
    expect(new Set(peers.mirrored.flatMap(({ rows }) => rows.map(({ id }) => id)))).toEqual(
      new Set(["n0", "n1", "n2", "n4", "n5", "n6", "n7"]),
    );
    expect(world.engine.figures().lag).toBe(0);
  });

  it("[RE105] wait for a peer that cannot take them now", async () => {
    const { world, peers } = board();
    world.engine.follow(MIRROR);
    peers.refuses = () => "CAMPAIGN_NOT_FOUND";
    write(world, "one");
    await world.advance(3000);
    expect(world.engine.figures().lag).toBe(1);
    expect(world.storage.parked()).toEqual([]);
  });

  it("[RE103] deliver what is urgent at once, also in the middle of a wait", async () => {
    const { world, peers } = board();
    world.engine.follow(MIRROR);
    write(world, "one");
    await world.clock.advance(10);
    write(world, "two");
    await world.clock.advance(10);
    expect(peers.mirrored).toHaveLength(1);
    world.must("ann", "secret:write:v1", { id: "s1", text: "Cake" });
    await world.clock.advance(0);
    expect(peers.mirrored.at(-1)).toMatchObject({ seq: 4, rows: [{ id: "n1", value: { text: "two" } }, { id: "s1" }] });
    await world.advance(5000);
    expect(world.clock.waiting).toBe(0);
  });
});
