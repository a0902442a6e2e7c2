import type { CellFigures } from "./load/run-cell.ts";
import { cellName } from "./plan.ts";
import type { Cell } from "./plan.ts";
import type { Rows } from "./systems.ts";

/** One round of one cell, with what the system can tell of rows written for each mutation. */
export interface Round extends CellFigures {
  readonly rows: Rows | null;
}

export type SystemName = "Flightdeck" | "Socket.IO" | "PartyServer" | "wrangler dev";

/** Every round of every cell and system, in the order in which they were run. */
export class Results {
  readonly #rounds = new Map<string, Round[]>();

  add(cell: Cell, system: string, round: Round): void {
    const key = keyOf(cell, system);
    this.#rounds.set(key, [...(this.#rounds.get(key) ?? []), round]);
  }

  has(cell: Cell, system: SystemName): boolean {
    return this.#rounds.has(keyOf(cell, system));
  }

  /** The median over rounds of whatever is read from one. */
  median(cell: Cell, system: SystemName, read: (round: Round) => number): number {
    return median((this.#rounds.get(keyOf(cell, system)) ?? []).map(read));
  }

  /** Flightdeck's figure over a peer's in the same round, and of these the median: what slows both cancels out. */
  ratio(cell: Cell, read: (round: Round) => number, peer: SystemName = "Socket.IO"): number {
    const ours = this.#rounds.get(keyOf(cell, "Flightdeck")) ?? [];
    const theirs = this.#rounds.get(keyOf(cell, peer)) ?? [];
    return median(ours.map((round, at) => read(round) / read(theirs[at] ?? round)));
  }

  /** The median over rounds of the rows written for a mutation; null if they were not counted. */
  rows(cell: Cell): Rows | null {
    const counted = (this.#rounds.get(keyOf(cell, "Flightdeck")) ?? []).flatMap(({ rows }) => rows ?? []);
    if (counted.length === 0) return null;
    return {
      room: median(counted.map(({ room }) => room)),
      d1: median(counted.map(({ d1 }) => d1)),
      workspace: median(counted.map(({ workspace }) => workspace)),
    };
  }
}

function keyOf(cell: Cell, system: string): string {
  return `${cellName(cell)} ${system}`;
}

/** The middle of some numbers, NaN if there are none. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}
