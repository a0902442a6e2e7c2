import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";
import { onceFor } from "./fingerprint.ts";
import { CLIENT_DIST, ROOT } from "./paths.ts";

const STAMP = join(ROOT, "dist", "client.sha256");
const SOURCES = [
  "client",
  "core",
  "worker/adapters/http/security-headers.ts",
  "vite.config.ts",
  "package-lock.json",
].map((name) => join(ROOT, name));

/** Builds the client into dist/client if its sources changed since the last build. */
export async function buildClient(): Promise<void> {
  if (!existsSync(join(CLIENT_DIST, "index.html"))) rmSync(STAMP, { force: true });
  await onceFor(STAMP, SOURCES, async () => {
    await build({ root: join(ROOT, "client"), configFile: join(ROOT, "vite.config.ts"), logLevel: "warn" });
  });
}
