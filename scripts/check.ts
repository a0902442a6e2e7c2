// `npm run check`: everything that must hold besides the tests. Runs all steps and names those that failed.
import { join } from "node:path";
import { buildClient } from "./local/client-build.ts";
import { BIN } from "./local/paths.ts";
import { run } from "./local/run.ts";

const STEPS: readonly [name: string, command: string, ...args: string[]][] = [
  ["format", "prettier", "--check", "--log-level", "warn", "."],
  ["lint", "oxlint", "--type-aware", "--deny-warnings"],
  ["types of core", "tsc", "-p", "core"],
  ["types of the worker", "tsc", "-p", "worker"],
  ["types of the client", "tsc", "-p", "client"],
  ["types of scripts and tests", "tsc", "-p", "."],
  ["dead code", "knip"],
  ["generated pages", "node", "scripts/generate.ts", "--check"],
  ["deployable bundle", "wrangler", "deploy", "--dry-run", "--outdir", "dist/worker"],
];

await buildClient(); // The bundle includes the client's files.
const failed = STEPS.filter(([name, command, ...args]) => {
  console.log(`\n— ${name}`);
  return run(join(BIN, command), args, { WRANGLER_SEND_METRICS: "false" }) !== 0;
});
console.log(failed.length === 0 ? "\nCheck passed." : `\nCheck failed: ${failed.map(([name]) => name).join(", ")}.`);
process.exitCode = failed.length === 0 ? 0 : 1;
