import { fork } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "../../scripts/local/paths.ts";
import type { GeneratorAnswer, GeneratorTask, ResultOf } from "./load/task.ts";

/** The load generator's process, as the benchmark sees it. */
export class LoadGenerator {
  readonly #child = fork(join(ROOT, "tests/bench/load/generator.ts"));

  /** Carries out a task; one at a time. Rejects with the generator's words if anything was lost, doubled or out of order. */
  async run<T extends GeneratorTask>(task: T): Promise<ResultOf<T>> {
    const ended = (code: number | null): void => refuse(new Error(`The load generator ended with ${String(code)}`));
    let refuse: (error: Error) => void = () => {};
    const answer = await new Promise<GeneratorAnswer>((resolve, reject) => {
      refuse = reject;
      this.#child.once("message", (message) => resolve(message as GeneratorAnswer));
      this.#child.once("exit", ended);
      this.#child.send(task);
    });
    this.#child.off("exit", ended);
    if ("error" in answer) throw new Error(answer.error);
    return answer.value as ResultOf<T>; // What the generator gives for this kind of task.
  }

  stop(): void {
    this.#child.disconnect();
  }
}
