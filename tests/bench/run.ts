import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import type { Bundles } from "./bundles.ts";
import { measureGrowth } from "./growth.ts";
import type { Growth } from "./growth.ts";
import { isolatedRows } from "./isolated.ts";
import { LoadGenerator } from "./load-generator.ts";
import type { CellFigures } from "./load/run-cell.ts";
import { CELLS, cellName } from "./plan.ts";
import type { Cell, Plan, PlanName } from "./plan.ts";
import { startBehindProxy } from "./proxy.ts";
import { median, Results } from "./results.ts";
import { startFlightdeckBare, startParty, startSocketIo } from "./systems.ts";
import type { Rows, System } from "./systems.ts";

const COMMITS_BEHIND = 1_000;
const BUYS = 200;
const JOINS = 7;

/** Times of joining, medians in milliseconds. */
export interface Joins {
  readonly system: string;
  readonly resume_ms: number;
  readonly snapshot_ms: number;
}

/** Where and how it was measured. */
export interface Circumstances {
  readonly plan: PlanName;
  readonly rounds: number;
  readonly date: string;
  readonly processor: string;
  readonly cores: number;
  /** What else the machine did: the load average over a minute just before, and just after. */
  readonly load_before: number;
  readonly load_after: number;
}

/** Everything that a run found out. */
export interface Run {
  readonly circumstances: Circumstances;
  readonly results: Results;
  readonly joins: readonly Joins[];
  readonly growth: Growth | null;
  readonly isolated: Rows;
}

/** Measures everything. Throws if any system lost, doubled or reordered anything. */
export async function measure(
  { name, plan }: { name: PlanName; plan: Plan },
  { bundles, folder }: { bundles: Bundles; folder: string },
): Promise<Run> {
  const load_before = loadavg()[0] ?? 0;
  const generator = new LoadGenerator();
  const flightdeck = await startFlightdeckBare(bundles, join(folder, "flightdeck"));
  const peers = [
    await startSocketIo(join(folder, "socket-io.sqlite")),
    await startParty(bundles, join(folder, "party")),
  ];
  const results = new Results();
  for (let round = 1; round <= plan.rounds; round++) {
    for (const cell of plan.cells) {
      for (const system of [flightdeck, ...peers]) await runOnce({ system, cell, plan, generator, results });
    }
  }
  const joins: Joins[] = [];
  for (const system of [flightdeck, ...peers]) joins.push(await joinTimes(system, generator));
  for (const peer of peers) await peer.stop();
  const isolated = await isolatedRows(flightdeck, generator);
  const growth = name === "quick" ? null : await measureGrowth(flightdeck, generator);
  await flightdeck.stop();
  const proxied = await startBehindProxy();
  for (let round = 1; round <= plan.rounds; round++)
    await runOnce({ system: proxied, cell: CELLS.small_team, plan, generator, results });
  await proxied.stop();
  generator.stop();
  const circumstances = {
    plan: name,
    rounds: plan.rounds,
    date: new Date().toISOString().slice(0, 10),
    processor: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    load_before,
    load_after: loadavg()[0] ?? 0,
  };
  return { circumstances, results, joins, growth, isolated };
}

async function runOnce(job: {
  system: System;
  cell: Cell;
  plan: Plan;
  generator: LoadGenerator;
  results: Results;
}): Promise<void> {
  const { system, cell, plan, generator, results } = job;
  const target = await system.target();
  const before = await system.settled(target);
  const figures = await generator.run({ kind: "cell", target, cell, times: plan.times, pid: system.pid });
  const after = await system.settled(target);
  const rows = before && after && each(figures.mutations, before, after);
  results.add(cell, system.name, { ...figures, rows });
  console.log(`${cellName(cell).padEnd(9)} ${system.name.padEnd(12)} ${line(figures)}`);
}

function each(mutations: number, before: Rows, after: Rows): Rows {
  return {
    room: (after.room - before.room) / mutations,
    d1: (after.d1 - before.d1) / mutations,
    workspace: (after.workspace - before.workspace) / mutations,
  };
}

async function joinTimes(system: System, generator: LoadGenerator): Promise<Joins> {
  const behind = await system.target();
  const resumes = await generator.run({ kind: "resume", target: behind, commits: COMMITS_BEHIND, times: JOINS });
  const full = await system.withBuys(BUYS);
  const snapshots = await generator.run({ kind: "snapshot", target: full, rows: BUYS, times: JOINS });
  return { system: system.name, resume_ms: median(resumes), snapshot_ms: median(snapshots) };
}

function line(figures: CellFigures): string {
  const { acked_per_s, delivered_per_s, p50_ms, p99_ms, bytes_per_event, events_per_frame } = figures;
  return [
    `${acked_per_s.toFixed(0).padStart(5)} acknowledged/s`,
    `${delivered_per_s.toFixed(0).padStart(7)} delivered/s`,
    `p50 ${p50_ms.toFixed(1).padStart(6)} p99 ${p99_ms.toFixed(1).padStart(6)} ms`,
    `${bytes_per_event.toFixed(0).padStart(4)} B/event`,
    `${events_per_frame.toFixed(1).padStart(5)} events/frame`,
    `cores ${figures.server_cpu.toFixed(2)} + ${figures.generator_cpu.toFixed(2)}`,
  ].join("  ");
}
