import { describe, expect, it } from "vitest";
import type { StoredEntity } from "../../core/model/entity.ts";
import { fromChunks, toChunks } from "./checkpoint.ts";
import { rowsOf } from "./testing/reader.ts";
import { RecordingConsumer, World } from "./testing/world.ts";

const WEEK = 7 * 24 * 3_600_000;
const LATER = "2030-01-01T00:00:00.000Z";

function write(world: World, count: number): void {
  for (let n = 0; n < count; n++) {
    const { seq } = world.engine.position;
    const id = `n${(seq * 7) % 13}`;
    if (seq % 11 === 0) world.run("ann", "note:remove:v1", { id });
    else if (seq % 5 === 0) world.run("ann", "entry:add:v1", { note_id: id, amount: seq });
    world.must("ann", "note:write:v1", { id, text: `text ${seq}` });
  }
}

function live(world: World): string[] {
  const kinds = ["note", "secret", "reminder", "person", "session_revocation"];
  return rowsOf(kinds.flatMap((kind) => [...world.storage.scan(kind)]));
}

/** A board of `commits` commits with what was live at each of `seqs`. */
function recorded(commits: number, seqs: readonly number[]): { world: World; was: Map<number, string[]> } {
  const world = World.created();
  const was = new Map<number, string[]>();
  while (world.engine.position.seq < commits) {
    write(world, 1);
    const { seq } = world.engine.position;
    if (seqs.includes(seq)) was.set(seq, live(world));
  }
  return { world, was };
}

function stateRows(world: World, seq: number): string[] | string {
  const state = world.engine.stateAt(seq);
  return state.ok ? rowsOf(state.entities) : state.reason;
}

describe("positions", () => {
  it("[RE130] have a tip that is the same after a wake, and another in another history", () => {
    const [one, other] = [World.created(), World.created()];
    one.must("ann", "note:write:v1", { id: "n1", text: "Milk" });
    other.must("ann", "note:write:v1", { id: "n1", text: "Tea" });
    const { position } = one.engine;
    one.hibernate();
    expect(one.engine.position).toEqual(position);
    expect(other.engine.position).toMatchObject({ epoch: 1, seq: position.seq });
    expect(other.engine.position.tip).not.toBe(position.tip);
  });

  it("[RE131] of an old epoch lead to a snapshot, and consumers get the log again", async () => {
    const one = new RecordingConsumer("one");
    const epochs: number[] = [];
    one.onDeliver = (_seqs, epoch) => void epochs.push(epoch);
    const world = World.created({ consumers: () => [one] });
    world.must("ann", "note:write:v1", { id: "n1", text: "Milk" });
    const reader = world.join("ann");
    await world.advance(1000);
    world.engine.startEpoch();
    expect(reader.sink.closed?.code).toBe(4000);
    world.resume(reader);
    expect(reader.of("welcome").at(-1)).toMatchObject({ epoch: 2, mode: "snapshot", recovered: false });
    world.must("ann", "note:write:v1", { id: "n1", text: "Tea" });
    await world.advance(1000);
    reader.take();
    expect(reader.position).toEqual(world.engine.position);
    expect(one.delivered).toEqual([1, 2, 1, 2, 3]);
    expect(epochs).toEqual([1, 2]);
    expect(world.storage.memory()).toMatchObject({ epoch: 2, cursors: { one: 3 } });
  });

  it("[RE134] of an epoch below the deployment's lead to a snapshot after the next wake", () => {
    const options = { epoch: 1 };
    const world = World.created(options);
    const reader = world.join("ann");
    options.epoch = 5;
    world.crash();
    world.resume(reader);
    expect(reader.of("welcome").at(-1)).toMatchObject({ epoch: 5, mode: "snapshot", recovered: false });
    world.crash();
    expect(world.engine.position.epoch).toBe(5);
    expect(World.created(options).engine.position.epoch).toBe(5);
  });

  it("[RE131] of an old epoch are not mixed with a delivery under way", async () => {
    const one = new RecordingConsumer("one");
    const world = World.created({ consumers: () => [one] });
    await world.advance(1000);
    let finish = (): void => {};
    one.onDeliver = () => new Promise<void>((resolve) => (finish = resolve));
    world.must("ann", "note:write:v1", { id: "n1", text: "Milk" });
    await world.advance(0);
    world.engine.startEpoch();
    one.onDeliver = () => {};
    finish();
    await world.advance(1000);
    expect(one.batches.at(-1)).toEqual([1, 2]);
    expect(world.engine.figures().lag).toBe(0);
  });
});

