import { describe, expect, it } from "vitest";
import { SNAPSHOT_CHUNK_BYTES } from "../../core/protocol/version.ts";
import { boardRoom, people } from "./testing/board-room.ts";
import type { Reader } from "./testing/reader.ts";
import { World } from "./testing/world.ts";

const VIC = { kind: "user", subject: "vic", session_id: null } as const;

function board(): World {
  const world = World.created();
  world.must("ann", "person:set:v1", { id: "vic", role: "viewer" });
  world.must("ann", "note:write:v1", { id: "n1", text: "Milk" });
  world.must("ann", "secret:write:v1", { id: "s1", text: "Cake" });
  world.clock.skip(1000);
  return world;
}

function setRole(world: World, role: string | null): number {
  return world.must("ann", "person:set:v1", { id: "vic", role });
}

function lastFrames(reader: Reader, count: number): string[] {
  return reader.frames.slice(-count).map((frame) => frame.type);
}

describe("audiences", () => {
  it("[RE70] let admins see what is theirs, and everybody the rest: in snapshots, commits, signals and reads", () => {
    const world = board();
    const [vic, ann] = [world.join("vic"), world.join("ann")];
    expect([vic.value("secret", "s1"), ann.value("secret", "s1")]).toEqual([undefined, { id: "s1", text: "Cake" }]);
    world.must("ann", "secret:write:v1", { id: "s2", text: "Pie" });
    world.clock.skip(100);
    world.must("ann", "note:write:v1", { id: "n1", text: "Tea" });
    world.engine.signal("secret:whisper", { text: "psst" });
    world.engine.signal("note:typing", { note_id: "n1" });
    for (const reader of [vic, ann]) reader.take();
    expect([vic.seqs, ann.seqs]).toEqual([[6], [5, 6]]);
    expect([vic.of("signal").length, ann.of("signal").length]).toEqual([1, 2]);
    expect(JSON.stringify(vic.frames)).not.toMatch(/Cake|Pie|psst/);
    expect(world.engine.read(VIC, "secret")).toMatchObject({ ok: true, rows: [] });
  });

  it("[RE70] hold for commits caught up with", () => {
    const world = board();
    const vic = world.join("vic");
    world.cut(vic);
    world.must("ann", "secret:write:v1", { id: "s2", text: "Pie" });
    world.must("ann", "note:write:v1", { id: "n1", text: "Tea" });
    world.resume(vic);
    expect(vic.seqs).toEqual([6]);
    expect(JSON.stringify(vic.frames)).not.toContain("Pie");
  });
});

describe("access taken away", () => {
  it("[RE71] closes the sessions before anything more is sent", async () => {
    const world = board();
    const [first, second, ann] = [world.join("vic"), world.join("vic"), world.join("ann")];
    world.must("ann", "note:write:v1", { id: "n1", text: "one" });
    world.must("ann", "note:write:v1", { id: "n1", text: "waits in the window" });
    const before = first.sink.inbox.length;
    setRole(world, null);
    expect([first.sink.inbox.length, second.sink.inbox.length]).toEqual([before, before]);
    expect([first.sink.closed?.code, second.sink.closed?.code]).toEqual([4505, 4505]);
    await world.advance(50);
    ann.take();
    expect(ann.position).toEqual(world.engine.position);
    expect(world.run("vic", "note:write:v1", { id: "n1", text: "x" })).toMatchObject({
      refusal: { code: "NOT_FOUND" },
    });
  });

  it("[RE71] closes those of an ended sign-in and leaves the person's others", () => {
    const world = board();
    const [one, other] = [
      world.join("vic", { session_id: "session-1" }),
      world.join("vic", { session_id: "session-2" }),
    ];
    world.must("ann", "person:sign_out:v1", { session_id: "session-1" });
    expect([one.sink.closed?.code, other.sink.closed]).toEqual([4506, null]);
  });
});

describe("rights that cannot be told", () => {
  it("[RE71] send everybody away to be looked at anew", () => {
    const world = World.created({
      room: {
        ...boardRoom,
        admit(tx, identity) {
          if (identity.session_id === "odd" && tx.get(people, "vic")) throw new Error("cannot tell");
          return boardRoom.admit(tx, identity);
        },
      },
    });
    const readers = [world.join("ann"), world.join("ann", { session_id: "odd" }), world.join("ann")];
    expect(world.must("ann", "person:set:v1", { id: "vic", role: "viewer" })).toBe(2);
    expect(readers.map(({ sink }) => sink.closed?.code)).toEqual([4004, 4004, 4004]);
    expect([world.errors, world.engine.figures().sessions]).toEqual([["rights not checked"], 0]);
  });
});

