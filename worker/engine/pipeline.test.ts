import { describe, expect, it } from "vitest";
import type { Outcome } from "./outcome.ts";
import { MemoryStorage } from "./testing/memory-storage.ts";
import { rowsWritten, World } from "./testing/world.ts";

const ID = "command-of-this-test";

function code(outcome: Outcome): string {
  return outcome.ok ? "ok" : outcome.refusal.code;
}

function noted(): World {
  const world = World.created();
  world.must("ann", "note:write:v1", { id: "n1", text: "Milk" });
  world.must("ann", "person:set:v1", { id: "vic", role: "viewer" });
  return world;
}

describe("the order of the pipeline", () => {
  it("[RE1] refuses a bad envelope first, then an unknown type, contradicting metadata, a reused id, input, permission, revision", () => {
    const world = noted();
    world.run({ who: "vic", id: ID }, "note:write:v1", { id: "n1", text: "x" });
    const all = { who: "vic", metadata: { expected_revision: 9, user: { userId: "ann" } } };
    const send = (sender: Parameters<World["run"]>[0], type: string, payload: unknown): string =>
      code(world.run(sender, type, payload));
    expect(send({ ...all, id: "short" }, "nothing:known:v1", { bad: 1 })).toBe("INVALID_REQUEST");
    expect(send(all, "nothing:known:v1", { bad: 1 })).toBe("UNKNOWN_TYPE");
    expect(send(all, "note:write:v1", { bad: 1 })).toBe("PERMISSION_DENIED");
    const revision = { who: "vic", metadata: { expected_revision: 9 } };
    expect(send(revision, "note:write:v1", { bad: 1 })).toBe("VALIDATION_ERROR");
    expect(send(revision, "note:write:v1", { id: "n1", text: "x" })).toBe("PERMISSION_DENIED");
    const owner = { ...revision, who: "ann" };
    expect(send(owner, "note:write:v1", { id: "n1", text: "Milk" })).toBe("CONFLICT");
    expect(send("ann", "note:write:v1", { id: "n1", text: "Milk" })).toBe("NO_CHANGE");
  });

  it("[RE1] looks whether it saw the command before it looks at input and permission", () => {
    const world = noted();
    world.run({ who: "ann", id: ID }, "note:write:v1", { id: "n2", text: "x" });
    expect(code(world.run({ who: "ann", id: ID }, "note:write:v1", { bad: 1 }))).toBe("IDEMPOTENCY_CONFLICT");
    world.must("ann", "person:set:v1", { id: "bea", role: "owner" });
    world.must("bea", "person:set:v1", { id: "ann", role: "viewer" });
    expect(code(world.run({ who: "ann", id: ID }, "note:write:v1", { id: "n2", text: "x" }))).toBe("ok");
  });

  it("[RE2] names the type and id of a refused command, and null for what its envelope did not hold", () => {
    const world = noted();
    const identity = { kind: "user", subject: "ann", session_id: null } as const;
    const send = (envelope: unknown): Outcome => world.engine.execute(identity, envelope, { id: "c" });
    expect(send({ type: "note:write:v1:requested", id: ID, payload: {}, extra: 1 })).toMatchObject({
      type: "note:write:v1",
      id: ID,
      refusal: { code: "INVALID_REQUEST" },
    });
    for (const nonsense of [null, 7, "text", [], {}, { type: 7, id: { toString: 1 } }, { id: "x".repeat(300) }]) {
      expect(send(nonsense)).toMatchObject({ ok: false, type: null, id: null, refusal: { code: "INVALID_REQUEST" } });
    }
  });

  it("[RE2] points at each field that was wrong", () => {
    const outcome = noted().run("ann", "fail:refuse:v1", { deep: { "a/b": "no", more: 1 } });
    expect(outcome).toMatchObject({
      refusal: {
        code: "VALIDATION_ERROR",
        issues: [{ pointer: "/deep/a~1b" }, { pointer: "/deep/more", keyword: "unknown" }],
      },
    });
  });
});

