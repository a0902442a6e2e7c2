// `npm run test:chaos`: every fault and abuse test in full, and the tests elsewhere that prove the rest of the list.
// CHAOS_SEED repeats a run. The summary goes to docs/chaos-report.md.
import { join } from "node:path";
import { CATALOGUE } from "../tests/chaos/catalogue.ts";
import { buildClient } from "./local/client-build.ts";
import { BIN, ROOT } from "./local/paths.ts";
import { run } from "./local/run.ts";

const SIMULATIONS = ["worker/engine/simulation.test.ts", "client/sync/convergence.test.ts"];

await buildClient();
const cited = CATALOGUE.flatMap(({ proofs }) => proofs.map(({ file }) => file));
const files = [...new Set(["tests/chaos/", ...SIMULATIONS, ...cited])];
const reporters = ["--reporter=default", `--reporter=${join(ROOT, "tests/chaos/summary-reporter.ts")}`];
const env = {
  CHAOS: "whole",
  CHAOS_REPORT: join(ROOT, "docs", "chaos-report.md"),
  WRANGLER_SEND_METRICS: "false",
};
process.exitCode = run(join(BIN, "vitest"), ["run", ...reporters, ...files, ...process.argv.slice(2)], env);
