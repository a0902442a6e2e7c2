import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { once } from "node:events";
import { ROOT } from "../../scripts/local/paths.ts";
import { seedDemo } from "../../scripts/seed-demo.ts";
import { Api, makeCampaign, mustWork } from "../e2e/support/api.ts";
import type { Bundles } from "./bundles.ts";
import { fillParty, fillSocketIo } from "./fill-peers.ts";
import type { Target } from "./load/target.ts";
import type { WorkerdOptions } from "./servers/workerd.ts";

/** Rows written since the room woke. */
export interface Rows {
  /** In the campaign's own SQLite. */
  readonly room: number;
  /** In D1, by the campaign's projection. */
  readonly d1: number;
  /** In both, by the workspace, which mirrors the campaign. */
  readonly workspace: number;
}

/** A server under test, running. */
export interface System {
  readonly name: string;
  readonly pid: number;
  /** A fresh place to put load on. */
  target(): Promise<Target>;
  /** A place with this many media buys in it. */
  withBuys(count: number): Promise<Target>;
  /** Resolves when nothing is left to do in the background, with the rows written until then if the system can tell. */
  settled(target: Target): Promise<Rows | null>;
  stop(): Promise<void>;
}

const SERVERS = join(ROOT, "tests/bench/servers");
const UNLIMITED = "1000000/1000000";
/** What the worker is told besides its configuration: the limiter is on, but nobody here reaches it. */
export const FLIGHTDECK_VARS = {
  ENVIRONMENT: "development",
  JWT_SECRET: "a-secret-for-benchmarks-of-32-bytes-or-more",
  JURISDICTIONS: "off",
  RATE_PERSON: UNLIMITED,
  RATE_API_KEY: UNLIMITED,
} as const;

interface Started {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Flightdeck on bare workerd. */
export async function startFlightdeckBare(bundles: Bundles, stateDir: string): Promise<System> {
  const server = await startWorkerd({
    config: bundles.flightdeck.config,
    bundle: bundles.flightdeck.file,
    stateDir,
    vars: FLIGHTDECK_VARS,
    migrations: join(ROOT, "migrations"),
  });
  return {
    name: "Flightdeck",
    ...server,
    ...(await flightdeckAt(server.url)),
    settled: (target) => drained(server.url, target),
  };
}

/** What is the same of every Flightdeck, however it is run. */
export async function flightdeckAt(url: string): Promise<Pick<System, "target" | "withBuys">> {
  await seedDemo(url);
  const owner = await Api.as(url, "owner");
  const placeIn = async (): Promise<{ target: Target; path: string }> => {
    const { campaignId, path } = await makeCampaign(owner);
    return {
      path,
      target: { system: "flightdeck", url, path: `${path}/live`, token: owner.token, campaign_id: campaignId },
    };
  };
  return {
    target: async () => (await placeIn()).target,
    async withBuys(count) {
      const { target, path } = await placeIn();
      const made = mustWork(await owner.get(`${path}/media_buy`));
      for (let n = 1; n < count; n++) mustWork(await owner.post(`${path}/media_buy/create`, buy(n)));
      if (made["as_of"] === undefined) throw new Error("The campaign cannot be read");
      return target;
    },
  };
}

/** Waits until every consumer of the campaign's log has everything; rows are those of the campaign and its workspace. */
async function drained(url: string, target: Target): Promise<Rows | null> {
  if (target.system !== "flightdeck") return null;
  const [, ws, campaign] = /\/workspaces\/([^/]+)\/campaigns\/([^/]+)/.exec(target.path) ?? [];
  for (;;) {
    const [its, workspace] = await Promise.all([`${ws}/${campaign}`, `${ws}`].map((room) => look(url, room)));
    if (its?.lag === 0 && workspace) return { room: its.room, d1: its.d1, workspace: workspace.room + workspace.d1 };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Through the window of tests/bench/workers/flightdeck.worker.ts. */
async function look(url: string, room: string): Promise<{ room: number; d1: number; lag: number }> {
  const answer = await fetch(`${url}/v1/bench/rows?room=${room}`);
  return (await answer.json()) as { room: number; d1: number; lag: number };
}

export async function startSocketIo(file: string): Promise<System> {
  const server = await start("socket-io.ts", { file });
  const target = { system: "socket.io", url: server.url } as const;
  return {
    name: "Socket.IO",
    ...server,
    target: () => Promise.resolve(target),
    withBuys: (count) => fillSocketIo(target, buys(count)).then(() => target),
    settled: () => Promise.resolve(null),
  };
}

export async function startParty(bundles: Bundles, stateDir: string): Promise<System> {
  const server = await startWorkerd({ config: bundles.party.config, bundle: bundles.party.file, stateDir, vars: {} });
  let rooms = 0;
  const fresh = (): Extract<Target, { system: "partyserver" }> => ({
    system: "partyserver",
    url: server.url,
    room: `room-${++rooms}`,
  });
  return {
    name: "PartyServer",
    ...server,
    target: () => Promise.resolve(fresh()),
    async withBuys(count) {
      const target = fresh();
      await fillParty(target, buys(count));
      return target;
    },
    settled: () => Promise.resolve(null),
  };
}

function startWorkerd(options: WorkerdOptions): Promise<Started> {
  return start("workerd.ts", options);
}

async function start(script: string, options: object): Promise<Started> {
  const child = fork(join(SERVERS, script), [JSON.stringify(options)], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const { url, pid } = await firstMessage(child);
  return {
    url,
    pid,
    async stop() {
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
}

async function firstMessage(child: ChildProcess): Promise<{ url: string; pid: number }> {
  // Told if it does not start. After that workerd complains of each room that the benchmark restarts.
  let complaints = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (complaints = (complaints + text).slice(-4000)));
  return await new Promise((resolve, reject) => {
    child.once("message", (message) => resolve(message as { url: string; pid: number }));
    child.once("exit", (code) => reject(new Error(`The server ended with ${String(code)}: ${complaints}`)));
  });
}

function buy(n: number): object {
  return {
    brand: { name: `Brand ${n}`, domain: "testbrand.example" },
    currency: "USD",
    start_at: "asap",
    end_at: new Date(Date.now() + 30 * 86_400_000).toISOString(),
    packages: [
      {
        inventory_product_id: "prod_01J9DEM0000000000000000003",
        pricing_option_id: "cpm-auction",
        budget_micros: 18_000_000_000,
        bid_micros: 6_000_000,
        geo_countries: ["US", "GB", "DE"],
      },
    ],
  };
}

/** As the peers keep them: what was asked for, under an id. */
function buys(count: number): { id: string }[] {
  return Array.from({ length: count }, (_, n) => ({ id: `mb_${String(n).padStart(26, "0")}`, ...buy(n) }));
}
