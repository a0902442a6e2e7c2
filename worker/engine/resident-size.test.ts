import { describe, expect, it } from "vitest";
import type { Outcome } from "./outcome.ts";
import type { ScannedEntity } from "./ports.ts";
import { MAX_RESIDENT_CHARS } from "./resident-size.ts";
import { MemoryStorage } from "./testing/memory-storage.ts";
import { World } from "./testing/world.ts";

const MB = 1024 * 1024;

/** A storage that says its note `big` is so large, so that no test needs the memory. */
class LargeStorage extends MemoryStorage {
  chars = 0;

  override *scanSizes(kind: string): Iterable<ScannedEntity> {
    for (const { stored, chars } of super.scanSizes(kind))
      yield { stored, chars: stored.id === "big" ? this.chars : chars };
  }
}

/** A board that wakes with about so many characters of JSON. */
function board(chars: number): World<LargeStorage> {
  const world = World.createdOn(new LargeStorage());
  world.must("ann", "note:write:v1", { id: "big", text: "x" });
  world.must("ann", "note:write:v1", { id: "long", text: "x".repeat(2000) });
  world.storage.chars = chars;
  world.hibernate();
  return world;
}

const write = (world: World<LargeStorage>, id: string, length: number): Outcome =>
  world.run("ann", "note:write:v1", { id, text: world.nextId().padEnd(length) });

const code = (outcome: Outcome): string => (outcome.ok ? "ok" : outcome.refusal.code);

describe("a room of 48 MB", () => {
  it("[RE13] takes nothing more, and leaves no trace of what it refused", () => {
    const world = board(MAX_RESIDENT_CHARS);
    const head = world.engine.position;
    expect(write(world, "new", 2000)).toMatchObject({ refusal: { code: "PAYLOAD_TOO_LARGE" } });
    expect(world.engine.position).toEqual(head);
    expect(world.errors).toEqual([]);
  });

  it("[RE13] counts what it takes, from the size it woke with", () => {
    const world = board(MAX_RESIDENT_CHARS - 20_000);
    expect([1, 2, 3].map((n) => code(write(world, `n${n}`, 7_000)))).toEqual(["ok", "ok", "PAYLOAD_TOO_LARGE"]);
  });

  it("[RE13] counts an entity that is written again once", () => {
    const world = board(MAX_RESIDENT_CHARS - 10_000);
    for (let n = 0; n < 10; n++) expect(code(write(world, "n1", 6_000))).toBe("ok");
  });

  it("[RE13] still deletes and shrinks, and goes on with the room that makes", () => {
    const world = board(MAX_RESIDENT_CHARS + 4 * MB);
    expect(code(world.run("ann", "note:remove:v1", { id: "long" }))).toBe("ok");
    expect(code(write(world, "other", 1000))).toBe("PAYLOAD_TOO_LARGE");
    expect(code(write(world, "big", 1))).toBe("ok");
    expect(code(write(world, "other", 1000))).toBe("ok");
  });

  it("[RE13] still takes small changes, for a while", () => {
    expect(code(write(board(MAX_RESIDENT_CHARS + MB), "n1", 100))).toBe("ok");
    expect(code(write(board(MAX_RESIDENT_CHARS + 8 * MB), "n1", 100))).toBe("PAYLOAD_TOO_LARGE");
  });

  it("[RE13] does what it has to do itself", () => {
    const world = board(MAX_RESIDENT_CHARS + 9 * MB);
    const call = { type: "note:write:v1", payload: { id: "mirrored", text: "x".repeat(2000) } };
    expect(code(world.engine.executeAsRoom(call, "mirror-0000000001"))).toBe("ok");
  });

  it("[RE13] does not count what is not resident", () => {
    const world = board(MAX_RESIDENT_CHARS + MB);
    const entry = { note_id: "long", amount: 1, source: "y".repeat(2000) };
    expect(code(world.run("ann", "entry:add:v1", entry))).toBe("ok");
  });
});
