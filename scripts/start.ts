// `npm start`: the whole product on this machine, as a person would use it.
import { buildClient } from "./local/client-build.ts";
import { startLiveDemo } from "./live-demo.ts";
import { LOCAL_APP, prepareState, seedOnce } from "./local/prepare.ts";
import { freePort, startServer } from "./local/server.ts";
import { exitOnSignals, untilStopped } from "./local/until-stopped.ts";

exitOnSignals();
const port = await freePort(Number(process.env["PORT"] ?? 8787));
await Promise.all([buildClient(), prepareState()]);
const server = await startServer({ ...LOCAL_APP, port, output: "terminal", logLevel: "warn" });
await seedOnce(server.url);
console.log(`\nFlightdeck is ready at http://localhost:${port} (Ctrl-C ends it)\n`);
if (process.env["FLIGHTDECK_LIVE_DEMO"] === "1") {
  console.log("Live mode: the demo's active buys deliver every 2 s, for 30 minutes at most.\n");
  startLiveDemo(server.url).catch((error: unknown) => console.error("Live mode ended:", error));
}
await untilStopped(server.group);
process.exit(); // Live mode may still be waiting for its next turn.
