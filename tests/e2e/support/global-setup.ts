import type { TestProject } from "vitest/node";
import { buildClient } from "../../../scripts/local/client-build.ts";
import { seedDemo } from "../../../scripts/seed-demo.ts";
import { startFlightdeck } from "./flightdeck.ts";
import type { Flightdeck } from "./flightdeck.ts";
import "./shared-server.ts";

/** Starts the server that all end-to-end files share; vitest runs what it returns at the end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let flightdeck: Flightdeck | undefined;
  try {
    await buildClient();
    flightdeck = await startFlightdeck();
    await seedDemo(flightdeck.url);
    project.provide("sharedServer", { url: flightdeck.url });
  } catch (error) {
    // Thrown from here it would end the whole run, unit tests included; so each end-to-end test tells it instead.
    project.provide("sharedServer", { failure: error instanceof Error ? error.message : String(error) });
  }
  return async () => await flightdeck?.stop();
}
