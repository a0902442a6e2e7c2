import { describe, expect, it } from "vitest";
import type { OutboxConsumer } from "./ports.ts";
import { RecordingConsumer, rowsWritten, World } from "./testing/world.ts";

interface Board {
  readonly world: World;
  readonly one: RecordingConsumer;
  readonly two: RecordingConsumer;
}

async function board(batch = 100): Promise<Board> {
  const [one, two] = [new RecordingConsumer("one", batch), new RecordingConsumer("two", batch)];
  const world = World.created({ consumers: () => [one, two] });
  await world.advance(60_000);
  return { world, one, two };
}

function write(world: World, count = 1): void {
  for (let n = 0; n < count; n++) world.must("ann", "note:write:v1", { id: "n1", text: world.nextId() });
}

const upTo = (head: number): number[] => Array.from({ length: head }, (_, n) => n + 1);

function failing(message = "away"): () => void {
  return () => {
    throw new Error(message);
  };
}

describe("delivery", () => {
  it("[RE90] brings each consumer every commit in order, and none before its turn is over", async () => {
    const { world, one, two } = await board();
    write(world, 5);
    expect(one.delivered).toEqual([1]);
    await world.advance(0);
    expect([one.delivered, two.delivered]).toEqual([upTo(6), upTo(6)]);
    expect(one.batches).toEqual([[1], [2, 3, 4, 5, 6]]);
    expect(world.engine.figures()).toMatchObject({ lag: 0, cursors: { one: 6, two: 6 } });
  });

  it("[RE90] makes one delivery at a time, and misses nothing committed meanwhile", async () => {
    const { world, one } = await board(3);
    let running = 0;
    let most = 0;
    one.onDeliver = async () => {
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => world.clock.after(10, resolve));
      running--;
    };
    for (let n = 0; n < 20; n++) {
      write(world);
      await world.clock.advance(3);
    }
    await world.advance(1000);
    expect([most, one.delivered]).toEqual([1, upTo(21)]);
  });

  it("[RE90] takes a commit made by a delivery itself", async () => {
    const { world, one } = await board();
    one.onDeliver = ([first]) => {
      if (first === 2) write(world);
    };
    write(world);
    await world.advance(0);
    expect(one.delivered).toEqual(upTo(3));
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
    "[RE90] takes a commit made %i turns after a delivery ended",
    async (turns) => {
      const { world, one } = await board();
      const delivered = new Promise<void>((resolve) => (one.onDeliver = () => resolve()));
      const later = delivered.then(async () => {
        for (let turn = 0; turn < turns; turn++) await Promise.resolve();
        write(world);
      });
      write(world);
      await world.clock.advance(0);
      await later;
      await world.clock.advance(0);
      expect(one.delivered).toEqual(upTo(3));
    },
  );

  it("[RE91] to one is not delayed by another that fails or hangs", async () => {
    const { world, one, two } = await board();
    one.onDeliver = failing();
    write(world);
    await world.advance(0);
    one.onDeliver = () => new Promise<void>(() => {});
    await world.advance(1000);
    write(world);
    await world.advance(0);
    expect([one.delivered, two.delivered]).toEqual([[1], upTo(3)]);
    expect(world.engine.figures()).toMatchObject({ lag: 2, cursors: { one: 1, two: 3 } });
  });
});

