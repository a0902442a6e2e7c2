import { spawnSync } from "node:child_process";
import { ROOT } from "./paths.ts";

/** Runs a command to its end with its output on the terminal; its exit code. A command that cannot start gives 127. */
export function run(command: string, args: readonly string[], env: Record<string, string> = {}): number {
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: "inherit", env: { ...process.env, ...env } });
  if (error) console.error(`${command}: ${error.message}`);
  return status ?? (error ? 127 : 1);
}
