import { PLANS } from "../plan.ts";
import type { SystemName } from "../results.ts";
import type { Run } from "../run.ts";
import { chart } from "./svg-chart.ts";
import type { Series } from "./svg-chart.ts";

const COLOURS: Record<string, string> = { Flightdeck: "#0b6bcb", "Socket.IO": "#c2410c", PartyServer: "#6d28d9" };
const IN_FLIGHT = 8;

/** The charts of docs/images, by name. */
export function charts(run: Run): Record<string, string> {
  return { "benchmark-viewers": viewersChart(run), ...(run.growth && { "benchmark-growth": growthChart(run.growth) }) };
}

function viewersChart({ results, circumstances }: Run): string {
  const cells = PLANS[circumstances.plan].cells.filter(
    ({ load }) => "in_flight" in load && load.in_flight === IN_FLIGHT,
  );
  const systems: readonly SystemName[] = ["Flightdeck", "Socket.IO", "PartyServer"];
  const series = (read: Parameters<typeof results.median>[2]): Series[] =>
    systems.map((system) => ({
      name: system,
      colour: COLOURS[system] ?? "#000",
      points: cells.map((cell) => [cell.viewers, results.median(cell, system, read)] as const),
    }));
  return chart([
    {
      title: "Delivered events/s",
      x: "viewers (8 commands in flight)",
      series: series((round) => round.delivered_per_s),
    },
    { title: "Delivery p99, ms", x: "viewers (8 commands in flight)", series: series((round) => round.p99_ms) },
  ]);
}

function growthChart({ by_log, by_entities }: NonNullable<Run["growth"]>): string {
  const series = (points: typeof by_log): Series[] => [
    { name: "commit", colour: "#0b6bcb", points: points.map(({ size, commit_ms }) => [size, commit_ms] as const) },
    { name: "wake", colour: "#c2410c", points: points.map(({ size, wake_ms }) => [size, wake_ms] as const) },
  ];
  return chart([
    { title: "Milliseconds", x: "commits in the log", series: series(by_log) },
    { title: "Milliseconds", x: "entities in the room", series: series(by_entities) },
  ]);
}