describe("failures", () => {
  it("[RE92] are tried again after growing, jittered waits up to a minute", async () => {
    const { world, one } = await board();
    const tries: number[] = [];
    one.onDeliver = () => {
      tries.push(world.clock.now());
      throw new Error("away");
    };
    write(world);
    await world.advance(10 * 60_000);
    const waits = tries.slice(1).map((at, index) => at - tries[index]!);
    const base = [500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000];
    for (const [index, expected] of base.entries()) {
      expect(waits[index]).toBeGreaterThanOrEqual(expected * 0.75 - 1);
      expect(waits[index]).toBeLessThanOrEqual(expected * 1.25 + 1);
    }
    expect(
      new Set(waits.map((wait, index) => Math.round((wait / (base[index] ?? 60_000)) * 1000))).size,
    ).toBeGreaterThan(5);
  });

  it("[RE92] deliver all that was missed once they are over, and start anew with short waits", async () => {
    const { world, one } = await board();
    one.onDeliver = failing();
    write(world, 3);
    await world.advance(5 * 60_000);
    one.onDeliver = () => {};
    await world.advance(75_000);
    expect(one.delivered).toEqual(upTo(4));
    one.onDeliver = failing();
    write(world);
    await world.advance(0);
    one.onDeliver = () => {};
    await world.advance(650);
    expect(one.delivered).toEqual(upTo(5));
  });

  it("[RE92] include an answer that takes longer than 30 s, and one that comes too late does no harm", async () => {
    const { world, one } = await board();
    let answer = (): void => {};
    one.onDeliver = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    write(world);
    await world.advance(29_999);
    expect(world.logged.filter(({ message }) => message === "outbox delivery failed")).toEqual([]);
    await world.advance(1);
    const failed = world.logged.filter(({ message }) => message === "outbox delivery failed");
    expect(failed).toMatchObject([{ facts: { room: "ws_1", consumer: "one", failures: 1 } }]);
    const late = answer;
    one.onDeliver = () => {};
    late();
    await world.advance(1000);
    expect(world.engine.figures().cursors).toMatchObject({ one: 2 });
  });

  it("[RE92] of a consumer's own counting are failures too, not a storm", async () => {
    let asked = 0;
    const broken: OutboxConsumer = {
      name: "broken",
      batch: 10,
      concerns() {
        asked++;
        throw new Error("cannot count");
      },
      deliver: async () => {},
    };
    const world = World.created({ consumers: () => [broken] });
    write(world);
    await world.advance(60_000);
    expect(asked).toBeLessThan(30);
    expect(world.errors).toEqual([]);
  });

  it("[RE93] leave a wait of more than 5 s to the alarm", async () => {
    const { world, one } = await board();
    one.onDeliver = failing();
    write(world);
    let longest = 0;
    for (let second = 0; second < 120; second++) {
      await world.advance(1000);
      longest = Math.max(longest, world.clock.longestWait);
    }
    expect(longest).toBeLessThanOrEqual(5000);
    expect(world.clock.waiting).toBe(0);
    expect(world.alarm.at).not.toBeNull();
  });

  it("[RE93] move the alarm to the next try if it is set for later", async () => {
    const { world, one } = await board();
    let tries = 0;
    one.onDeliver = () => {
      tries++;
      throw new Error("away");
    };
    write(world);
    while (tries < 4) await world.clock.advance(10);
    await world.ring();
    const set = world.alarm.at!;
    while (tries < 5) await world.clock.advance(10);
    expect(world.clock.waiting).toBe(0);
    expect(world.alarm.at).toBeLessThan(set);
    expect(world.alarm.at! - world.clock.now()).toBeLessThanOrEqual(10_000);
  });

  it("[RE93] that last do not ring the alarm more often than they are tried", async () => {
    const { world, one } = await board();
    one.onDeliver = failing();
    write(world);
    await world.advance(10 * 60_000);
    const before = world.alarm.rows;
    await world.advance(10 * 60_000);
    expect(world.alarm.rows - before).toBeLessThanOrEqual(30);
  });

  it("[RE93] make no timer more for each commit that comes meanwhile", async () => {
    const { world, one, two } = await board();
    one.onDeliver = failing();
    two.onDeliver = failing();
    for (let n = 0; n < 50; n++) {
      write(world);
      await world.clock.advance(1);
    }
    expect(world.clock.waiting).toBeLessThanOrEqual(3);
  });

  it("[RE93] leave neither timer nor alarm behind when nothing is left to deliver", async () => {
    const { world } = await board();
    write(world, 3);
    await world.advance(60_000);
    expect([world.clock.waiting, world.alarm.at]).toEqual([0, null]);
    const rows = rowsWritten(world);
    await world.advance(24 * 3_600_000);
    expect(rowsWritten(world)).toBe(rows);
  });
});