describe("what writes nothing", () => {
  it.each([
    { what: "a refusal", who: "ann", type: "note:write:v1", payload: { id: "n1", text: "Milk" } },
    { what: "a missing permission", who: "vic", type: "note:write:v1", payload: { id: "n1", text: "Tea" } },
    { what: "a dry run", who: "ann", type: "note:write:v1", payload: { id: "n1", text: "Tea" }, dry_run: true },
    { what: "a decision without an event", who: "ann", type: "entry:add:v1", payload: { note_id: "n1", amount: 0 } },
  ])("[RE3] $what writes nothing", ({ who, type, payload, dry_run = false }) => {
    const world = noted();
    const before = [rowsWritten(world), world.engine.position.seq];
    world.run({ who, metadata: { dry_run } }, type, payload);
    expect([rowsWritten(world), world.engine.position.seq]).toEqual(before);
  });

  it("[RE3] decides a refused command afresh under the same id", () => {
    const world = noted();
    const send = (): Outcome => world.run({ who: "ann", id: ID }, "entry:add:v1", { note_id: "late", amount: 1 });
    expect(code(send())).toBe("NOT_FOUND");
    world.must("ann", "note:write:v1", { id: "late", text: "here now" });
    expect(code(send())).toBe("ok");
  });

  it("[RE3] answers a dry run with what would happen, as of the head", () => {
    const world = noted();
    const outcome = world.run({ who: "ann", metadata: { dry_run: true } }, "note:write:v1", { id: "n9", text: "?" });
    expect(outcome).toMatchObject({ ok: true, dry_run: true, seq: 3, data: { id: "n9", text: "?" } });
    expect(world.engine.read({ kind: "user", subject: "ann", session_id: null }, "note", "n9").ok).toBe(false);
  });
});

describe("mistakes of ours", () => {
  it.each(["fail:decide:v1", "fail:apply:v1"])(
    "[RE4] answers INTERNAL for %s, leaves no trace, and goes on",
    (type) => {
      const world = noted();
      const before = rowsWritten(world);
      const outcome = world.run({ who: "ann", id: ID }, type, {});
      expect(outcome).toMatchObject({
        ok: false,
        type,
        id: ID,
        refusal: { code: "INTERNAL", details: { correlation_id: `correlation-${ID}` } },
      });
      expect(JSON.stringify(outcome)).not.toContain("at ");
      expect(rowsWritten(world)).toBe(before);
      expect(world.errors).toEqual(["command failed"]);
      expect(world.must("ann", "note:write:v1", { id: "n2", text: "next" })).toBe(4);
      expect(world.engine.stateAt(4)).toMatchObject({ ok: true });
    },
  );

  it("[RE5] finds out before the commit that an event has no wire form", () => {
    const world = noted();
    const outcome = world.run("ann", "entry:add:v1", { note_id: "n1", amount: 1, source: "unspeakable" });
    expect(code(outcome)).toBe("INTERNAL");
    expect(world.engine.position.seq).toBe(3);
  });

  it("[RE5] answers and delivers a commit although telling others about it failed", () => {
    const world = noted();
    const reader = world.join("ann");
    reader.sink.send = () => {
      throw new Error("stalled");
    };
    reader.sink.close = () => {
      throw new Error("stalled too");
    };
    world.alarm.set = () => {
      throw new Error("no alarm");
    };
    world.connect("ann", { expires_in: 60_000 });
    expect(world.must("ann", "note:write:v1", { id: "n2", text: "kept" })).toBe(4);
    expect(world.errors).toContain("alarm not set");
  });

  it("[RE5] spares other readers a frame that cannot be made for one", () => {
    const world = noted();
    const [odd, well] = [world.join("ann"), world.join("vic")];
    Object.assign(odd.sink, {
      codec: {
        name: "odd",
        encode() {
          throw new Error("no such frame");
        },
      },
    });
    expect(world.must("ann", "note:write:v1", { id: "n2", text: "kept" })).toBe(4);
    well.take();
    expect([well.seqs, odd.sink.closed?.code, world.errors]).toEqual([[4], 4004, ["commits not sent"]]);
  });
});

