// A process of its own: the load generator. Carries out one task at a time for the benchmark that started it.
import { dialectOf } from "./dialects.ts";
import { commitTimes, resumeTime, snapshotTime } from "./join-times.ts";
import { runCell } from "./run-cell.ts";
import type { GeneratorAnswer, GeneratorTask } from "./task.ts";

process.on("message", (task: GeneratorTask) => {
  carryOut(task).then(
    (value) => answer({ value }),
    (error: unknown) => answer({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
process.on("disconnect", () => process.exit(0));

async function carryOut(task: GeneratorTask): Promise<unknown> {
  const dialect = dialectOf(task.target);
  if (task.kind === "cell") return await runCell(dialect, task.cell, task);
  if (task.kind === "resume") return await resumeTime(dialect, task);
  if (task.kind === "commits") return await commitTimes(dialect, task);
  return await snapshotTime(dialect, task);
}

function answer(message: GeneratorAnswer): void {
  process.send?.(message);
}