describe("past states", () => {
  it("[RE140] are kept every 1,000 commits, in chunks that fit a row", () => {
    const { world } = recorded(2100, []);
    expect(world.storage.readCheckpoint(9999)).toMatchObject({ seq: 2000 });
    expect(world.storage.readCheckpoint(1999)).toMatchObject({ seq: 1000 });
    expect(world.storage.readCheckpoint(999)).toBeUndefined();
  });

  it("[RE140] are cut into chunks of less than 2 MB, whatever they are made of", () => {
    const entities = Array.from({ length: 60 }, (_, n) => {
      const value = { id: `n${n}`, text: "€".repeat(60_000) };
      return { kind: "note", id: `n${n}`, revision: n, seq: n, deleted: n % 2 === 0, value } satisfies StoredEntity;
    });
    const chunks = toChunks(entities);
    expect(Math.max(...chunks.map((chunk) => new TextEncoder().encode(chunk).length))).toBeLessThan(2_000_000);
    expect(fromChunks(chunks)).toEqual(entities);
    expect(fromChunks(toChunks([]))).toEqual([]);
  });

  it("[RE141] equal what was live then, revisions and deletions included", () => {
    const seqs = [1, 2, 7, 250, 499, 999, 1000, 1001, 1500, 1999, 2000, 2001, 2050];
    const { world, was } = recorded(2050, seqs);
    expect(was.size).toBeGreaterThan(8);
    for (const [seq, rows] of was) expect(stateRows(world, seq)).toEqual(rows);
    expect(stateRows(world, world.engine.position.seq)).toEqual(live(world));
    expect(stateRows(world, 0)).toEqual([]);
  });

  it("[RE141] cost at most a checkpoint and 999 commits", () => {
    const { world } = recorded(2050, []);
    const before = world.storage.rows.read;
    stateRows(world, 1999);
    expect(world.storage.rows.read - before).toBeLessThanOrEqual(1 + 999);
  });

  it("[RE141] that are not yet there are said to be so", () => {
    const { world } = recorded(10, []);
    expect(stateRows(world, 9999)).toBe("not yet");
    expect(stateRows(world, -1)).toBe("pruned");
  });
});

describe("pruning", () => {
  function aged(commits: number, seqs: readonly number[] = []): ReturnType<typeof recorded> {
    const made = recorded(commits, seqs);
    made.world.clock.skip(2 * WEEK);
    return made;
  }

  it("[RE132] goes up to a checkpoint, from which every later state can still be reached", () => {
    const { world, was } = aged(2500, [1000, 1001, 1999, 2000, 2400]);
    world.engine.prune(1700, LATER);
    expect(world.storage.historyStart()).toBe(1000);
    expect(stateRows(world, 999)).toBe("pruned");
    for (const [seq, rows] of was) expect(stateRows(world, seq)).toEqual(rows);
    world.engine.prune(2499, LATER);
    expect(world.storage.historyStart()).toBe(2000);
    expect([stateRows(world, 1999), stateRows(world, 2000)]).toEqual(["pruned", was.get(2000)]);
  });

  it("[RE132] takes nothing younger than a week, or than is asked for", () => {
    const { world } = aged(1200);
    write(world, 1000);
    world.clock.skip(1000);
    world.engine.prune(9999, LATER);
    expect(world.storage.historyStart()).toBe(1000);
    const { world: other } = aged(1200);
    other.engine.prune(9999, "2026-11-20T00:00:00.000Z");
    expect(other.storage.historyStart()).toBe(0);
  });

  it("[RE132] takes nothing before the first checkpoint, and nothing that a consumer lacks", async () => {
    const one = new RecordingConsumer("one");
    const world = World.created({ consumers: () => [one] });
    write(world, 500);
    await world.advance(1000);
    one.onDeliver = () => {
      throw new Error("away");
    };
    write(world, 1000);
    world.clock.skip(2 * WEEK);
    world.engine.prune(9999, LATER);
    expect(world.storage.historyStart()).toBe(0);
    one.onDeliver = () => {};
    await world.advance(120_000);
    world.engine.prune(9999, LATER);
    expect(world.storage.historyStart()).toBe(1000);
  });

  it("[RE135] is done by the alarm for what the deployment no longer keeps", async () => {
    const kept = async (history_ms: number): Promise<number> => {
      const world = World.created({ history_ms });
      write(world, 1199);
      world.clock.skip(2 * WEEK);
      await world.engine.alarm();
      return world.storage.historyStart();
    };
    expect([await kept(1.5 * WEEK), await kept(10 * WEEK)]).toEqual([1000, 0]);
  });

  it("[RE133] leaves the position at its end good, for whoever has the right tip", () => {
    const world = World.created();
    const reader = world.connect("ann");
    while (world.engine.position.seq < 1000) world.must("ann", "note:write:v1", { id: "n1", text: world.nextId() });
    world.hello(reader, null);
    reader.take();
    world.cut(reader);
    while (world.engine.position.seq < 1200) world.must("ann", "note:write:v1", { id: "n1", text: world.nextId() });
    world.clock.skip(2 * WEEK);
    world.engine.prune(9999, LATER);
    world.hibernate();
    const right = reader.position!;
    expect([world.storage.historyStart(), right.seq]).toEqual([1000, 1000]);
    const mode = (position: typeof right): unknown => {
      reader.position = position;
      world.resume(reader);
      return reader.of("welcome").at(-1)?.mode;
    };
    expect([mode({ ...right, tip: "foreign" }), mode({ ...right, seq: 999 }), mode(right)]).toEqual([
      "snapshot",
      "snapshot",
      "delta",
    ]);
    expect(reader.seqs.at(-1)).toBe(1200);
    expect(reader.of("welcome").at(-1)).toMatchObject({ history_start: 1000 });
  });
});
