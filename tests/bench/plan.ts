/** A closed loop keeps `in_flight` commands unanswered, each from a writer of its own; an open loop sends at a rate whatever comes back. */
export type Load = { readonly in_flight: number } | { readonly per_second: number };

/** One point of the matrix. */
export interface Cell {
  readonly viewers: number;
  readonly load: Load;
}

/** How long a cell is run in each round, in milliseconds. */
export interface Times {
  readonly warm_ms: number;
  readonly measure_ms: number;
}

/** What the run consists of. */
export interface Plan {
  readonly rounds: number;
  readonly cells: readonly Cell[];
  readonly times: Times;
}

const OPEN_LOOP: Load = { per_second: 100 };

/** The points that the targets speak of. */
export const CELLS = {
  one_writer: { viewers: 1, load: { in_flight: 1 } },
  many_in_flight: { viewers: 1, load: { in_flight: 32 } },
  small_team: { viewers: 50, load: { in_flight: 8 } },
  large_team: { viewers: 200, load: { in_flight: 8 } },
  steady: { viewers: 200, load: OPEN_LOOP },
} as const satisfies Record<string, Cell>;

const MATRIX: readonly Cell[] = [
  ...[1, 50, 200, 1000].flatMap((viewers) => [1, 8, 32].map((in_flight) => ({ viewers, load: { in_flight } }))),
  CELLS.steady,
];
const TARGETED: readonly Cell[] = [...Object.values(CELLS), { viewers: 1000, load: { in_flight: 8 } }];

/** How much is run: everything, only what the targets speak of, or a glance for development. */
export const PLANS = {
  full: { rounds: 5, cells: MATRIX, times: { warm_ms: 700, measure_ms: 1_500 } },
  targets: { rounds: 5, cells: TARGETED, times: { warm_ms: 700, measure_ms: 1_500 } },
  quick: { rounds: 1, cells: TARGETED, times: { warm_ms: 500, measure_ms: 1_000 } },
} as const satisfies Record<string, Plan>;
export type PlanName = keyof typeof PLANS;

/** `200×8` or `200@100/s`. */
export function cellName({ viewers, load }: Cell): string {
  return "in_flight" in load ? `${viewers}×${load.in_flight}` : `${viewers}@${load.per_second}/s`;
}
