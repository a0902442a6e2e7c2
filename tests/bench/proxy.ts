import { readFileSync, readdirSync } from "node:fs";
import { buildClient } from "../../scripts/local/client-build.ts";
import { startFlightdeck } from "../e2e/support/flightdeck.ts";
import { FLIGHTDECK_VARS, flightdeckAt } from "./systems.ts";
import type { System } from "./systems.ts";

/** Flightdeck as `npm start` runs it: under `wrangler dev`, whose proxy passes every frame on. */
export async function startBehindProxy(): Promise<System> {
  await buildClient();
  const before = new Set(workerdProcesses());
  const flightdeck = await startFlightdeck({ vars: FLIGHTDECK_VARS });
  const [pid = process.pid] = workerdProcesses().filter((each) => !before.has(each));
  return {
    name: "wrangler dev",
    pid,
    ...(await flightdeckAt(flightdeck.url)),
    settled: () => Promise.resolve(null),
    stop: () => flightdeck.stop(),
  };
}

function workerdProcesses(): number[] {
  return readdirSync("/proc").flatMap((entry) => (/^\d+$/.test(entry) && isWorkerd(entry) ? [Number(entry)] : []));
}

function isWorkerd(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").startsWith("workerd");
  } catch {
    return false; // It ended meanwhile.
  }
}
