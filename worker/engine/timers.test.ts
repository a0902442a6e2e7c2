import { describe, expect, it } from "vitest";
import { NOON } from "./testing/fake-clock.ts";
import { MemoryStorage } from "./testing/memory-storage.ts";
import { RecordingConsumer, rowsWritten, World } from "./testing/world.ts";

const ANN = { kind: "user", subject: "ann", session_id: null } as const;
const MINUTE = 60_000;

function at(ms: number): string {
  return new Date(NOON + ms).toISOString();
}

function set(world: World, id: string, when: string | null): void {
  world.must("ann", "reminder:set:v1", { id, at: when });
}

function rung(world: World, id: string): number {
  const read = world.engine.read(ANN, "reminder", id);
  const value = read.ok ? read.rows[0]?.[3] : undefined;
  return Number(value?.["rung"]);
}

describe("timers", () => {
  it("[RE110] are set, moved and cleared by the commit that changes their entity", () => {
    const world = World.created();
    const timers = (): unknown => world.storage.dueTimers("9", 10);
    set(world, "r1", at(MINUTE));
    expect(timers()).toEqual([{ kind: "reminder", id: "r1", at: at(MINUTE) }]);
    set(world, "r1", at(2 * MINUTE));
    expect(timers()).toEqual([{ kind: "reminder", id: "r1", at: at(2 * MINUTE) }]);
    set(world, "r1", null);
    expect(timers()).toEqual([]);
  });

  it("[RE110] write no row when their time stays the same", () => {
    const world = World.created();
    set(world, "r1", at(MINUTE));
    const before = rowsWritten(world);
    set(world, "r1", at(MINUTE));
    expect(rowsWritten(world) - before).toBe(3);
  });

  it("[RE110] take any form of a time, and ring no earlier and no later for it", async () => {
    const world = World.created();
    set(world, "r1", "2026-11-20T12:01:00Z");
    await world.advance(MINUTE - 1);
    expect(rung(world, "r1")).toBe(0);
    await world.advance(1);
    expect(rung(world, "r1")).toBe(1);
  });

  it("[RE111] run their command as the room itself at their time", async () => {
    const world = World.created();
    const reader = world.join("ann");
    set(world, "r1", at(MINUTE));
    await world.advance(MINUTE);
    reader.take();
    expect(reader.value("reminder", "r1")).toEqual({ id: "r1", at: null, rung: 1 });
    expect(world.storage.readLog(2, 1)[0]).toMatchObject({
      actor: "system:room",
      command_id: `timer:reminder:r1:${at(MINUTE)}`,
      at: at(MINUTE),
    });
  });

  it("[RE111] ring after an eviction, and at the wake's alarm if their time passed meanwhile", async () => {
    const world = World.created();
    set(world, "r1", at(MINUTE));
    world.hibernate();
    world.clock.skip(10 * MINUTE);
    await world.advance(0);
    expect(rung(world, "r1")).toBe(1);
  });

  it("[RE111] that set themselves again ring again", async () => {
    const world = World.created();
    set(world, "hourly", at(MINUTE));
    await world.advance(5 * 60 * MINUTE);
    expect(rung(world, "hourly")).toBe(5);
  });

  it("[RE111] ring in any number", async () => {
    const world = World.created();
    for (let n = 0; n < 450; n++) set(world, `r${n}`, at(MINUTE));
    await world.advance(MINUTE);
    await world.advance(1000);
    expect(world.engine.position.seq).toBe(1 + 900);
  });

  it.each(["refused", "broken", "stuck"])(
    "[RE112] whose command is %s ring once, and the others all the same",
    async (id) => {
      const world = World.created();
      set(world, id, at(MINUTE));
      set(world, "r1", at(MINUTE));
      await world.advance(MINUTE);
      expect([rung(world, id), rung(world, "r1")]).toEqual([id === "stuck" ? 1 : 0, 1]);
      const { seq } = world.engine.position;
      await world.advance(60 * MINUTE);
      expect([world.engine.position.seq, world.alarm.at, world.storage.nextTimer()]).toEqual([seq, null, null]);
      set(world, id, at(120 * MINUTE));
      expect(world.storage.nextTimer()).toBe(at(120 * MINUTE));
    },
  );
});

