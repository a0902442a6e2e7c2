import { afterAll, afterEach, beforeAll, describe } from "vitest";
import { seedDemo } from "../../scripts/seed-demo.ts";
import { startFlightdeck } from "../e2e/support/flightdeck.ts";
import type { Flightdeck } from "../e2e/support/flightdeck.ts";
import { crashFaults } from "./crash-faults.ts";
import { meaningFaults, sizeFaults } from "./input-faults.ts";
import { readerFaults, readModelFaults } from "./load-faults.ts";
import { LogScan, tokenFaults } from "./token-faults.ts";

const logs = new LogScan();
let flightdeck: Flightdeck;
const server = (): Flightdeck => flightdeck;

beforeAll(async () => {
  // Programs write as fast as the tests need; people keep the limits that everybody has.
  const started = await startFlightdeck({ vars: { RATE_API_KEY: "100000/100000" } });
  const kill = async (): Promise<void> => {
    logs.scan(started);
    await started.kill();
  };
  flightdeck = { ...started, kill };
  await seedDemo(flightdeck.url);
});

afterEach(() => logs.scan(flightdeck));
afterAll(() => flightdeck.stop());

// One server for all of them, one after the other: starting one takes seconds.
describe("crashes", () => {
  crashFaults(server);
});
describe("the read model", () => {
  readModelFaults(server);
});
describe("readers", () => {
  readerFaults(server);
});
describe("input", () => {
  sizeFaults(server);
  meaningFaults(server);
});
describe("tokens", () => {
  tokenFaults(server, logs);
});
