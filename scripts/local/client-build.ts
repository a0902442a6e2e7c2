import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { onceFor } from "./fingerprint.ts";
import { BIN, CLIENT_DIST, ROOT } from "./paths.ts";
import { spawnGroup } from "./process-group.ts";

const STAMP = join(ROOT, "dist", "client.sha256");
const SOURCES = [
  "client",
  "core",
  "worker/adapters/http/security-headers.ts",
  "vite.config.ts",
  "package-lock.json",
].map((name) => join(ROOT, name));

/** Builds the client into dist/client if its sources changed since the last build. Throws with Vite's words if it cannot. */
export async function buildClient(): Promise<void> {
  if (!existsSync(join(CLIENT_DIST, "index.html"))) rmSync(STAMP, { force: true });
  await onceFor(STAMP, SOURCES, async () => {
    // In a process of its own: Vite sets NODE_ENV to production for all that runs after it, tests included.
    const vite = spawnGroup(join(BIN, "vite"), ["build", "--logLevel", "warn"], { cwd: ROOT, output: "keep" });
    if ((await vite.ended) !== 0) throw new Error(`The client does not build.\n${vite.output()}`);
  });
}
