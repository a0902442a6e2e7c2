import type { LoadGenerator } from "./load-generator.ts";
import type { Target } from "./load/target.ts";
import { median } from "./results.ts";
import type { System } from "./systems.ts";

const LOG_LENGTHS = [1_000, 10_000, 100_000, 1_000_000];
const ENTITY_COUNTS = [10, 100, 1_000, 10_000];
const COMMITS = 200;
const WAKES = 5;

/** How long a commit and a wake take in a room of some size, in milliseconds. */
export interface GrowthPoint {
  readonly size: number;
  readonly commit_ms: number;
  readonly wake_ms: number;
}

/** How Flightdeck's costs grow with what a room has been through. */
export interface Growth {
  readonly by_log: readonly GrowthPoint[];
  readonly by_entities: readonly GrowthPoint[];
}

type FlightdeckTarget = Extract<Target, { system: "flightdeck" }>;

/** Measures rooms with longer and longer logs, then rooms with more and more entities. */
export async function measureGrowth(system: System, generator: LoadGenerator): Promise<Growth> {
  const by_log: GrowthPoint[] = [];
  const by_entities: GrowthPoint[] = [];
  for (const size of LOG_LENGTHS) by_log.push(await point({ system, generator, size, what: "commits" }));
  for (const size of ENTITY_COUNTS) by_entities.push(await point({ system, generator, size, what: "entities" }));
  return { by_log, by_entities };
}

async function point(options: {
  system: System;
  generator: LoadGenerator;
  size: number;
  what: "commits" | "entities";
}): Promise<GrowthPoint> {
  const { system, generator, size, what } = options;
  const target = (await system.target()) as FlightdeckTarget; // Asked of Flightdeck only.
  // Cursors are written 250 ms after the last delivery; only then can they be replaced.
  await system.settled(target);
  await new Promise((resolve) => setTimeout(resolve, 500));
  await window(target, `grow?${what}=${size}`);
  const wakes: number[] = [];
  while (wakes.length < WAKES) wakes.push(await wakeTime(target));
  const commits = await generator.run({ kind: "commits", target, times: COMMITS });
  await system.settled(target);
  return { size, commit_ms: median(commits), wake_ms: median(wakes) };
}

/** From asking a room that is not in memory to its answer, less what the same question takes of one that is. */
async function wakeTime(target: FlightdeckTarget): Promise<number> {
  await window(target, "restart").catch(() => null); // Whoever asks for it is cut off.
  const asleep = await timed(() => window(target, "rows"));
  const awake = await timed(() => window(target, "rows"));
  return Math.max(0, asleep - awake);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** The benchmark's own window into the room: tests/bench/workers/flightdeck.worker.ts. */
async function window({ url, path }: FlightdeckTarget, ask: string): Promise<void> {
  const [, ws, campaign] = /\/workspaces\/([^/]+)\/campaigns\/([^/]+)/.exec(path) ?? [];
  const answer = await fetch(`${url}/v1/bench/${ask}${ask.includes("?") ? "&" : "?"}room=${ws}/${campaign}`);
  await answer.arrayBuffer();
}