describe("the alarm", () => {
  it("[RE120] is set for the earliest need, and only when that is earlier than it is set", () => {
    const world = World.created();
    world.connect("ann", { expires_in: 10 * MINUTE });
    expect(world.alarm).toMatchObject({ at: NOON + 10 * MINUTE, rows: 1 });
    set(world, "r1", at(5 * MINUTE));
    expect(world.alarm).toMatchObject({ at: NOON + 5 * MINUTE, rows: 2 });
    set(world, "r2", at(7 * MINUTE));
    world.connect("ann", { expires_in: 20 * MINUTE });
    expect(world.alarm).toMatchObject({ at: NOON + 5 * MINUTE, rows: 2 });
  });

  it("[RE120] goes from one need to the next", async () => {
    const world = World.created();
    const reader = world.join("ann", { expires_in: 10 * MINUTE });
    set(world, "r1", at(5 * MINUTE));
    set(world, "r2", at(7 * MINUTE));
    await world.advance(6 * MINUTE);
    expect([rung(world, "r1"), rung(world, "r2")]).toEqual([1, 0]);
    await world.advance(2 * MINUTE);
    expect([rung(world, "r2"), reader.sink.closed]).toEqual([1, null]);
    await world.advance(2 * MINUTE);
    expect(reader.sink.closed?.code).toBe(4003);
    await world.advance(MINUTE);
    expect(world.alarm.at).toBeNull();
  });

  it("[RE121] is never further than 15 s from an undelivered commit, whatever else it is set for", () => {
    const world = World.created({ consumers: () => [new RecordingConsumer("one")] });
    world.connect("ann", { expires_in: 60 * MINUTE });
    world.must("ann", "note:write:v1", { id: "n1", text: "Milk" });
    expect(world.alarm.at).toBe(NOON + 15_000);
  });

  it("[RE122] sets itself again before anything else if there is anything to do", async () => {
    const world = World.created();
    set(world, "r1", at(MINUTE));
    world.clock.skip(MINUTE);
    const seen: (number | null)[] = [];
    world.storage.beforeWrite = () => void seen.push(world.alarm.at);
    await world.ring();
    expect(seen[0]).toBe(NOON + MINUTE + 15_000);
  });

  it("[RE122] never throws, whatever fails while it rings, and rings again", async () => {
    const world = World.created({ consumers: () => [new RecordingConsumer("one")] });
    set(world, "r1", at(MINUTE));
    const { dueTimers } = world.storage;
    world.storage.dueTimers = () => {
      throw new Error("disk gone");
    };
    world.clock.skip(MINUTE);
    await expect(world.engine.alarm()).resolves.toBeUndefined();
    expect(world.errors).toEqual(["timers failed"]);
    world.storage.dueTimers = dueTimers;
    await world.advance(15_000);
    expect(rung(world, "r1")).toBe(1);
  });

  it("[RE122] has nothing to do in a room that does not exist, and does nothing", async () => {
    const world = new World(new MemoryStorage());
    await world.engine.alarm();
    expect([world.alarm.at, world.storage.exists()]).toEqual([null, false]);
  });

  it("[RE123] is not set by waking: it may be ringing", () => {
    const world = World.created({ consumers: () => [new RecordingConsumer("one")] });
    world.join("ann", { expires_in: 60 * MINUTE });
    set(world, "r1", at(MINUTE));
    const { at: due, rows } = world.alarm;
    world.hibernate();
    expect(world.alarm).toMatchObject({ at: due, rows });
  });

  it("[RE123] is set right again by the first that happens after a wake", () => {
    const world = World.created({ consumers: () => [new RecordingConsumer("one")] });
    set(world, "r1", at(5000));
    world.hibernate();
    world.must("ann", "note:write:v1", { id: "n1", text: "Milk" });
    expect(world.alarm.at).toBe(NOON + 5000);
  });

  it("[RE124] waits at most 10 s for the outbox, so that the next can ring", async () => {
    const one = new RecordingConsumer("one");
    const world = World.created({ consumers: () => [one] });
    await world.advance(MINUTE);
    one.onDeliver = () => new Promise<void>(() => {});
    world.must("ann", "note:write:v1", { id: "n1", text: "Milk" });
    let rang = false;
    void world.engine.alarm().then(() => (rang = true));
    await world.clock.advance(9_999);
    expect(rang).toBe(false);
    await world.clock.advance(1);
    expect(rang).toBe(true);
    expect(world.alarm.at).not.toBeNull();
  });
});
