import { randomBytes } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes `.dev.vars` with a fresh signing secret and the development sign-in switched on, unless there is one already. */
export function ensureSecrets(directory: string): void {
  const path = join(directory, ".dev.vars");
  if (existsSync(path)) return;
  const secret = randomBytes(32).toString("base64url");
  writeFileSync(
    path,
    `# Local secrets, made by npm start. Never deployed, never committed.\nENVIRONMENT=development\nJWT_SECRET=${secret}\n`,
    {
      mode: 0o600,
    },
  );
}
