import { describe, expect, it } from "vitest";
import { PROTOCOL_VERSION, SNAPSHOT_CHUNK_BYTES } from "../../core/protocol/version.ts";
import type { Reader } from "./testing/reader.ts";
import { rowsOf } from "./testing/reader.ts";
import { World } from "./testing/world.ts";

function board(): World {
  const world = World.created();
  world.must("ann", "person:set:v1", { id: "vic", role: "viewer" });
  world.must("ann", "note:write:v1", { id: "n1", text: "Milk" });
  return world;
}

function write(world: World, count: number): void {
  for (let n = 0; n < count; n++) world.must("ann", "note:write:v1", { id: "n1", text: world.nextId() });
}

/** So many notes of 60 KB that a snapshot takes several chunks of four notes each. */
function largeBoard(notes: number): World {
  const world = board();
  for (let n = 0; n < notes; n++) world.must("ann", "note:write:v1", { id: `big${n}`, text: `${n}`.padEnd(60_000) });
  return world;
}

function welcome(reader: Reader): unknown {
  return reader.of("welcome").at(-1);
}

function holdsEverything(world: World, reader: Reader): void {
  expect(reader.position).toEqual(world.engine.position);
  const now = world.engine.stateAt(world.engine.position.seq);
  expect(reader.rows()).toEqual(rowsOf(now.ok ? now.entities : []));
}

describe("hello", () => {
  it("[RE50] comes before anything is sent", () => {
    const world = board();
    const reader = world.connect("vic");
    write(world, 1);
    world.engine.signal("note:typing", { note_id: "n1" });
    expect(reader.sink.inbox).toEqual([]);
  });

  it("[RE50] of another protocol version closes the session for good", () => {
    const world = board();
    const reader = world.connect("vic");
    world.receive(reader, { type: "hello", protocol: PROTOCOL_VERSION + 1, client_id: "vic" });
    expect(reader.sink.closed?.code).toBe(4500);
    expect(reader.sink.inbox).toEqual([]);
  });

  it("[RE50] is answered with who one is, where the room is and what the time is there", () => {
    const reader = board().join("vic");
    expect(welcome(reader)).toMatchObject({
      room: "ws_1",
      epoch: 1,
      seq: 3,
      server_time: "2026-11-20T12:00:00.000Z",
      me: { actor: "member:vic", role: "viewer", permissions: ["workspace.read", "campaign.read", "member.read"] },
    });
  });
});

describe("coming back", () => {
  it("[RE51] brings exactly the 300 commits that passed, in order, once", () => {
    const world = board();
    const reader = world.join("vic");
    world.cut(reader);
    write(world, 300);
    world.resume(reader);
    expect(welcome(reader)).toMatchObject({ mode: "delta", recovered: true });
    expect(reader.seqs).toEqual(Array.from({ length: 300 }, (_, n) => n + 4));
    write(world, 1);
    reader.take();
    expect(reader.seqs).toHaveLength(301);
    holdsEverything(world, reader);
  });

  it("[RE51] brings a commit that others are still waiting for, once", async () => {
    const world = board();
    const [reader, other] = [world.join("vic"), world.join("ann")];
    world.cut(reader);
    write(world, 3);
    expect(other.sink.inbox).toHaveLength(1);
    world.resume(reader);
    await world.advance(50);
    for (const each of [reader, other]) each.take();
    expect([reader.seqs, other.seqs]).toEqual([
      [4, 5, 6],
      [4, 5, 6],
    ]);
  });

  it("[RE51] brings nothing to whoever is at the head, and says that too", () => {
    const world = board();
    const reader = world.join("vic");
    world.cut(reader);
    world.resume(reader);
    expect(welcome(reader)).toMatchObject({ mode: "delta", recovered: true });
    expect(reader.frames.at(-1)?.type).toBe("welcome");
  });

  it.each([
    ["a foreign epoch", { epoch: 2 }],
    ["a foreign tip", { tip: "0123456789abcdef" }],
    ["no tip", { tip: "" }],
    ["a seq beyond the head", { seq: 99 }],
    ["a seq whose tip is another's", { seq: 2 }],
  ])("[RE52] gives a snapshot for %s, and says so", (_what, wrong) => {
    const world = board();
    const reader = world.join("vic");
    world.hello(reader, { ...reader.position!, ...wrong });
    reader.take();
    expect(welcome(reader)).toMatchObject({ mode: "snapshot", recovered: false });
    holdsEverything(world, reader);
  });

  it("[RE52] gives a snapshot to whoever holds nothing", () => {
    const world = board();
    const reader = world.join("vic");
    expect(welcome(reader)).toMatchObject({ mode: "snapshot", recovered: false });
    holdsEverything(world, reader);
  });

  it("[RE53] gives a snapshot to whoever is more than 5,000 commits behind, and the commits to whoever is not", () => {
    const world = board();
    const [first, second] = [world.join("vic"), world.join("ann")];
    world.cut(first);
    write(world, 1);
    second.take();
    world.cut(second);
    write(world, 5000);
    world.resume(first);
    world.resume(second);
    expect([welcome(first), welcome(second)]).toMatchObject([{ mode: "snapshot" }, { mode: "delta" }]);
    expect(second.seqs).toHaveLength(5001);
  });

  it("[RE53] gives a snapshot instead of more than 1 MB of commits", () => {
    const world = board();
    const reader = world.join("vic");
    world.cut(reader);
    for (let n = 0; n < 18; n++) world.must("ann", "note:write:v1", { id: "n1", text: `${n}`.padEnd(60_000) });
    world.resume(reader);
    expect(welcome(reader)).toMatchObject({ mode: "snapshot" });
    holdsEverything(world, reader);
  });

  it("[RE54] gives a snapshot to whoever was given other rights meanwhile, also if they were taken back", () => {
    const world = board();
    const [vic, ann] = [world.join("vic"), world.join("ann")];
    world.cut(vic);
    world.cut(ann);
    world.must("ann", "person:set:v1", { id: "vic", role: "admin" });
    world.must("ann", "secret:write:v1", { id: "s1", text: "Cake" });
    world.resume(vic);
    world.resume(ann);
    expect([welcome(vic), welcome(ann)]).toMatchObject([{ mode: "snapshot" }, { mode: "delta" }]);
    expect(vic.value("secret", "s1")).toMatchObject({ text: "Cake" });
    world.cut(vic);
    world.must("ann", "person:set:v1", { id: "vic", role: "viewer" });
    world.must("ann", "person:set:v1", { id: "vic", role: "admin" });
    world.resume(vic);
    expect(welcome(vic)).toMatchObject({ mode: "snapshot" });
  });
});