describe("waiting and passing", () => {
  it("[RE95] lets a consumer gather rows until its batch is full", async () => {
    const gathering = new RecordingConsumer("gathering", 3);
    const wait = (rows: readonly unknown[]): number => (rows.length >= 3 ? 0 : 250);
    const world = World.created({ consumers: () => [Object.assign(gathering, { wait })] });
    await world.clock.advance(100);
    write(world);
    await world.clock.advance(100);
    expect(gathering.batches).toEqual([]);
    write(world);
    await world.clock.advance(0);
    expect(gathering.batches).toEqual([[1, 2, 3]]);
  });

  it("[RE95] asks a gathering consumer about each further commit alone, and delivers at once what is urgent", async () => {
    const gathering = new RecordingConsumer("gathering");
    const asked: number[] = [];
    const wait: OutboxConsumer["wait"] = (rows) => {
      asked.push(rows.length);
      return rows.some((row) => row.type === "secret:write:v1") ? 0 : 250;
    };
    const world = World.created({ consumers: () => [Object.assign(gathering, { wait })] });
    await world.clock.advance(0);
    write(world, 30);
    expect(asked).toEqual(Array.from({ length: 31 }, () => 1));
    world.must("ann", "secret:write:v1", { id: "s1", text: "Cake" });
    await world.clock.advance(0);
    expect(gathering.batches).toEqual([upTo(32)]);
  });

  it("[RE95] delivers at most a batch at once", async () => {
    const { world, one } = await board(2);
    write(world, 5);
    await world.advance(0);
    expect(one.batches).toEqual([[1], [2, 3], [4, 5], [6]]);
  });

  it("[RE96] passes what is none of a consumer's business, without a delivery or a wait", async () => {
    const choosy = new RecordingConsumer("choosy");
    const concerns: OutboxConsumer["concerns"] = (row) => row.type === "secret:write:v1";
    const world = World.created({ consumers: () => [Object.assign(choosy, { concerns })] });
    write(world, 250);
    expect(world.engine.figures().lag).toBe(0);
    world.must("ann", "secret:write:v1", { id: "s1", text: "Cake" });
    write(world);
    world.must("ann", "secret:write:v1", { id: "s1", text: "Pie" });
    write(world);
    await world.advance(0);
    expect(choosy.batches).toEqual([[252, 254]]);
    expect(world.engine.figures()).toMatchObject({ lag: 0, cursors: { choosy: 255 } });
  });
});

describe("cursors", () => {
  it("[RE97] are written once nothing was delivered for 250 ms", async () => {
    const { world } = await board();
    const saved = (): unknown => world.storage.memory().cursors;
    for (let n = 0; n < 10; n++) {
      write(world);
      await world.clock.advance(200);
    }
    expect(saved()).toEqual({ one: 1, two: 1 });
    await world.clock.advance(49);
    expect(saved()).toEqual({ one: 1, two: 1 });
    await world.clock.advance(1);
    expect(saved()).toEqual({ one: 11, two: 11 });
  });

  it("[RE97] are written every 100 rows while commits keep coming, one row for all consumers", async () => {
    const { world } = await board();
    let saves = 0;
    world.storage.beforeWrite = (what) => {
      if (what === "memory") saves++;
    };
    for (let n = 0; n < 1000; n++) {
      write(world);
      await world.clock.advance(1);
    }
    expect(saves).toBeGreaterThanOrEqual(9);
    expect(saves).toBeLessThanOrEqual(20);
  });

  it("[RE97] that cannot be written are tried again with the next, and stop nothing", async () => {
    const { world, one } = await board();
    world.storage.beforeWrite = (what) => {
      if (what === "memory") throw new Error("disk full");
    };
    write(world);
    await world.advance(1000);
    expect(world.errors).toEqual(["cursors not saved"]);
    expect(world.logged.at(-1)?.facts).toMatchObject({ room: "ws_1" });
    world.storage.beforeWrite = () => {};
    write(world);
    await world.advance(1000);
    expect(one.delivered).toEqual(upTo(3));
    expect(world.storage.memory().cursors).toEqual({ one: 3, two: 3 });
  });

  it("[RE98] are where delivery goes on after an eviction, at the wake itself: repeated perhaps, never missed", async () => {
    const { world, one, two } = await board();
    write(world, 3);
    await world.clock.advance(0);
    one.onDeliver = failing();
    write(world, 2);
    await world.clock.advance(0);
    one.onDeliver = () => {};
    world.hibernate();
    await world.clock.advance(0);
    expect(one.delivered).toEqual([1, 2, 3, 4, ...upTo(6).slice(1)]);
    expect(two.delivered).toEqual([1, 2, 3, 4, 5, 6, ...upTo(6).slice(1)]);
  });

  it("[RE98] are gone on from by the alarm if nobody else wakes the room", async () => {
    const { world, one } = await board();
    write(world, 3);
    world.crash();
    one.onDeliver = failing();
    await world.advance(0);
    one.onDeliver = () => {};
    world.clock.clear();
    await world.advance(16_000);
    expect(one.delivered).toEqual(upTo(4));
  });
});
