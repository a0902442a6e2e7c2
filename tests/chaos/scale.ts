import type { TestContext } from "vitest";

declare module "vitest" {
  interface TaskMeta {
    figures?: Figure[];
  }
}

/** What a fault test measured, for the summary. */
export interface Figure {
  readonly id: number;
  readonly text: string;
}

/** Whether to run in full, as `npm run test:chaos` does, or in the short form of `npm test`. */
export const WHOLE = process.env["CHAOS"] === "whole";

/** Where the randomness of a run begins; `CHAOS_SEED` repeats a run. */
export const SEED = Number(process.env["CHAOS_SEED"] ?? 20_261_120);

/** A number for the whole run, and the one for the short form. */
export function scaled(whole: number, short: number): number {
  return WHOLE ? whole : short;
}

/** Tells what test `id` of the list measured. */
export function figure({ task }: Pick<TestContext, "task">, id: number, text: string): void {
  (task.meta.figures ??= []).push({ id, text });
  console.info(`#${id} ${text}`);
}

/** The value that `share` (0..1) of these are not above, in whole milliseconds. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
}

/** Latencies below this are as good as each other on a machine that others use too: no ratio of them means anything. */
const QUIET_MS = 100;

/** Throws if others were served more slowly under a fault than `times` as slowly as before. Only in full: the short form shares the machine with other tests. */
export function assertUndisturbed(before: number, during: number, times: number): void {
  const allowed = Math.max(QUIET_MS, before * times);
  if (WHOLE && during > allowed) throw new Error(`p99 was ${during} ms under the fault, ${before} ms before`);
}
