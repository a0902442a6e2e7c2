import { describe, expect, it } from "vitest";
import { MemoryStorage } from "./testing/memory-storage.ts";
import { rowsWritten, World } from "./testing/world.ts";

function board(): World {
  const world = World.created();
  world.must("ann", "note:write:v1", { id: "n1", text: "Milk" });
  return world;
}

describe("signals", () => {
  it("[RE80] go to live sessions now, write nothing, and are not kept for later", () => {
    const world = board();
    const [live, waiting] = [world.join("ann"), world.connect("ann")];
    const before = [rowsWritten(world), world.engine.position];
    world.engine.signal("note:typing", { note_id: "n1" });
    expect([rowsWritten(world), world.engine.position]).toEqual(before);
    world.hello(waiting, null);
    for (const reader of [live, waiting]) reader.take();
    expect(live.of("signal")).toEqual([{ type: "signal", name: "note:typing", data: { note_id: "n1" } }]);
    expect(waiting.of("signal")).toEqual([]);
  });

  it("[RE80] skip sessions whose token is over, and survive a socket that throws", () => {
    const world = board();
    const [ended, stalled, well] = [world.join("ann", { expires_in: 1000 }), world.join("ann"), world.join("ann")];
    world.clock.skip(1000);
    stalled.sink.stalled = true;
    world.engine.signal("note:typing", { note_id: "n1" });
    well.take();
    expect([ended.sink.inbox.length, well.of("signal").length, stalled.sink.closed?.code]).toEqual([0, 1, 4004]);
  });

  it("[RE81] that the room or its schema does not know throw, and nobody gets them", () => {
    const world = board();
    const reader = world.join("ann");
    expect(() => world.engine.signal("note:unknown", {})).toThrow("no signal note:unknown");
    expect(() => world.engine.signal("note:typing", { note_id: 7 })).toThrow("note_id");
    expect(() => new World(new MemoryStorage()).engine.signal("note:typing", { note_id: "n1" })).toThrow(
      "does not exist",
    );
    expect(reader.sink.inbox).toEqual([]);
  });
});
