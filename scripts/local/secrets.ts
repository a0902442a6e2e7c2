import { randomBytes } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes `.dev.vars` with a fresh signing secret, the development sign-in switched on, and `more`; an existing file stays as it is. */
export function ensureSecrets(directory: string, more: Record<string, string> = {}): void {
  const path = join(directory, ".dev.vars");
  if (existsSync(path)) return;
  const vars = {
    ENVIRONMENT: "development",
    JWT_SECRET: randomBytes(32).toString("base64url"),
    JURISDICTIONS: "off", // The local runtime has none and refuses to place an object in one.
    ...more,
  };
  const lines = Object.entries(vars).map(([name, value]) => `${name}=${JSON.stringify(value)}\n`);
  writeFileSync(path, `# Local secrets: never deployed, never committed.\n${lines.join("")}`, { mode: 0o600 });
}
