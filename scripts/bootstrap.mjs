// Runs one of this folder's TypeScript files on a machine that has only Node 20 and npm:
// installs what package-lock.json asks for, then hands over to the Node 24 that came with it.
// Plain JavaScript with built-ins only, because nothing is installed yet when it starts.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const BIN = join(ROOT, "node_modules", ".bin");

if (!isInstalled()) {
  console.log("Installing packages …");
  const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], {
    cwd: ROOT,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (npm.status !== 0) process.exit(npm.status ?? 1);
}

const [script = "", ...args] = process.argv.slice(2);
const child = spawn(join(BIN, "node"), [join(ROOT, script), ...args], {
  cwd: ROOT,
  stdio: "inherit",
  env: { ...process.env, PATH: `${BIN}${delimiter}${process.env.PATH ?? ""}` },
});
child.on("error", (error) => {
  console.error(
    `Node 24 from the npm package "node" did not start: ${error.message}. Run "npm ci" without --ignore-scripts.`,
  );
  process.exit(1);
});
child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
// A terminal's Ctrl-C reaches the child by itself; a signal to this process alone does not. Either way the child decides when it ends.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => child.kill("SIGTERM"));
process.on("SIGHUP", () => child.kill("SIGHUP"));

/** Whether node_modules holds exactly the versions of package-lock.json; packages for other platforms may be absent. */
function isInstalled() {
  const installedLock = join(ROOT, "node_modules", ".package-lock.json");
  if (!existsSync(installedLock) || !existsSync(join(BIN, "node"))) return false;
  const wanted = packagesOf(join(ROOT, "package-lock.json"));
  const installed = packagesOf(installedLock);
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === "") return true;
    const found = installed[path];
    return found ? found.version === entry.version : entry.optional === true || entry.peer === true;
  });
}

/**
 * The packages that a lock file names, by path.
 * @param {string} path
 * @returns {Record<string, { version?: string, optional?: boolean, peer?: boolean }>}
 */
function packagesOf(path) {
  /** @type {unknown} */
  const lock = JSON.parse(readFileSync(path, "utf8"));
  return /** @type {{ packages: Record<string, { version?: string, optional?: boolean, peer?: boolean }> }} */ (lock)
    .packages;
}