describe("expected revisions and metadata", () => {
  it("[RE6] tells who changed the target and what its revision is", () => {
    const world = noted();
    world.must("ann", "note:write:v1", { id: "n1", text: "Tea" });
    const stale = { who: "ann", metadata: { expected_revision: 1 } };
    expect(world.run(stale, "note:write:v1", { id: "n1", text: "Rum" })).toMatchObject({
      refusal: {
        code: "CONFLICT",
        details: { current_revision: 2, changed_by: "member:ann", changed_with: "note:write:v1" },
      },
    });
    const right = { who: "ann", metadata: { expected_revision: 2 } };
    expect(code(world.run(right, "note:write:v1", { id: "n1", text: "Rum" }))).toBe("ok");
  });

  it("[RE6] takes 0 for what does not exist, and refuses any revision where there is no target", () => {
    const world = noted();
    const fresh = { who: "ann", metadata: { expected_revision: 0 } };
    expect(code(world.run(fresh, "note:write:v1", { id: "n2", text: "new" }))).toBe("ok");
    expect(code(world.run(fresh, "entry:add:v1", { note_id: "n1", amount: 1 }))).toBe("VALIDATION_ERROR");
  });

  it("[RE7] refuses metadata of another person or session, and keeps the rest with the commit", () => {
    const world = noted();
    const send = (metadata: object): Outcome =>
      world.run({ who: "ann", session_id: "session-1", metadata }, "note:write:v1", { id: "n1", text: world.nextId() });
    expect(code(send({ user: { userId: "vic" } }))).toBe("PERMISSION_DENIED");
    expect(code(send({ session: { sessionId: "session-2" } }))).toBe("PERMISSION_DENIED");
    const without = { who: "ann", session_id: null, metadata: { session: { sessionId: "session-2" } } };
    const claimed = world.run(without, "note:write:v1", { id: "n1", text: "Mine" });
    expect(claimed).toMatchObject({
      refusal: { code: "PERMISSION_DENIED", issues: [{ pointer: "/metadata/session/sessionId" }] },
    });
    const traceparent = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
    const mine = { user: { userId: "ann" }, session: { sessionId: "session-1" }, device: { deviceId: "phone" } };
    expect(code(send({ ...mine, correlation_id: "order-7", traceparent }))).toBe("ok");
    expect(world.storage.readLog(3, 1)[0]?.correlation).toEqual({
      id: "order-7",
      device: "phone",
      session: "session-1",
      traceparent,
    });
  });
});

describe("answers", () => {
  it("[RE8] answers with the first event as browsers see it", () => {
    const outcome = noted().run("ann", "entry:add:v1", { note_id: "n1", amount: 3 });
    expect(outcome).toMatchObject({ ok: true, answers: "created", data: { note_id: "n1", delta: 3 } });
  });

  it("[RE8] gives what is told once in the first answer only", () => {
    const world = noted();
    const secret = { id: "s1", text: "Cake" };
    const dry = world.run({ who: "ann", metadata: { dry_run: true } }, "secret:write:v1", secret);
    const first = world.run({ who: "ann", id: ID }, "secret:write:v1", secret);
    const again = world.run({ who: "ann", id: ID }, "secret:write:v1", secret);
    expect([dry, first, again].map((outcome) => outcome.ok && outcome.data)).toEqual([
      secret,
      { ...secret, key: "fd_live_secret" },
      secret,
    ]);
    expect(JSON.stringify(world.storage.readLog(0, 10))).not.toContain("fd_live_secret");
  });

  it("[RE9] refuses what would make an entity too long, and takes what just fits", () => {
    const world = noted();
    const text = (length: number): Outcome => world.run("ann", "note:write:v1", { id: "n1", text: "x".repeat(length) });
    expect(code(text(64 * 1024))).toBe("VALIDATION_ERROR");
    expect(world.engine.position.seq).toBe(3);
    expect(code(text(64 * 1024 - JSON.stringify({ id: "n1", text: "", total: 0 }).length))).toBe("ok");
    expect(code(world.run("ann", "note:write:v1", { id: "n2", text: "€".repeat(30_000) }))).toBe("VALIDATION_ERROR");
  });

  it("[RE10] stamps time and actor itself, and makes the same ids at each try", () => {
    const world = noted();
    const entry = { note_id: "n1", amount: 3 };
    world.run({ who: "ann", id: ID, metadata: { dry_run: true } }, "entry:add:v1", entry);
    world.run({ who: "ann", id: ID }, "entry:add:v1", entry);
    world.must("ann", "entry:add:v1", entry);
    const [first, second] = world.storage.readLog(3, 2);
    expect(first).toMatchObject({ actor: "member:ann", at: "2026-11-20T12:00:00.000Z" });
    expect(first?.touched[0]?.[1]).toMatch(/^ent_/);
    expect(first?.touched[0]?.[1]).not.toBe(second?.touched[0]?.[1]);
  });
});

