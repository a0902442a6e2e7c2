import { describe, expect, it } from "vitest";
import { World } from "./testing/world.ts";

const MINUTE = 60_000;

function boardWithBen(): World {
  const world = World.created();
  world.must("ann", "person:set:v1", { id: "ben", role: "operator" });
  world.must("ann", "note:write:v1", { id: "n1", text: "Milk" });
  return world;
}

function write(world: World): number {
  return world.must("ann", "note:write:v1", { id: "n1", text: world.nextId() });
}

describe("who may connect", () => {
  it("[RE40] closes a stranger's connection as if nothing were there", () => {
    expect(boardWithBen().connect("eve").sink.closed).toEqual({ code: 4504, reason: "Not found" });
  });

  it("[RE40] closes one of an ended sign-in, and one with an expired token", () => {
    const world = boardWithBen();
    world.must("ann", "person:sign_out:v1", { session_id: "session-1" });
    expect(world.connect("ben", { session_id: "session-1" }).sink.closed?.code).toBe(4506);
    expect(world.connect("ben", { expires_in: 0 }).sink.closed?.code).toBe(4003);
    expect(world.connect("ben", { session_id: "session-2" }).sink.closed).toBeNull();
  });
});

describe("the end of a token", () => {
  it("[RE41] sends nothing from that very moment, and the alarm closes the session", async () => {
    const world = boardWithBen();
    const reader = world.join("ben", { expires_in: MINUTE });
    reader.reports = false;
    world.clock.skip(MINUTE - 1);
    const last = write(world);
    world.clock.skip(1);
    write(world);
    reader.take();
    expect(reader.seqs).toEqual([last]);
    expect(reader.sink.closed).toBeNull();
    await world.advance(1000);
    expect(reader.sink.closed?.code).toBe(4003);
    expect(world.engine.figures().sessions).toBe(0);
  });

  it("[RE41] closes a session that wants to do something after its end", () => {
    const world = boardWithBen();
    const reader = world.join("ben", { expires_in: MINUTE });
    world.clock.skip(MINUTE);
    expect(world.engine.session(reader.sink.id)).toBeUndefined();
    expect(reader.sink.closed?.code).toBe(4003);
  });

  it("[RE41] holds also for what a change of rights would tell", () => {
    const world = boardWithBen();
    const reader = world.join("ben", { expires_in: MINUTE });
    world.clock.skip(MINUTE);
    world.must("ann", "person:set:v1", { id: "ben", role: "admin" });
    expect([reader.sink.inbox, reader.sink.closed?.code]).toEqual([[], 4003]);
  });

  it("[RE41] closes sessions that ended while the room slept", async () => {
    const world = boardWithBen();
    const reader = world.join("ben", { expires_in: MINUTE });
    world.hibernate();
    expect(reader.sink.closed).toBeNull();
    await world.advance(MINUTE);
    expect(reader.sink.closed?.code).toBe(4003);
  });

  it("[RE42] is put off by a new token of the same person", async () => {
    const world = boardWithBen();
    const reader = world.join("ben", { expires_in: MINUTE });
    const session = world.engine.session(reader.sink.id)!;
    const identity = { kind: "user", subject: "ben", session_id: "session-2" } as const;
    expect(world.engine.renew(session, identity, world.clock.now() + 2 * MINUTE)).toBe(true);
    await world.advance(MINUTE);
    expect(reader.sink.closed).toBeNull();
    expect(reader.sink.remembered).toMatchObject({ identity, live: true });
    await world.advance(MINUTE);
    expect(reader.sink.closed?.code).toBe(4003);
  });

  it("[RE42] closes a session that shows somebody else's token, or a stranger's", () => {
    const world = boardWithBen();
    for (const subject of ["ann", "eve"]) {
      const reader = world.join("ben");
      const session = world.engine.session(reader.sink.id)!;
      expect(world.engine.renew(session, { kind: "user", subject, session_id: null }, null)).toBe(false);
      expect(reader.sink.closed?.code).toBe(4501);
    }
  });
});

describe("connections that fail", () => {
  it("[RE43] lets a socket that throws leave, and everybody else go on", () => {
    const world = boardWithBen();
    const [stalled, well] = [world.join("ben"), world.join("ann")];
    stalled.sink.stalled = true;
    const seq = write(world);
    well.take();
    expect(well.seqs).toEqual([seq]);
    expect(world.engine.figures().sessions).toBe(1);
    expect(stalled.sink.closed?.code).toBe(4004);
    world.clock.skip(100);
    expect(write(world)).toBe(seq + 1);
  });

  it("[RE43] is out of the room by the time its socket is closed", () => {
    const world = boardWithBen();
    const reader = world.join("ben");
    reader.sink.close = () => {
      expect(world.engine.figures().sessions).toBe(0);
      write(world);
      throw new Error("gone");
    };
    world.must("ann", "person:set:v1", { id: "ben", role: null });
    expect(reader.sink.inbox).toEqual([]);
    expect(world.errors).toEqual([]);
  });
});

describe("hibernation", () => {
  it("[RE44] keeps sessions and goes on where they were", () => {
    const world = boardWithBen();
    const reader = world.join("ben");
    world.clock.skip(60_000);
    world.hibernate();
    const seq = write(world);
    reader.take();
    expect([reader.seqs, reader.of("commits")]).toEqual([[seq], [expect.objectContaining({ from: 3, to: 4 })]]);
  });

  it("[RE44] tells readers the head after a wake if a commit is recent, and says nothing otherwise", () => {
    const world = boardWithBen();
    const reader = world.join("ben");
    world.clock.skip(5000);
    world.hibernate();
    expect(reader.sink.inbox).toHaveLength(1);
    reader.take();
    expect(reader.frames.at(-1)).toMatchObject({ type: "commits", from: 3, to: 3, commits: [] });
    world.clock.skip(1);
    world.hibernate();
    expect(reader.sink.inbox).toEqual([]);
  });

  it("[RE44] shows a reader whose frame was lost that something is missing", () => {
    const world = boardWithBen();
    const reader = world.join("ben");
    write(world);
    reader.sink.inbox.length = 0;
    world.hibernate();
    expect(() => reader.take()).toThrow("Commits from 4 after 3");
  });
});
