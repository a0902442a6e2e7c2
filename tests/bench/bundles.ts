import { join } from "node:path";
import { BIN, ROOT } from "../../scripts/local/paths.ts";
import { spawnGroup } from "../../scripts/local/process-group.ts";

/** A worker built as it would be deployed. */
export interface Bundle {
  readonly config: string;
  readonly file: string;
}

export interface Bundles {
  readonly flightdeck: Bundle;
  readonly party: Bundle;
}

const WORKERS = join(ROOT, "tests/bench/workers");

/** Builds Flightdeck, with the benchmark's window in it, and the PartyServer peer, into a folder. */
export async function buildBundles(folder: string): Promise<Bundles> {
  const [flightdeck, party] = await Promise.all([
    bundle(join(ROOT, "wrangler.toml"), join(WORKERS, "flightdeck.worker.ts"), join(folder, "flightdeck")),
    bundle(join(WORKERS, "party.toml"), join(WORKERS, "party.worker.ts"), join(folder, "party")),
  ]);
  return { flightdeck, party };
}

async function bundle(config: string, entry: string, outdir: string): Promise<Bundle> {
  const args = ["deploy", entry, "-c", config, "--dry-run", "--outdir", outdir];
  const group = spawnGroup(join(BIN, "wrangler"), args, {
    cwd: ROOT,
    env: { WRANGLER_SEND_METRICS: "false" },
    output: "keep",
  });
  if ((await group.ended) !== 0) throw new Error(`The worker was not built:\n${group.output()}`);
  return { config, file: join(outdir, entry.slice(entry.lastIndexOf("/") + 1).replace(/\.ts$/, ".js")) };
}
