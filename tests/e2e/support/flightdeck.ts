import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../../scripts/local/paths.ts";
import { ensureSecrets } from "../../../scripts/local/secrets.ts";
import { applyMigrations, freePort, startServer } from "../../../scripts/local/server.ts";
import type { Server } from "../../../scripts/local/server.ts";

/** What `wrangler dev` serves. A copy, so that editing the checkout while tests run reloads nothing. */
const APP_FILES = [
  "core",
  "worker",
  "migrations",
  "dist/client",
  "package.json",
  "wrangler.toml",
  "tsconfig.base.json",
];

/** A real Flightdeck under `wrangler dev`, with secrets and data of its own, in a temporary folder. */
export interface Flightdeck {
  /** `http://127.0.0.1:{port}`, the same after a restart. */
  readonly url: string;
  /** Where wrangler keeps the data; the SQLite files of rooms and of D1 are below it. */
  readonly stateDir: string;
  /** Its own `wrangler.toml` and `.dev.vars` are here. */
  readonly directory: string;
  /** What wrangler and the worker wrote since the last start. */
  output(): string;
  /** SIGKILLs wrangler and workerd at once and keeps the data. */
  kill(): Promise<void>;
  /** Starts it again on the same data and port, after ending it in order if it still runs. */
  restart(): Promise<void>;
  /** Ends it, and deletes its data unless it was told where to keep them. */
  stop(): Promise<void>;
}

interface FlightdeckOptions {
  port?: number;
  /** They join `.dev.vars`. */
  vars?: Record<string, string>;
  /** Where to keep it, to go on with it another time; absent: in a folder that is deleted when it stops. */
  directory?: string;
}

/** Starts a Flightdeck on a free port, an empty one unless it is gone on with, and waits until it answers. */
export async function startFlightdeck(options: FlightdeckOptions = {}): Promise<Flightdeck> {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), "flightdeck-"));
  const remove = (): void => {
    if (options.directory === undefined) rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  };
  const stateDir = join(directory, "state");
  const port = options.port ?? (await freePort());
  const start = (): Promise<Server> => startServer({ directory, stateDir, port, output: "keep", logLevel: "log" });
  let server: Server;
  try {
    mkdirSync(stateDir, { recursive: true });
    for (const name of APP_FILES) cpSync(join(ROOT, name), join(directory, name), { recursive: true });
    if (!existsSync(join(directory, "node_modules")))
      symlinkSync(join(ROOT, "node_modules"), join(directory, "node_modules"), "dir");
    ensureSecrets(directory, options.vars);
    await applyMigrations({ directory, stateDir });
    server = await start();
  } catch (error) {
    remove();
    throw error;
  }
  return {
    url: server.url,
    stateDir,
    directory,
    output: () => server.group.output(),
    kill: () => server.group.kill(),
    async restart() {
      await server.group.stop();
      server = await start();
    },
    async stop() {
      await server.group.stop();
      remove();
    },
  };
}
