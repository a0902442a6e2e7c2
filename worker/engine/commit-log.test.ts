import { describe, expect, it } from "vitest";
import { RecordingConsumer, rowsWritten, World } from "./testing/world.ts";
import { rowsOf } from "./testing/reader.ts";

const ID = "command-of-this-test";
const ANN = { kind: "user", subject: "ann", session_id: null } as const;

function noted(consumers: RecordingConsumer[] = []): World {
  const world = World.created({ consumers: () => consumers });
  world.must("ann", "note:write:v1", { id: "n1", text: "Milk" });
  return world;
}

describe("idempotency", () => {
  it("[RE20] answers a repeated command from the log, writes nothing and tells nobody", () => {
    const world = noted();
    const reader = world.join("ann");
    const first = world.run({ who: "ann", id: ID }, "entry:add:v1", { note_id: "n1", amount: 3 });
    reader.take();
    const before = rowsWritten(world);
    const again = world.run({ who: "ann", id: ID }, "entry:add:v1", { note_id: "n1", amount: 3 });
    expect(again).toEqual({ ...first, replayed: true });
    expect([rowsWritten(world), reader.sink.inbox]).toEqual([before, []]);
  });

  it("[RE20] recognises a command after an eviction", () => {
    const world = noted();
    const first = world.run({ who: "ann", id: ID }, "note:write:v1", { id: "n2", text: "x" });
    world.hibernate();
    expect(world.run({ who: "ann", id: ID }, "note:write:v1", { id: "n2", text: "x" })).toEqual({
      ...first,
      replayed: true,
    });
  });

  it("[RE20] applies a command sent a hundred times once, and answers each alike", () => {
    const world = noted();
    const answers = Array.from({ length: 100 }, () =>
      world.run({ who: "ann", id: ID }, "entry:add:v1", { note_id: "n1", amount: 3 }),
    );
    expect(new Set(answers.map((answer) => JSON.stringify({ ...answer, replayed: true }))).size).toBe(1);
    expect(world.engine.read(ANN, "note", "n1")).toMatchObject({ rows: [["note", "n1", 2, { total: 3 }]] });
  });

  it.each([
    { what: "another payload", type: "note:write:v1", payload: { id: "n2", text: "y" } },
    { what: "another type", type: "note:remove:v1", payload: { id: "n2" } },
    {
      what: "an expected revision",
      type: "note:write:v1",
      payload: { id: "n2", text: "x" },
      metadata: { expected_revision: 1 },
    },
  ])("[RE21] refuses $what under the same id", ({ type, payload, metadata = {} }) => {
    const world = noted();
    world.run({ who: "ann", id: ID }, "note:write:v1", { id: "n2", text: "x" });
    expect(world.run({ who: "ann", id: ID, metadata }, type, payload)).toMatchObject({
      refusal: { code: "IDEMPOTENCY_CONFLICT" },
    });
  });

  it("[RE21] does not mind the order of keys", () => {
    const world = noted();
    world.run({ who: "ann", id: ID }, "note:write:v1", { id: "n2", text: "x" });
    expect(world.run({ who: "ann", id: ID }, "note:write:v1", { text: "x", id: "n2" })).toMatchObject({
      replayed: true,
    });
  });

  it("[RE22] takes the same id of somebody else for another command", () => {
    const world = noted();
    world.must("ann", "person:set:v1", { id: "bea", role: "operator" });
    world.run({ who: "ann", id: ID }, "note:write:v1", { id: "n2", text: "x" });
    const other = world.run({ who: "bea", id: ID }, "note:write:v1", { id: "n2", text: "y" });
    expect(other).toMatchObject({ ok: true, seq: 5 });
    expect(other).not.toHaveProperty("replayed");
  });

  it("[RE23] carries out the room's own commands each time", () => {
    const world = noted();
    const ring = (text: string): unknown =>
      world.engine.executeAsRoom({ type: "note:write:v1", payload: { id: "n1", text } }, "timer:note:n1:same-id");
    expect([ring("a"), ring("b")]).toMatchObject([
      { ok: true, seq: 3 },
      { ok: true, seq: 4 },
    ]);
  });
});

