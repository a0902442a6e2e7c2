import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { seedDemo } from "../seed-demo.ts";
import { onceFor } from "./fingerprint.ts";
import { ROOT, STATE_DIR } from "./paths.ts";
import { ensureSecrets } from "./secrets.ts";
import { applyMigrations } from "./server.ts";

/** The app in this checkout, with the data that stays between runs. */
export const LOCAL_APP = { directory: ROOT, stateDir: STATE_DIR } as const;

/** Local secrets and the tables of D1; quick when there is nothing to do. */
export async function prepareState(): Promise<void> {
  mkdirSync(STATE_DIR, { recursive: true });
  ensureSecrets(ROOT);
  await onceFor(join(STATE_DIR, "migrations.sha256"), [join(ROOT, "migrations")], () => applyMigrations(LOCAL_APP));
}

/** Fills the demo workspaces when the data is new. */
export async function seedOnce(url: string): Promise<void> {
  const marker = join(STATE_DIR, "seeded");
  if (existsSync(marker)) return;
  console.log("Seeding the demo workspaces …");
  const { api_key } = await seedDemo(url);
  if (api_key) console.log(`The demo workflow's API key, shown once: ${api_key}`);
  writeFileSync(marker, new Date().toISOString());
}
