import type { Hono } from "hono";
import { campaignRoom } from "../core/rooms/campaign-room.ts";
import { workspaceRoom } from "../core/rooms/workspace-room.ts";
import { httpApp } from "./adapters/http/http-app.ts";
import type { Http, HttpPorts, HttpSurface, Verified } from "./adapters/http/ports.ts";
import { parseOrigins } from "./adapters/http/origin.ts";
import { seedDemo } from "./demo/seed.ts";
import type { Env } from "./env.ts";
import { verifyBearer } from "./identity/credentials.ts";
import { DEMO_PEOPLE } from "./identity/demo-people.ts";
import { demoPersonNamed, hasDemoSignIn, signInDemo } from "./identity/demo-token.ts";
import { KeysUnavailable } from "./identity/jwt.ts";
import { importUploads } from "./import-uploads.ts";
import { locationHint } from "./objects/location-hint.ts";
import { jsonLogger } from "./platform/json-logger.ts";
import { platformRandomness } from "./platform/randomness.ts";
import { readMyWorkspaces } from "./read/my-workspaces.ts";
import { bindReads } from "./read/queries.ts";
import { isObjectTrouble, roomPort, rpcStub } from "./room-port.ts";

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

function surface(env: Env): HttpSurface {
  const events = new Map([...workspaceRoom.events, ...campaignRoom.events]);
  return {
    rooms: { workspace: workspaceRoom, campaign: campaignRoom },
    queries: bindReads(env.DB, events),
    uploads: importUploads(env),
  };
}

function portsOf(env: Env): HttpPorts {
  return {
    allowed_origins: parseOrigins(env.ALLOWED_ORIGINS),
    verify: (bearer) => verifyBearer(bearer, env),
    workspace: (workspace_id, hint) => roomPort(env, { workspace_id }, hint),
    campaign: (workspace_id, campaign_id) => roomPort(env, { workspace_id, campaign_id }),
    me: (verified) => whoIs(env, verified),
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

/** Who the credential proves somebody to be, and the workspaces it can be used for. */
async function whoIs(env: Env, { identity, workspace_id }: Verified): Promise<object> {
  const mine = await readMyWorkspaces(env.DB, identity.subject);
  const workspaces = mine.filter((each) => workspace_id === null || each.workspace_id === workspace_id);
  return { kind: identity.kind, user_id: identity.subject, workspaces };
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
  if (error instanceof KeysUnavailable || isObjectTrouble(error)) return true;
  return error instanceof Error && error.message.startsWith("D1_ERROR");
}