describe("commits", () => {
  it("[RE30] makes one commit of a command with two events", () => {
    const world = noted();
    const seq = world.must("ann", "secret:share:v1", { id: "s1", text: "Cake", person: "bea", role: "viewer" });
    expect(seq).toBe(3);
    const rows = world.storage.readLog(0, 10);
    expect(rows.map((row) => [row.seq, row.events.length])).toEqual([
      [1, 1],
      [2, 1],
      [3, 2],
    ]);
  });

  it("[RE31] raises each touched entity's revision by one per commit, and the row names them", () => {
    const world = noted();
    world.must("ann", "note:write:v1", { id: "n1", text: "Tea" });
    world.must("ann", "entry:add:v1", { note_id: "n1", amount: 5 });
    expect(world.storage.readLog(3, 1)[0]?.touched).toEqual([
      ["entry", expect.any(String), 1],
      ["note", "n1", 3],
    ]);
    world.must("ann", "note:remove:v1", { id: "n1" });
    world.must("ann", "note:write:v1", { id: "n1", text: "Back" });
    expect(world.engine.read(ANN, "note", "n1")).toMatchObject({ rows: [["note", "n1", 1, { total: 0 }]] });
  });

  it("[RE32] writes at most 320 rows for a hundred commands that follow at once, cursors and alarms included", async () => {
    const world = noted([new RecordingConsumer("d1"), new RecordingConsumer("other")]);
    world.join("ann", { expires_in: 3_600_000 });
    await world.advance(60_000);
    const before = rowsWritten(world);
    for (let n = 0; n < 100; n++) world.must("ann", "note:write:v1", { id: "n1", text: `text ${n}` });
    await world.advance(60_000);
    expect(rowsWritten(world) - before).toBeLessThanOrEqual(306);
  });

  it("[RE32] writes at most 320 rows for a hundred commands that follow within 20 s", async () => {
    const world = noted([new RecordingConsumer("d1"), new RecordingConsumer("other")]);
    world.join("ann", { expires_in: 3_600_000 });
    const before = rowsWritten(world);
    for (let n = 0; n < 100; n++) {
      world.must("ann", "note:write:v1", { id: "n1", text: `text ${n}` });
      await world.advance(200);
    }
    await world.advance(60_000);
    expect(rowsWritten(world) - before).toBeLessThanOrEqual(320);
  });

  it("[RE33] stays as it was if any write of a commit fails, and takes the next command", () => {
    for (let failing = 1; failing <= 5; failing++) {
      const world = noted();
      const reader = world.join("ann");
      let writes = 0;
      world.storage.beforeWrite = () => {
        if (++writes === failing) throw new Error("disk full");
      };
      const before = rowsOf(world.storage.scan("note"));
      const outcome = world.run("ann", "entry:add:v1", { note_id: "n1", amount: 3 });
      // The log row, its index, two entities: four writes can fail; the fifth does not happen.
      expect(outcome.ok).toBe(failing === 5);
      if (outcome.ok) continue;
      expect(outcome.refusal.code).toBe("INTERNAL");
      expect([world.engine.position.seq, world.storage.head()]).toEqual([2, 2]);
      expect(rowsOf(world.storage.scan("note"))).toEqual(before);
      expect(reader.sink.inbox).toEqual([]);
      world.storage.beforeWrite = () => {};
      expect(world.must("ann", "entry:add:v1", { note_id: "n1", amount: 4 })).toBe(3);
      expect(world.engine.read(ANN, "note", "n1")).toMatchObject({ rows: [["note", "n1", 2, { total: 4 }]] });
    }
  });

  it("[RE34] wakes by reading the resident entities and a handful of rows, however long the log", () => {
    const world = noted();
    for (let n = 0; n < 500; n++) world.must("ann", "note:write:v1", { id: `n${n % 20}`, text: `text ${n}` });
    for (let n = 0; n < 50; n++) world.must("ann", "entry:add:v1", { note_id: "n1", amount: 1 });
    const before = world.storage.rows.read;
    world.hibernate();
    const read = world.storage.rows.read - before;
    const residents = 20 + 1;
    expect(read).toBeGreaterThanOrEqual(residents);
    expect(read).toBeLessThanOrEqual(residents + 10);
  });

  it("[RE34] reads the end of the log once, however many follow it", () => {
    const many = Array.from({ length: 50 }, (_, n) => new RecordingConsumer(`follower ${n}`));
    const world = noted(many);
    for (let n = 0; n < 20; n++) world.must("ann", "note:write:v1", { id: "n1", text: `text ${n}` });
    const before = world.storage.rows.read;
    world.hibernate();
    for (const consumer of many) Object.assign(consumer, { concerns: () => false });
    world.must("ann", "note:write:v1", { id: "n1", text: "wake" });
    expect(world.storage.rows.read - before).toBeLessThan(50);
  });

  it("[RE34] holds after a wake what it held before", () => {
    const world = noted();
    world.must("ann", "secret:write:v1", { id: "s1", text: "Cake" });
    world.must("ann", "note:remove:v1", { id: "n1" });
    const before = world.engine.position;
    world.hibernate();
    expect(world.engine.position).toEqual(before);
    expect(world.engine.read(ANN, "note")).toMatchObject({ ok: true, rows: [] });
    expect(world.engine.read(ANN, "secret")).toMatchObject({ rows: [["secret", "s1", 1, { text: "Cake" }]] });
  });

  it("[RE35] reads entities that are not resident from storage, and shows them to no reader", () => {
    const world = noted();
    world.must("ann", "entry:add:v1", { note_id: "n1", amount: 5 });
    const reader = world.join("ann");
    expect([...reader.store.scan("entry")]).toEqual([]);
    expect(reader.value("note", "n1")).toMatchObject({ total: 5 });
    expect(world.engine.read(ANN, "entry")).toMatchObject({ refusal: { code: "NOT_FOUND" } });
    expect([...world.storage.scan("entry")]).toHaveLength(1);
  });
});
