import { describe, expect, it } from "vitest";
import { brokenPromises } from "./testing/oracle.ts";
import { Simulation } from "./testing/simulation.ts";

const SEEDS = Array.from({ length: 20 }, (_, seed) => seed + 1);
const STEPS = 500;

async function simulated(seed: number): Promise<Simulation> {
  const simulation = new Simulation(seed);
  for (let step = 0; step < STEPS; step++) await simulation.step();
  await simulation.heal();
  return simulation;
}

describe("a simulation", () => {
  it.each(SEEDS)("[RE150] with seed %i keeps every promise at once", { timeout: 60_000 }, async (seed) => {
    const simulation = await simulated(seed);
    expect(brokenPromises(simulation)).toEqual([]);
    expect(simulation.counts.get("committed")).toBeGreaterThan(50);
    expect(simulation.counts.get("resumed")).toBeGreaterThan(5);
  });

  it("[RE150] is the same again for the same seed", async () => {
    const [one, other] = [await simulated(7), await simulated(7)];
    expect(other.log()).toEqual(one.log());
    expect(other.counts).toEqual(one.counts);
  });

  it("[RE150] would notice a log row that is missing, and a row that a reader should not hold", async () => {
    const simulation = await simulated(3);
    const whole = simulation.log();
    simulation.log = () => whole.filter(({ seq }) => seq !== 40);
    expect(brokenPromises(simulation)).toContain("seq has gaps");
    simulation.log = () => whole;
    const reader = simulation.world.readers.find(({ sink }) => !sink.closed);
    reader?.store.write({ kind: "note", id: "n99", revision: 1, seq: 1, deleted: false, value: { id: "n99" } });
    expect(brokenPromises(simulation)).toEqual([`${reader?.who} holds other rows than the room`]);
  });
});