describe("rights that change", () => {
  it("[RE72] bring what was gained, after the commit that gave it", () => {
    const world = board();
    const vic = world.join("vic");
    const seq = setRole(world, "admin");
    vic.take();
    expect(lastFrames(vic, 2)).toEqual(["commits", "access"]);
    expect(vic.frames.at(-1)).toMatchObject({
      seq,
      me: { role: "admin" },
      put: [["secret", "s1", 1, { text: "Cake" }]],
      forget: [],
    });
    world.clock.skip(100);
    world.must("ann", "secret:write:v1", { id: "s1", text: "Pie" });
    vic.take();
    expect(vic.store.read("secret", "s1")).toMatchObject({ revision: 2, value: { text: "Pie" } });
  });

  it("[RE72] name what was lost, and send no more of it", () => {
    const world = board();
    setRole(world, "admin");
    const vic = world.join("vic");
    setRole(world, "viewer");
    world.clock.skip(100);
    world.must("ann", "secret:write:v1", { id: "s1", text: "Pie" });
    vic.take();
    expect(vic.of("access")).toMatchObject([{ put: [], forget: [["secret", "s1"]], me: { role: "viewer" } }]);
    expect(vic.value("secret", "s1")).toBeUndefined();
    expect(JSON.stringify(vic.frames)).not.toContain("Pie");
  });

  it("[RE72] count a row once that is made and shown by the same commit", () => {
    const world = board();
    const vic = world.join("vic");
    const seq = world.must("ann", "secret:share:v1", { id: "s2", text: "Pie", person: "vic", role: "admin" });
    vic.take();
    expect(vic.stream.get(seq)).toEqual([["person:set:v1:success", { id: "vic", role: "admin" }]]);
    expect(vic.store.read("secret", "s2")).toMatchObject({ revision: 1, value: { text: "Pie" } });
  });

  it("[RE72] keep a commit that takes a right away, and what waited before it, from whoever loses it", () => {
    const world = board();
    setRole(world, "admin");
    const vic = world.join("vic");
    world.must("ann", "note:write:v1", { id: "n1", text: "goes at once" });
    world.must("ann", "secret:write:v1", { id: "s2", text: "Pie waits" });
    world.must("ann", "secret:share:v1", { id: "s3", text: "Tart", person: "vic", role: "viewer" });
    vic.take();
    expect(JSON.stringify(vic.frames)).not.toMatch(/Pie|Tart/);
    expect(vic.position).toEqual(world.engine.position);
    expect(vic.value("secret", "s2")).toBeUndefined();
  });

  it("[RE72] change nothing for others, and send no access frame for the same rights", () => {
    const world = board();
    const [vic, ann] = [world.join("vic"), world.join("ann")];
    setRole(world, "viewer");
    setRole(world, "admin");
    for (const reader of [vic, ann]) reader.take();
    expect([vic.of("access").length, ann.of("access").length]).toEqual([1, 0]);
    expect(ann.position).toEqual(world.engine.position);
  });

  it("[RE73] bring much in several frames", () => {
    const world = board();
    for (let n = 0; n < 12; n++) world.must("ann", "secret:write:v1", { id: `big${n}`, text: "x".repeat(60_000) });
    const vic = world.join("vic");
    setRole(world, "admin");
    expect(Math.max(...vic.sink.inbox.map((text) => text.length))).toBeLessThanOrEqual(SNAPSHOT_CHUNK_BYTES);
    vic.take();
    expect(vic.of("access").length).toBeGreaterThan(1);
    expect([...vic.store.scan("secret")]).toHaveLength(13);
  });
});

describe("who is who", () => {
  it("[RE74] is looked up anew after a change, for commands and for reads", () => {
    const world = board();
    const edit = (): unknown => world.run("vic", "note:write:v1", { id: "n1", text: world.nextId() });
    expect(edit()).toMatchObject({ refusal: { code: "PERMISSION_DENIED" } });
    setRole(world, "operator");
    expect(edit()).toMatchObject({ ok: true });
    setRole(world, null);
    expect(edit()).toMatchObject({ refusal: { code: "NOT_FOUND" } });
    setRole(world, "admin");
    expect(world.engine.read(VIC, "secret", "s1")).toMatchObject({ ok: true });
  });

  it("[RE74] tells apart identities whose parts read alike", () => {
    const world = board();
    const standing = (subject: string, session_id: string | null): boolean =>
      world.engine.standing({ kind: "user", subject, session_id }, "workspace.read").ok;
    expect([standing("vic", "a b"), standing("b vic", "a"), standing("vic", null)]).toEqual([true, false, true]);
  });
});

describe("reads", () => {
  it("[RE75] give what the reader may see as of one seq", () => {
    const world = board();
    expect(world.engine.read(VIC, "note")).toEqual({
      ok: true,
      as_of: { epoch: 1, seq: 4, at: "2026-11-20T12:00:01.000Z" },
      rows: [["note", "n1", 1, { id: "n1", text: "Milk", total: 0 }]],
    });
  });

  it("[RE75] answer alike for what is hidden, what is gone, what never was, and strangers", () => {
    const world = board();
    world.must("ann", "note:remove:v1", { id: "n1" });
    const eve = { kind: "user", subject: "eve", session_id: null } as const;
    const answers = [
      world.engine.read(VIC, "secret", "s1"),
      world.engine.read(VIC, "note", "n1"),
      world.engine.read(VIC, "note", "never"),
      world.engine.read(VIC, "nothing"),
      world.engine.read(eve, "note"),
      world.engine.standing(eve, "workspace.read"),
    ];
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ ok: false, refusal: { code: "NOT_FOUND" } });
  });

  it("[RE75] tell whether somebody may read what is answered elsewhere", () => {
    const world = board();
    expect(world.engine.standing(VIC, "workspace.read")).toMatchObject({ ok: true, actor: "member:vic" });
    expect(world.engine.standing(VIC, "member.manage")).toMatchObject({ refusal: { code: "PERMISSION_DENIED" } });
  });
});
