import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** SHA-256 over the names and contents of files, and of all files below folders. Missing paths count as absent. */
export function fingerprint(paths: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of paths.flatMap(filesBelow).toSorted()) hash.update(`${path}\0`).update(readFileSync(path));
  return hash.digest("hex");
}

/** Runs `work` unless the file `stamp` says that it was done for the same inputs; writes the stamp when it succeeded. */
export async function onceFor(stamp: string, inputs: readonly string[], work: () => Promise<void>): Promise<void> {
  const wanted = fingerprint(inputs);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  await work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

function filesBelow(path: string): string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).flatMap((name) => filesBelow(join(path, name)));
}
