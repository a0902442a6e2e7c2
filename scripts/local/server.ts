import { createServer } from "node:net";
import { join } from "node:path";
import { BIN } from "./paths.ts";
import { spawnGroup } from "./process-group.ts";
import type { GroupOptions, ProcessGroup } from "./process-group.ts";

const READY_TIMEOUT_MS = 120_000;
const READY_POLL_MS = 100;

/** Where an app lives: its wrangler.toml and `.dev.vars`, and the data it keeps. */
export interface AppPlace {
  readonly directory: string;
  readonly stateDir: string;
}

export interface ServerOptions extends AppPlace {
  port: number;
  output: GroupOptions["output"];
  /** `log` shows what the worker logs and each request, `warn` only what needs attention. */
  logLevel: "log" | "warn";
}

/** A running `wrangler dev`. */
export interface Server {
  readonly url: string;
  readonly group: ProcessGroup;
}

const WRANGLER_ENV = {
  WRANGLER_SEND_METRICS: "false",
  // Else wrangler asks the internet for a sample of `Request.cf` and waits for it where there is none.
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
};

/** Creates or updates the tables of the local D1. Throws with wrangler's words if a migration fails. */
export async function applyMigrations(place: AppPlace): Promise<void> {
  const args = ["d1", "migrations", "apply", "DB", "--local", "--persist-to", place.stateDir];
  const group = spawnGroup(join(BIN, "wrangler"), args, {
    cwd: place.directory,
    env: { ...WRANGLER_ENV, CI: "1" },
    output: "keep",
  });
  const code = await group.ended;
  if (code !== 0) throw new Error(`D1 migrations failed:\n${group.output()}`);
}

/** Starts `wrangler dev` and resolves when it answers. Throws with its output if it ends before. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { directory, stateDir, port, output, logLevel } = options;
  const url = `http://127.0.0.1:${port}`;
  const args = ["dev", "--ip", "127.0.0.1", "--port", `${port}`, "--inspector-port", `${await freePort()}`];
  args.push("--persist-to", stateDir, "--show-interactive-dev-session", "false", "--log-level", logLevel);
  const group = spawnGroup(join(BIN, "wrangler"), args, { cwd: directory, env: WRANGLER_ENV, output });
  try {
    await untilReady(`${url}/healthz`, group);
  } catch (error) {
    await group.kill();
    throw error;
  }
  return { url, group };
}

async function untilReady(address: string, group: ProcessGroup): Promise<void> {
  let ended = false;
  void group.ended.then(() => {
    ended = true;
  });
  const deadline = Date.now() + READY_TIMEOUT_MS;
  // After a failed build wrangler waits for an edit; nobody is going to make one.
  while (!ended && !group.output().includes("Build failed") && Date.now() < deadline) {
    const answer = await fetch(address, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
    await answer?.arrayBuffer();
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS));
  }
  throw new Error(`wrangler dev ${ended ? "ended" : "did not answer"}: ${address}\n${group.output()}`);
}

/** A TCP port of this machine that nobody listens on now: the wanted one, or any. Rejects if the wanted one is taken. */
export async function freePort(wanted = 0): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", () => reject(new Error(`Port ${wanted} is in use. Choose another: PORT=8800 npm start`)));
    server.listen(wanted, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("No free port");
  return address.port;
}
