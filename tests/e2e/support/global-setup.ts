import type { TestProject } from "vitest/node";
import { buildClient } from "../../../scripts/local/client-build.ts";
import { seedDemo } from "../../../scripts/seed-demo.ts";
import { startFlightdeck } from "./flightdeck.ts";
import "./shared-server.ts";

/** Starts the server that all end-to-end files share; vitest runs what it returns at the end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await buildClient();
  const flightdeck = await startFlightdeck();
  await seedDemo(flightdeck.url);
  project.provide("flightdeckUrl", flightdeck.url);
  return () => flightdeck.stop();
}
