import { writeFileSync } from "node:fs";
import type { Reporter, TestCase, TestModule } from "vitest/node";
import { CATALOGUE } from "./catalogue.ts";
import "./scale.ts";
import { summarize } from "./summary.ts";
import type { Ran } from "./summary.ts";

/** Where the summary is kept, if it is. */
const REPORT = process.env["CHAOS_REPORT"];

/** At the end of a run names every fault test with its figures; one that is missing, skipped or failed fails the run. */
export default class SummaryReporter implements Reporter {
  readonly #started = Date.now();

  onTestRunEnd(modules: readonly TestModule[]): void {
    const summary = summarize(CATALOGUE, modules.flatMap(ranIn));
    const minutes = ((Date.now() - this.#started) / 60_000).toFixed(1);
    console.log(`\nFault and abuse tests\n\n${summary.lines.join("\n")}\n`);
    console.log(`${summary.proved} of ${CATALOGUE.length} proved in ${minutes} minutes.`);
    if (summary.proved < CATALOGUE.length) process.exitCode = 1;
    if (REPORT) writeFileSync(REPORT, page(summary.lines, minutes));
  }
}

function ranIn(module: TestModule): Ran[] {
  return [...module.children.allTests()].map((test: TestCase) => ({
    file: module.moduleId,
    title: test.fullName,
    state: test.result().state,
    figures: test.meta().figures ?? [],
  }));
}

function page(lines: readonly string[], minutes: string): string {
  const date = new Date().toISOString().slice(0, 10);
  return `# The last whole run of the fault tests\n\nWritten by \`npm run test:chaos\` on ${date}, in ${minutes} minutes. What the tests are: [chaos.md](chaos.md).\n\n${lines.map((line) => `- ${line}`).join("\n")}\n`;
}
