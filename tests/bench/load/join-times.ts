import { performance } from "node:perf_hooks";
import type { Dialect } from "./target.ts";
import type { CommitsTask, ResumeTask, SnapshotTask } from "./task.ts";

const WRITERS = 8;

/** How long a returning reader takes to have the commits it missed, in milliseconds, each time. */
export async function resumeTime(dialect: Dialect, { commits, times }: ResumeTask): Promise<number[]> {
  const place = await dialect.position();
  const writers = await Promise.all(Array.from({ length: WRITERS }, () => dialect.writer()));
  let n = 0;
  await Promise.all(
    writers.map(async (writer) => {
      while (n < commits) await writer.change(++n);
    }),
  );
  for (const writer of writers) writer.close();
  const took: number[] = [];
  while (took.length < times) took.push(await dialect.resume(place, place.seq + n));
  return took;
}

/** How long a new reader takes to have everything, in milliseconds, each time. */
export async function snapshotTime(dialect: Dialect, { rows, times }: SnapshotTask): Promise<number[]> {
  const took: number[] = [];
  while (took.length < times) took.push(await dialect.snapshot(rows));
  return took;
}

/** Changes of one writer, each sent when the last is acknowledged: milliseconds until the acknowledgement. */
export async function commitTimes(dialect: Dialect, { times }: CommitsTask): Promise<number[]> {
  const writer = await dialect.writer();
  const took: number[] = [];
  // Numbers of their own, so that no change is one that was made before.
  let n = Date.now();
  while (took.length < times) {
    const started = performance.now();
    await writer.change(++n);
    took.push(performance.now() - started);
  }
  writer.close();
  return took;
}
