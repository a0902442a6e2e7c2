import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { brokenPromises } from "../engine/testing/oracle.ts";
import { Simulation } from "../engine/testing/simulation.ts";
import { SqliteStorage } from "./sqlite-storage.ts";

const STEPS = 300;

describe("the engine's simulation, on SQLite", () => {
  it.each([1, 2, 3])("[RE150] with seed %i keeps every promise at once", async (seed) => {
    // An object of its own; nobody created a room in it, so its own engine stays away.
    const stub = env.WORKSPACE_ROOM.getByName(`ws_01JE${String(seed).padStart(22, "0")}`);
    await runInDurableObject(stub, async (_, state) => {
      const simulation = new Simulation(seed, new SqliteStorage(state.storage));
      for (let step = 0; step < STEPS; step++) await simulation.step();
      await simulation.heal();
      expect(brokenPromises(simulation)).toEqual([]);
      expect(simulation.counts.get("committed")).toBeGreaterThan(30);
    });
  });
});
