import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { BIN } from "./paths.ts";
import { run } from "./run.ts";

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
  for (const install of [downloadWithPlaywright, installWithApt]) {
    install();
    const installed = findChromium();
    if (installed !== null) return installed;
  }
  throw new Error("The end-to-end tests need a Chromium. Install one and set CHROME_PATH to it.");
}

function downloadWithPlaywright(): void {
  console.log("Downloading Chromium …");
  run(join(BIN, "playwright-core"), ["install", "chromium"]);
}

function installWithApt(): void {
  console.log("Installing Chromium with apt-get …");
  const asRoot = process.getuid?.() === 0 ? [] : ["sudo", "--non-interactive"];
  for (const args of [["update"], ["install", "--yes", "--no-install-recommends", "chromium"]]) {
    const [command = "apt-get", ...rest] = [...asRoot, "apt-get", ...args];
    run(command, rest, { DEBIAN_FRONTEND: "noninteractive" });
  }
}

/** Also false for a download that lacks the system's libraries. */
function starts(path: string): boolean {
  return spawnSync(path, ["--version"], { stdio: "ignore", timeout: 30_000 }).status === 0;
}

function whereIs(name: string): string {
  if (name === "") return "";
  return spawnSync("sh", ["-c", 'command -v "$0"', name], { encoding: "utf8" }).stdout.trim();
}
