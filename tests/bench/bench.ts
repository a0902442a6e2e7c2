// `npm run bench`: Flightdeck beside Socket.IO and PartyServer on this machine; writes docs/benchmarks.md and .json.
// `-- --targets` runs only the points that the targets speak of, `-- --quick` these once, writing nothing.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exitOnSignals } from "../../scripts/local/until-stopped.ts";
import { buildBundles } from "./bundles.ts";
import { PLANS } from "./plan.ts";
import type { PlanName } from "./plan.ts";
import { targetsOf, verdict } from "./report/targets.ts";
import { writePages } from "./report/write-pages.ts";
import { measure } from "./run.ts";

exitOnSignals();
const name: PlanName = process.argv.includes("--quick")
  ? "quick"
  : process.argv.includes("--targets")
    ? "targets"
    : "full";
const folder = mkdtempSync(join(tmpdir(), "flightdeck-bench-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
const run = await measure({ name, plan: PLANS[name] }, { bundles: await buildBundles(folder), folder });
for (const target of targetsOf(run)) console.log(verdict(target));
if (name !== "quick") await writePages(run);
process.exit(0);