describe("a room that does not exist", () => {
  it("[RE11] is not found by anybody, whatever they send", () => {
    const world = new World(new MemoryStorage());
    for (const type of ["note:write:v1", "nothing:known:v1"]) {
      expect(code(world.run("ann", type, { id: "n1", text: "x" }))).toBe("NOT_FOUND");
    }
    expect(code(world.run({ who: "key", kind: "api_key" }, "board:create:v1", {}))).toBe("NOT_FOUND");
    expect(world.connect("ann").sink.closed).toMatchObject({ code: 4504 });
    expect(world.engine.read({ kind: "user", subject: "ann", session_id: null }, "note").ok).toBe(false);
    expect([world.storage.exists(), rowsWritten(world)]).toEqual([false, 0]);
  });

  it.each([
    { what: "refused", payload: { allowed: false }, expected: "INVALID_STATE" },
    { what: "of bad input", payload: { allowed: "perhaps" }, expected: "VALIDATION_ERROR" },
    { what: "only tried", payload: {}, metadata: { dry_run: true }, expected: "ok" },
  ])("[RE11] leaves no schema when its creation is $what", ({ payload, metadata = {}, expected }) => {
    const world = new World(new MemoryStorage());
    expect(code(world.run({ who: "ann", metadata }, "board:create:v1", payload))).toBe(expected);
    expect([world.storage.exists(), world.engine.exists]).toEqual([false, false]);
    expect(code(world.run("ann", "board:create:v1", {}))).toBe("ok");
  });

  it("[RE11] leaves no schema when storage fails in the middle of its creation", () => {
    const world = new World(new MemoryStorage());
    world.storage.beforeWrite = (what) => {
      if (what === "person/ann") throw new Error("disk full");
    };
    expect(code(world.run("ann", "board:create:v1", {}))).toBe("INTERNAL");
    expect([world.storage.exists(), world.engine.exists]).toEqual([false, false]);
    world.storage.beforeWrite = () => {};
    expect(world.run("ann", "board:create:v1", {})).toMatchObject({ ok: true, seq: 1, answers: "created" });
    expect(code(world.run("bea", "board:create:v1", {}))).toBe("NOT_FOUND");
  });

  it("[RE11] is created by the room itself as well", () => {
    const world = new World(new MemoryStorage());
    const outcome = world.engine.executeAsRoom({ type: "board:create:v1", payload: {} }, "birth:of-the-board");
    expect(outcome).toMatchObject({ ok: true, seq: 1 });
  });
});

describe("rates", () => {
  const rates = { person: { perSecond: 2, burst: 3 }, api_key: { perSecond: 10, burst: 5 } };

  it("[RE12] lets a burst through, then so many a second, and says when to come back", async () => {
    const world = World.created({ rates });
    const write = (): Outcome => world.run("ann", "note:write:v1", { id: "n1", text: world.nextId() });
    expect([write(), write(), write(), write()].map(code)).toEqual(["ok", "ok", "ok", "RATE_LIMITED"]);
    expect(write()).toMatchObject({ type: "note:write:v1", refusal: { details: { retry_after: 1 } } });
    await world.advance(500);
    expect([write(), write()].map(code)).toEqual(["ok", "RATE_LIMITED"]);
  });

  it("[RE12] takes nothing off for retries of a command, and yet does not answer a flood of them", () => {
    const world = World.created({ rates });
    const retry = (): Outcome =>
      world.run({ who: "ann", id: "the-same-command" }, "note:write:v1", { id: "n1", text: "x" });
    expect([retry(), retry(), retry(), retry()].map(code)).toEqual(["ok", "ok", "ok", "ok"]);
    expect(code(world.run("ann", "note:write:v1", { id: "n1", text: "y" }))).toBe("ok");
    expect(code(world.run("ann", "note:write:v1", { id: "n1", text: "z" }))).toBe("ok");
    expect(code(world.run("ann", "note:write:v1", { id: "n1", text: "!" }))).toBe("RATE_LIMITED");
    const flood = World.created({ rates });
    const sender = { who: "ann", id: "another-command-1" };
    const answers = Array.from({ length: 20 }, () => code(flood.run(sender, "note:write:v1", { id: "n1", text: "x" })));
    expect(answers.filter((answer) => answer === "ok")).toHaveLength(6);
  });

  it("[RE12] counts each sign-in by itself, keys by their own rate, and the room not at all", () => {
    const world = World.created({ rates });
    const count = (sender: Parameters<World["run"]>[0]): number => {
      let done = 0;
      while (done < 50 && code(world.run(sender, "fail:refuse:v1", {})) !== "RATE_LIMITED") done++;
      return done;
    };
    expect(count({ who: "ann", session_id: "session-1" })).toBe(3);
    expect(count({ who: "ann", session_id: "session-2" })).toBe(3);
    expect(count({ who: "ann", session_id: "key", kind: "api_key" })).toBe(5);
    expect(count({ who: "room", kind: "system" })).toBe(50);
  });
});
