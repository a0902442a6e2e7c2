import { describe, expect, it } from "vitest";
import { FLUSH_CAP_MS, windowFor } from "./fanout.ts";
import type { Reader } from "./testing/reader.ts";
import { World } from "./testing/world.ts";

function board(viewers = 1): { world: World; readers: Reader[] } {
  const world = World.created();
  world.must("ann", "person:set:v1", { id: "vic", role: "viewer" });
  world.must("ann", "note:write:v1", { id: "n1", text: "Milk" });
  const readers = Array.from({ length: viewers }, () => world.join("vic"));
  world.clock.skip(1000);
  return { world, readers };
}

function write(world: World, text = world.nextId()): number {
  return world.must("ann", "note:write:v1", { id: "n1", text });
}

function only<T>(items: readonly T[]): T {
  expect(items).toHaveLength(1);
  return items[0]!;
}

describe("when commits are sent", () => {
  it("[RE60] at once while the room is idle, in the turn that made them", () => {
    const { world, readers } = board();
    const seq = write(world);
    only(readers).take();
    expect(only(readers).seqs).toEqual([seq]);
  });

  it("[RE61] together under load, and none waits longer than the window", async () => {
    const { world, readers } = board(40);
    const [reader] = readers as [Reader];
    const window = windowFor(40);
    expect(window).toBe(4);
    const sentAfter: number[] = [];
    for (let ms = 0; ms < 40; ms++) {
      write(world);
      await world.clock.advance(1);
      if (reader.sink.inbox.length > 0) sentAfter.push(ms);
      reader.take();
    }
    const gaps = sentAfter.slice(1).map((ms, at) => ms - sentAfter[at]!);
    expect(Math.max(...gaps)).toBe(window);
    expect(reader.of("commits").length).toBeLessThanOrEqual(11);
    await world.clock.advance(window);
    reader.take();
    expect(reader.seqs).toHaveLength(40);
  });

  it("[RE61] never wait longer than 50 ms, however many sessions there are", () => {
    expect([windowFor(1), windowFor(100), windowFor(500), windowFor(30_000)]).toEqual([1, 10, 50, FLUSH_CAP_MS]);
    expect(FLUSH_CAP_MS).toBe(50);
  });

  it("[RE61] are not held by a clock that is set back", async () => {
    const { world, readers } = board(40);
    write(world);
    world.clock.skip(-86_400_000);
    write(world);
    await world.clock.advance(windowFor(40));
    readers[0]!.take();
    expect(readers[0]!.seqs).toHaveLength(2);
  });

  it("[RE61] leave no timer behind once they are sent", async () => {
    const { world } = board(40);
    write(world);
    write(world);
    expect(world.clock.waiting).toBe(1);
    await world.clock.advance(50);
    expect(world.clock.waiting).toBe(0);
  });
});

describe("frames", () => {
  it("[RE62] follow one another without a gap, and name the tip of their last commit", async () => {
    const { world, readers } = board(40);
    for (let n = 0; n < 30; n++) {
      write(world);
      if (n % 7 === 0) await world.clock.advance(3);
    }
    await world.clock.advance(50);
    const [reader] = readers as [Reader];
    reader.take();
    const frames = reader.of("commits");
    expect(frames.slice(1).every((frame, at) => frame.from === frames[at]!.to)).toBe(true);
    expect(reader.position).toEqual(world.engine.position);
  });

  it("[RE62] bring whoever may see none of it to the head all the same", async () => {
    const { world, readers } = board();
    const reader = only(readers);
    world.must("ann", "secret:write:v1", { id: "s1", text: "Cake" });
    reader.take();
    expect(reader.of("commits").at(-1)).toMatchObject({ from: 3, to: 4, commits: [] });
    expect(reader.position).toEqual(world.engine.position);
    await world.clock.advance(50);
    write(world);
    reader.take();
    expect(reader.seqs).toEqual([5]);
  });

  it("[RE63] are encoded once for all who see the same of them", () => {
    const { world, readers } = board(5);
    const admins = [world.join("ann"), world.join("ann")];
    world.clock.skip(100);
    let encoded = 0;
    for (const { sink } of [...readers, ...admins]) {
      const { encode } = sink.codec;
      Object.assign(sink, {
        codec: {
          name: "json",
          encode(frame: Parameters<typeof encode>[0]) {
            encoded++;
            return encode(frame);
          },
        },
      });
    }
    write(world);
    expect(encoded).toBe(1);
    world.clock.skip(100);
    world.must("ann", "secret:write:v1", { id: "s1", text: "Cake" });
    expect(encoded).toBe(3);
    for (const reader of admins) {
      reader.take();
      expect(reader.value("secret", "s1")).toBeDefined();
    }
  });
});

describe("slow readers", () => {
  function flood(world: World, commits: number): void {
    for (let n = 0; n < commits; n++) {
      world.clock.skip(100);
      write(world, world.nextId().padEnd(60_000));
    }
  }

  it("[RE64] are cut at 1 MB unreported, and only they", () => {
    const { world, readers } = board(2);
    const [slow, quick] = readers as [Reader, Reader];
    slow.reports = false;
    for (let n = 0; n < 30; n++) {
      flood(world, 1);
      slow.take();
      quick.take();
    }
    expect(slow.sink.closed).toMatchObject({ code: 4001 });
    expect(slow.seqs.length).toBe(18);
    expect(quick.sink.closed).toBeNull();
    expect(quick.seqs).toHaveLength(30);
  });

  it("[RE64] go on after a report, for what they reported", () => {
    const { world, readers } = board();
    const reader = only(readers);
    reader.reports = false;
    for (let round = 0; round < 4; round++) {
      flood(world, 15);
      reader.take();
      world.receive(reader, { type: "applied", seq: reader.position!.seq - 1 });
      expect(reader.sink.closed).toBeNull();
    }
    expect(reader.seqs).toHaveLength(60);
  });

  it("[RE64] count what they were sent to catch up with", () => {
    const { world, readers } = board();
    const reader = only(readers);
    reader.reports = false;
    world.cut(reader);
    flood(world, 15);
    world.resume(reader);
    expect(reader.seqs).toHaveLength(15);
    flood(world, 3);
    expect(reader.sink.closed).toMatchObject({ code: 4001 });
  });

  it("[RE64] come back from where they were", () => {
    const { world, readers } = board();
    const reader = only(readers);
    reader.reports = false;
    flood(world, 20);
    reader.take();
    world.resume(reader);
    reader.take();
    expect(reader.position).toEqual(world.engine.position);
  });
});
