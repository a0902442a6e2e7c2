import type { Cell, Times } from "../plan.ts";
import type { CellFigures } from "./run-cell.ts";
import type { Target } from "./target.ts";

export interface CellTask {
  readonly kind: "cell";
  readonly target: Target;
  readonly cell: Cell;
  readonly times: Times;
  /** The server's process, whose processor time and memory are measured. */
  readonly pid: number;
}

/** A reader goes away, `commits` are made, it comes back; so many times. */
export interface ResumeTask {
  readonly kind: "resume";
  readonly target: Target;
  readonly commits: number;
  readonly times: number;
}

/** A new reader gets everything; so many times. */
export interface SnapshotTask {
  readonly kind: "snapshot";
  readonly target: Target;
  readonly rows: number;
  readonly times: number;
}

/** Changes one after the other, each timed until its acknowledgement. */
export interface CommitsTask {
  readonly kind: "commits";
  readonly target: Target;
  readonly times: number;
}

/** What the load generator is asked to do. */
export type GeneratorTask = CellTask | ResumeTask | SnapshotTask | CommitsTask;

/** What each task gives: a cell's figures, or times in milliseconds. */
export type ResultOf<T extends GeneratorTask> = T extends CellTask ? CellFigures : number[];

export type GeneratorAnswer = { readonly value: unknown } | { readonly error: string };
