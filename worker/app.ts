import type { Hono } from "hono";
import { campaignRoom } from "../core/rooms/campaign-room.ts";
import { workspaceRoom } from "../core/rooms/workspace-room.ts";
import { httpApp } from "./adapters/http/http-app.ts";
import type { Http, HttpPorts, RoomPort } from "./adapters/http/ports.ts";
import { parseOrigins } from "./adapters/http/origin.ts";
import { seedDemo } from "./demo/seed.ts";
import type { Env } from "./env.ts";
import { verifyBearer } from "./identity/credentials.ts";
import { DEMO_PEOPLE } from "./identity/demo-people.ts";
import { demoPersonNamed, hasDemoSignIn, signInDemo } from "./identity/demo-token.ts";
import { KeysUnavailable } from "./identity/jwt.ts";
import { locationHint } from "./objects/location-hint.ts";
import { roomStub } from "./objects/room-address.ts";
import type { RoomAddress } from "./objects/room-address.ts";
import type { RoomRpc } from "./objects/room-rpc.ts";
import { jsonLogger } from "./platform/json-logger.ts";
import { platformRandomness } from "./platform/randomness.ts";

/** The Worker's HTTP side. */
export interface App {
  fetch(request: Request, env: Env, ctx?: ExecutionContext): Response | Promise<Response>;
}

/** Makes the app; its routes are built at the first request, on the bindings that come with it. */
export function createApp(): App {
  let built: { env: Env; app: Hono<Http> } | undefined;
  return {
    fetch(request, env) {
      if (built?.env !== env) built = { env, app: httpApp(surface(env), portsOf(env)) };
      return built.app.fetch(request);
    },
  };
}

function surface(_env: Env): Parameters<typeof httpApp>[0] {
  return { rooms: { workspace: workspaceRoom, campaign: campaignRoom }, queries: [], uploads: [] };
}

function portsOf(env: Env): HttpPorts {
  return {
    allowed_origins: parseOrigins(env.ALLOWED_ORIGINS),
    verify: (bearer) => verifyBearer(bearer, env),
    workspace: (workspace_id, hint) => roomPort(env, { workspace_id }, hint),
    campaign: (workspace_id, campaign_id) => roomPort(env, { workspace_id, campaign_id }),
    me: async ({ identity }) => ({ kind: identity.kind, subject: identity.subject }),
    ulidFrom: (seed) => platformRandomness.ulidFrom(seed),
    nearest: (request) => locationHint(request.cf),
    demo: hasDemoSignIn(env.ENVIRONMENT)
      ? {
          people: Object.keys(DEMO_PEOPLE),
          signIn: (person) => signInDemo(demoPersonNamed(person), env),
          seed: () => seedDemo({ rehearse: (room, steps) => rpcStub(env, room).rehearse(steps) }, Date.now()),
        }
      : null,
    ready: () => answers(env.DB),
    isTemporary,
    log: (level, message, facts) => jsonLogger.log(level, message, facts),
  };
}

function roomPort(env: Env, address: RoomAddress, hint?: DurableObjectLocationHint): RoomPort {
  const stub = (): DurableObjectStub & RoomRpc => rpcStub(env, address, hint);
  return {
    command: (request) => twice(() => stub().command(request)),
    read: (request) => twice(() => stub().read(request)),
    standing: (request) => twice(() => stub().standing(request)),
    live: (request) => stub().fetch(request),
  };
}

function rpcStub(env: Env, address: RoomAddress, hint?: DurableObjectLocationHint): DurableObjectStub & RoomRpc {
  // A stub's methods are those of its class, which implements RoomRpc.
  return roomStub(address, env, hint) as DurableObjectStub & RoomRpc;
}

/** Calls again, on a stub made anew, if the object went away under the first call. Everything rooms do over RPC can be repeated. */
async function twice<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!flagged(error, "retryable") || flagged(error, "overloaded")) throw error;
    return await call();
  }
}

async function answers(db: D1Database): Promise<boolean> {
  try {
    await db.prepare("SELECT 1").run();
    return true;
  } catch {
    return false;
  }
}

function isTemporary(error: unknown): boolean {
  if (error instanceof KeysUnavailable || flagged(error, "retryable") || flagged(error, "overloaded")) return true;
  return error instanceof Error && error.message.startsWith("D1_ERROR");
}

/** What the platform says of an error of a Durable Object. */
function flagged(error: unknown, flag: "retryable" | "overloaded"): boolean {
  return typeof error === "object" && error !== null && Reflect.get(error, flag) === true;
}
