import { CELLS, cellName, PLANS } from "../plan.ts";
import type { Cell } from "../plan.ts";
import type { Round, SystemName } from "../results.ts";
import type { Run } from "../run.ts";
import type { Rows } from "../systems.ts";
import { isMet, targetsOf } from "./targets.ts";

const SYSTEMS: readonly SystemName[] = ["Flightdeck", "Socket.IO", "PartyServer"];

/** The measured part of docs/benchmarks.md. */
export function benchmarkTables(run: Run): string {
  return [
    circumstances(run),
    "### Targets",
    targets(run),
    "### Matrix",
    `Viewers × commands in flight; \`@\` is the open loop. Medians of ${run.circumstances.rounds} rounds.`,
    matrix(run),
    "### Bytes, memory, processor",
    loadTable(run),
    "### Joining",
    joins(run),
    "### Rows written for a mutation",
    rows(run),
    "### What the development proxy costs",
    proxy(run),
    ...growth(run),
  ].join("\n\n");
}

function circumstances({ circumstances: c }: Run): string {
  const what =
    c.plan === "full"
      ? "The whole matrix."
      : "Only the points that the targets speak of (`npm run bench -- --targets`), not the whole matrix.";
  const quiet =
    c.load_before < 1.5
      ? "The machine did nothing else."
      : "**Other programs were using the machine**: the figures are lower, and the ratios nearer to one, than they would be alone.";
  return `${c.date}, ${c.processor}, ${c.cores} cores. ${what} Load average ${c.load_before.toFixed(1)} before the run, ${c.load_after.toFixed(1)} after. ${quiet}`;
}

function targets(run: Run): string {
  return table(
    ["Target", "Wanted", "Measured", ""],
    targetsOf(run).map((target) => [
      target.about,
      `${target.at_least ? "≥" : "≤"} ${target.wanted}`,
      target.value.toFixed(2),
      isMet(target) ? "met" : "**missed**",
    ]),
  );
}

function matrix(run: Run): string {
  const figures = (cell: Cell, system: SystemName): string[] => {
    const of = (read: (round: Round) => number): number => run.results.median(cell, system, read);
    return [
      whole(of((each) => each.acked_per_s)),
      whole(of((each) => each.delivered_per_s)),
      ...(
        [(each) => each.p50_ms, (each) => each.p95_ms, (each) => each.p99_ms] satisfies ((round: Round) => number)[]
      ).map((read) => of(read).toFixed(1)),
    ];
  };
  return table(
    ["Cell", "System", "Acknowledged/s", "Delivered/s", "p50 ms", "p95 ms", "p99 ms"],
    cellsOf(run).flatMap((cell) => SYSTEMS.map((system) => [cellName(cell), system, ...figures(cell, system)])),
  );
}

function loadTable(run: Run): string {
  return table(
    ["Cell", "System", "Bytes/event", "Events/frame", "Peak memory MB", "Cores: server", "Cores: load generator"],
    cellsOf(run).flatMap((cell) =>
      SYSTEMS.map((system) => {
        const of = (read: (round: Round) => number): number => run.results.median(cell, system, read);
        return [
          cellName(cell),
          system,
          whole(of((each) => each.bytes_per_event)),
          of((each) => each.events_per_frame).toFixed(1),
          whole(of((each) => each.peak_memory_mb)),
          of((each) => each.server_cpu).toFixed(2),
          of((each) => each.generator_cpu).toFixed(2),
        ];
      }),
    ),
  );
}

function joins(run: Run): string {
  return table(
    ["System", "Resume, 1,000 commits behind (ms)", "First snapshot of 200 buys (ms)"],
    run.joins.map(({ system, resume_ms, snapshot_ms }) => [system, resume_ms.toFixed(1), snapshot_ms.toFixed(1)]),
  );
}

function rows(run: Run): string {
  const counted = cellsOf(run).flatMap((cell) => {
    const found = run.results.rows(cell);
    return found ? [[cellName(cell), ...written(found)]] : [];
  });
  const alone = ["one at a time, with pauses", ...written(run.isolated)];
  return table(["Cell", "In the room", "In D1", "By the workspace's mirror"], [...counted, alone]);
}

function written({ room, d1, workspace }: Rows): string[] {
  return [room, d1, workspace].map((rows) => rows.toFixed(2));
}

function proxy(run: Run): string {
  const systems: readonly SystemName[] = ["Flightdeck", "wrangler dev"];
  return table(
    ["Run by", "Acknowledged/s", "Delivered/s", "p99 ms"],
    systems.map((system) => {
      const of = (read: (round: Round) => number): number => run.results.median(CELLS.small_team, system, read);
      const name = system === "Flightdeck" ? "workerd" : "`wrangler dev`";
      return [
        name,
        whole(of((each) => each.acked_per_s)),
        whole(of((each) => each.delivered_per_s)),
        of((each) => each.p99_ms).toFixed(1),
      ];
    }),
  );
}

function growth({ growth: found }: Run): string[] {
  if (!found) return [];
  const lines = (points: typeof found.by_log): string[][] =>
    points.map(({ size, commit_ms, wake_ms }) => [whole(size), commit_ms.toFixed(2), wake_ms.toFixed(1)]);
  return [
    "### How it grows",
    "![Delivered events and p99 against viewers](images/benchmark-viewers.svg)",
    "![Commit and wake time against log length and entities](images/benchmark-growth.svg)",
    table(["Commits in the log", "Commit (ms)", "Wake (ms)"], lines(found.by_log)),
    table(["Entities", "Commit (ms)", "Wake (ms)"], lines(found.by_entities)),
  ];
}

function cellsOf(run: Run): readonly Cell[] {
  return PLANS[run.circumstances.plan].cells;
}

function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, at) => (at === 0 ? "---" : "--:"))), ...body.map(line)].join("\n");
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}