describe("a change of rights whose telling was cut off", () => {
  it("[RE54] is made good by a snapshot", () => {
    const world = board();
    world.must("ann", "secret:write:v1", { id: "s1", text: "Cake" });
    world.must("ann", "person:set:v1", { id: "vic", role: "admin" });
    const reader = world.join("vic");
    const seq = world.must("ann", "person:set:v1", { id: "vic", role: "viewer" });
    reader.take(1);
    expect([reader.position?.seq, reader.value("secret", "s1") !== undefined]).toEqual([seq, true]);
    world.cut(reader);
    world.resume(reader);
    expect(reader.value("secret", "s1")).toBeUndefined();
  });
});

describe("snapshots", () => {
  it("[RE55] are of one seq, and what is committed while they travel follows before the session is live", () => {
    const world = largeBoard(30);
    const reader = world.connect("vic");
    reader.reports = false;
    world.hello(reader, null);
    let acknowledged = 0;
    while (reader.position === null || acknowledged < 8) {
      reader.take();
      write(world, 1);
      world.receive(reader, { type: "snapshot_ack", chunk: acknowledged++ });
    }
    reader.take();
    const snapshot = reader.of("snapshot");
    expect(new Set(snapshot.map(({ seq }) => seq))).toEqual(new Set([33]));
    expect(reader.of("commits")[0]).toMatchObject({ from: 33 });
    expect(reader.seqs).toEqual(Array.from({ length: world.engine.position.seq - 33 }, (_, n) => n + 34));
    holdsEverything(world, reader);
  });

  it("[RE55] are followed by a commit that others are still waiting for, once", async () => {
    const world = board();
    world.join("ann");
    const reader = world.connect("vic");
    world.hello(reader, null);
    write(world, 3);
    reader.take();
    await world.advance(50);
    reader.take();
    expect(reader.seqs).toEqual([4, 5, 6]);
    holdsEverything(world, reader);
  });

  it("[RE56] travel in chunks of at most 256 KB, four at a time", () => {
    const world = largeBoard(30);
    const reader = world.connect("vic");
    reader.reports = false;
    world.hello(reader, null);
    expect(reader.sink.inbox).toHaveLength(1 + 4);
    expect(Math.max(...reader.sink.inbox.map((text) => new TextEncoder().encode(text).length))).toBeLessThanOrEqual(
      SNAPSHOT_CHUNK_BYTES,
    );
    world.receive(reader, { type: "snapshot_ack", chunk: 0 });
    expect(reader.sink.inbox).toHaveLength(1 + 5);
  });

  it("[RE56] count bytes, not characters", () => {
    const world = board();
    for (let n = 0; n < 24; n++) world.must("ann", "note:write:v1", { id: `euro${n}`, text: "€".repeat(20_000) });
    const reader = world.connect("vic");
    world.hello(reader, null);
    const sizes = reader.sink.inbox.map((text) => new TextEncoder().encode(text).length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(SNAPSHOT_CHUNK_BYTES);
    reader.take();
    holdsEverything(world, reader);
  });

  it("[RE57] are encoded once for all with the same view until the next commit", () => {
    const world = largeBoard(2);
    world.must("ann", "person:set:v1", { id: "bob", role: "viewer" });
    const encoded: string[] = [];
    const hello = (who: string): void => {
      const reader = world.connect(who);
      const { encode } = reader.sink.codec;
      Object.assign(reader.sink, {
        codec: {
          name: "json",
          encode(frame: Parameters<typeof encode>[0]) {
            if (frame.type === "snapshot") encoded.push(who);
            return encode(frame);
          },
        },
      });
      world.hello(reader, null);
    };
    hello("vic");
    hello("bob");
    hello("ann");
    hello("vic");
    expect(encoded).toEqual(["vic", "ann"]);
    write(world, 1);
    hello("vic");
    expect(encoded).toEqual(["vic", "ann", "vic"]);
  });

  it("[RE58] begin anew if the room was evicted in their middle", async () => {
    const world = largeBoard(30);
    const reader = world.connect("vic");
    world.hello(reader, null);
    reader.take(3);
    world.hibernate();
    write(world, 2);
    reader.take();
    expect(reader.of("welcome")).toHaveLength(2);
    write(world, 1);
    await world.advance(50);
    reader.take();
    holdsEverything(world, reader);
  });

  it("[RE58] begin anew if their reader's rights changed, with what may be seen now", async () => {
    const world = largeBoard(30);
    world.must("ann", "secret:write:v1", { id: "s1", text: "Cake" });
    const reader = world.connect("vic");
    world.hello(reader, null);
    reader.take(3);
    world.must("ann", "person:set:v1", { id: "vic", role: "admin" });
    reader.take();
    expect(reader.value("secret", "s1")).toMatchObject({ text: "Cake" });
    expect(reader.of("access")).toEqual([]);
    write(world, 1);
    await world.advance(50);
    reader.take();
    holdsEverything(world, reader);
  });

  it("[RE58] begin anew if their reader says hello again", async () => {
    const world = largeBoard(30);
    const reader = world.connect("vic");
    world.hello(reader, null);
    reader.take(3);
    world.hello(reader, null);
    write(world, 1);
    reader.take();
    write(world, 1);
    await world.advance(50);
    reader.take();
    holdsEverything(world, reader);
  });
});

describe("hello again", () => {
  /** What is sent when somebody says hello ten times and reads nothing. */
  function bytesOfTen(world: World, position: Reader["position"]): { sent: number; reader: Reader } {
    const reader = world.connect("vic");
    let sent = 0;
    const send = reader.sink.send.bind(reader.sink);
    reader.sink.send = (text) => {
      sent += text.length;
      send(text);
    };
    for (let n = 0; n < 10; n++) world.hello(reader, position);
    return { sent, reader };
  }
  const MEGABYTE = 1024 * 1024;
  const WELCOMES = 10 * 1024;

  it("[RE46] brings no more of a snapshot than is allowed under way, and ends with a cut", () => {
    const { sent, reader } = bytesOfTen(largeBoard(30), null);
    expect(sent).toBeGreaterThan(MEGABYTE / 2);
    expect(sent).toBeLessThan(MEGABYTE + WELCOMES);
    expect(reader.sink.closed?.code).toBe(4001);
  });

  it("[RE46] brings no more of missed commits either", () => {
    const world = board();
    const { position } = world.join("vic");
    for (let n = 0; n < 8; n++) world.must("ann", "note:write:v1", { id: "n1", text: `${n}`.padEnd(60_000) });
    const { sent, reader } = bytesOfTen(world, position);
    expect(sent).toBeGreaterThan(MEGABYTE / 2);
    expect(sent).toBeLessThan(MEGABYTE + WELCOMES);
    expect(reader.sink.closed?.code).toBe(4001);
  });

  it("[RE46] is answered in full for whoever reads", () => {
    const world = largeBoard(30);
    const reader = world.join("vic");
    for (let n = 0; n < 10; n++) {
      world.hello(reader, n % 2 === 0 ? null : reader.position);
      reader.take();
    }
    expect(reader.sink.closed).toBeNull();
    holdsEverything(world, reader);
  });

  it("[RE46] is answered in full on another connection after the cut", () => {
    const world = largeBoard(30);
    const { reader } = bytesOfTen(world, null);
    world.cut(reader);
    world.resume(reader);
    holdsEverything(world, reader);
  });
});

describe("a join that fails", () => {
  it("[RE59] closes the session so that it comes back, and logs why", () => {
    const world = board();
    const reader = world.connect("vic");
    Object.assign(reader.sink, {
      codec: {
        name: "broken",
        encode() {
          throw new Error("no encoding");
        },
      },
    });
    world.hello(reader, null);
    expect(reader.sink.closed?.code).toBe(4004);
    expect(world.errors).toEqual(["join failed"]);
  });

  it("[RE59] ignores acknowledgements of nothing", () => {
    const world = board();
    const reader = world.connect("vic");
    world.receive(reader, { type: "snapshot_ack", chunk: 0 });
    expect(reader.sink.inbox).toEqual([]);
    world.hello(reader, null);
    reader.take();
    world.receive(reader, { type: "snapshot_ack", chunk: 7 });
    expect(reader.sink.inbox).toEqual([]);
    expect(reader.sink.closed).toBeNull();
  });
});
