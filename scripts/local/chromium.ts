import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { ROOT } from "./paths.ts";
import { run } from "./run.ts";

const PLAYWRIGHT = join(ROOT, "node_modules", "playwright-core", "cli.js");

/** Names under which a Chromium may be on the PATH, and where it often is without being there. */
const USUAL_PLACES = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "/usr/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** A Chromium of this machine that starts, or null: `CHROME_PATH`, an installed one, or an earlier download of Playwright's. */
export function findChromium(): string | null {
  const candidates = [process.env["CHROME_PATH"] ?? "", ...USUAL_PLACES, chromium.executablePath()];
  for (const candidate of candidates) {
    const path = candidate.includes("/") ? candidate : whereIs(candidate);
    if (path !== "" && starts(path)) return path;
  }
  return null;
}

/** As {@link findChromium}, but gets one if there is none: Playwright's download, else the system's package manager. */
export function ensureChromium(): string {
  const found = findChromium();
  if (found !== null) return found;
  for (const install of [download, installLibraries, installPackage]) {
    install();
    const installed = findChromium();
    if (installed !== null) return installed;
  }
  throw new Error("The end-to-end tests need a Chromium. Install one and set CHROME_PATH to it.");
}

function download(): void {
  console.log("Downloading Chromium …");
  run(process.execPath, [PLAYWRIGHT, "install", "chromium", "--no-shell"]);
}

/** What a downloaded Chromium needs from the system to start. */
function installLibraries(): void {
  if (!existsSync(chromium.executablePath())) return;
  console.log("Installing the libraries that Chromium needs …");
  runAsRoot([process.execPath, PLAYWRIGHT, "install-deps", "chromium"]);
}

function installPackage(): void {
  console.log("Installing Chromium with apt-get …");
  if (runAsRoot(["apt-get", "update"]) !== 0) return;
  runAsRoot(["apt-get", "install", "--yes", "--no-install-recommends", "chromium"]);
}

/** Never asks for a password: a test run must not wait for one. */
function runAsRoot(words: readonly string[]): number {
  const [command = "", ...args] = process.getuid?.() === 0 ? words : ["sudo", "--non-interactive", ...words];
  return run(command, args, { DEBIAN_FRONTEND: "noninteractive" });
}

/** Also false for a download that lacks the system's libraries. */
function starts(path: string): boolean {
  return spawnSync(path, ["--version"], { stdio: "ignore", timeout: 30_000 }).status === 0;
}

function whereIs(name: string): string {
  if (name === "") return "";
  return spawnSync("sh", ["-c", 'command -v "$0"', name], { encoding: "utf8" }).stdout.trim();
}
