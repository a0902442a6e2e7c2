// `npm run dev`: hot reload. Vite serves the client and passes the worker's paths, sockets included, to wrangler dev.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createServer } from "vite";
import { CLIENT_DIST, ROOT } from "./local/paths.ts";
import { LOCAL_APP, prepareState, seedOnce } from "./local/prepare.ts";
import { freePort, startServer } from "./local/server.ts";
import { exitOnSignals, untilStopped } from "./local/until-stopped.ts";

exitOnSignals();
const port = await freePort(Number(process.env["PORT"] ?? 8787));
mkdirSync(CLIENT_DIST, { recursive: true }); // wrangler wants the folder; nobody is served from it here.
await prepareState();
const server = await startServer({ ...LOCAL_APP, port, output: "terminal", logLevel: "log" });
await seedOnce(server.url);
process.env["FLIGHTDECK_WORKER"] = server.url; // read by vite.config.ts
const vite = await createServer({ root: join(ROOT, "client"), configFile: join(ROOT, "vite.config.ts") });
await vite.listen();
vite.printUrls();
await untilStopped(server.group);
await vite.close();
