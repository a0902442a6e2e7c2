import { CELLS } from "../plan.ts";
import type { Run } from "../run.ts";

/** A figure with what it is to be. */
export interface Target {
  readonly group: "ratios" | "absolute";
  readonly key: string;
  readonly about: string;
  readonly value: number;
  readonly wanted: number;
  /** Whether more is better. */
  readonly at_least: boolean;
}

/** The figures that the project holds itself to, as this run found them. */
export function targetsOf({ results, joins }: Run): Target[] {
  const ratio = { group: "ratios", at_least: true } as const;
  const absolute = { group: "absolute", at_least: false } as const;
  return [
    {
      ...ratio,
      key: "delivered_50",
      about: "Delivered events/s to 50 viewers, 8 in flight, over Socket.IO's",
      value: results.ratio(CELLS.small_team, (round) => round.delivered_per_s),
      wanted: 2,
    },
    {
      ...ratio,
      key: "delivered_200",
      about: "Delivered events/s to 200 viewers, 8 in flight, over Socket.IO's",
      value: results.ratio(CELLS.large_team, (round) => round.delivered_per_s),
      wanted: 2,
    },
    {
      ...ratio,
      key: "acked_1",
      about: "Acknowledged mutations/s of one writer over Socket.IO's",
      value: results.ratio(CELLS.one_writer, (round) => round.acked_per_s),
      wanted: 0.9,
    },
    {
      ...ratio,
      key: "acked_32",
      about: "Acknowledged mutations/s, 32 in flight, over Socket.IO's",
      value: results.ratio(CELLS.many_in_flight, (round) => round.acked_per_s),
      wanted: 1,
    },
    {
      ...ratio,
      key: "bytes_per_delivered",
      about: "Bytes per delivered event, 200 viewers, 8 in flight, over Socket.IO's",
      value: results.ratio(CELLS.large_team, (round) => round.bytes_per_event),
      wanted: 0.7,
      at_least: false,
    },
    {
      ...absolute,
      key: "delivery_p99_ms_open_loop_200",
      about: "Delivery p99 at 100 mutations/s to 200 viewers (ms)",
      value: results.median(CELLS.steady, "Flightdeck", (round) => round.p99_ms),
      wanted: 50,
    },
    {
      ...absolute,
      key: "resume_1000_ms",
      about: "Resuming a client 1,000 commits behind (ms)",
      value: joins.find(({ system }) => system === "Flightdeck")?.resume_ms ?? Number.NaN,
      wanted: 100,
    },
    {
      ...absolute,
      key: "rows_per_mutation",
      about: "Rows written in the room for a mutation, cursors and alarms included",
      value: results.rows(CELLS.small_team)?.room ?? Number.NaN,
      wanted: 3.2,
    },
  ];
}

export function isMet({ value, wanted, at_least }: Target): boolean {
  return at_least ? value >= wanted : value <= wanted;
}

/** One line for a terminal. */
export function verdict(target: Target): string {
  const { key, value, wanted, at_least } = target;
  return `${isMet(target) ? "met   " : "MISSED"} ${key}: ${value.toFixed(2)} (${at_least ? "at least" : "at most"} ${wanted})`;
}
