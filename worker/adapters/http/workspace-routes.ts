import { Hono } from "hono";
import type { Context } from "hono";
import { z } from "zod";
import type { CommandDefinition } from "../../../core/model/command.ts";
import { JURISDICTIONS, LOCATION_HINTS } from "../../../core/model/placement.ts";
import { isRefusal, refuse } from "../../../core/model/refusal.ts";
import type { Refusal } from "../../../core/model/refusal.ts";
import { WorkspaceId } from "../../../core/model/units.ts";
import { MAX_BODY_BYTES } from "../../../core/protocol/version.ts";
import { toIssues } from "../../engine/pipeline.ts";
import { commandAnswer, json } from "./answer.ts";
import { readJson } from "./body.ts";
import { readCommandHeaders } from "./command-headers.ts";
import { creatingCommand } from "./command-index.ts";
import type { Http, Rooms } from "./ports.ts";
import { problem } from "./problem.ts";
import { correlationOf, isForWorkspace } from "./request-context.ts";

/** What HTTP reads of a creation before the room does; the rest is the command's. */
const CreationAddress = z.looseObject({
  workspace_id: WorkspaceId.optional(),
  jurisdiction: z.enum(JURISDICTIONS).nullish(),
  location_hint: z.enum(LOCATION_HINTS).nullish(),
});
type CreationAddress = z.infer<typeof CreationAddress>;

/** `POST /v1/workspaces` and `GET /v1/me`. */
export function workspaceRoutes(rooms: Rooms): Hono<Http> {
  const routes = new Hono<Http>();
  const create = creatingCommand(rooms.workspace);
  if (create) routes.post("/workspaces", async (c) => await createWorkspace(c, create));
  routes.get("/me", async (c) => await whoIAm(c));
  return routes;
}

/** A key is known to its workspace's room only, and nothing here says which that is: so this is not where it can be tried. */
async function whoIAm(c: Context<Http>): Promise<Response> {
  const { ports, verified } = c.var;
  if (verified.identity.kind === "user") return json(await ports.me(verified), 200);
  const hint = "A key belongs to one workspace: try it with GET /v1/workspaces/{workspace}/campaigns.";
  return problem(refuse("PERMISSION_DENIED", "This lists the workspaces of a person.", { hint }));
}

async function createWorkspace(c: Context<Http>, command: CommandDefinition): Promise<Response> {
  const { ports, verified } = c.var;
  const headers = readCommandHeaders(c.req.raw.headers);
  if (isRefusal(headers)) return problem(headers);
  const body = await readJson(c.req.raw, MAX_BODY_BYTES);
  if (!body.ok) return problem(body.refusal, body.status);
  const address = CreationAddress.safeParse(body.value);
  if (!address.success) {
    return problem(refuse("INVALID_REQUEST", "The body is not valid.", { issues: toIssues(address.error) }));
  }
  const seed = `workspace ${verified.identity.subject} ${headers.key}`;
  const id = workspaceIdOf(address.data, () => ports.ulidFrom(seed));
  if (isRefusal(id)) return problem(id);
  if (!isForWorkspace(verified, id))
    return problem(refuse("PERMISSION_DENIED", "This token is for one workspace only."));
  const { jurisdiction: _inTheId, ...payload } = address.data;
  const outcome = await ports.workspace(id, address.data.location_hint ?? ports.nearest(c.req.raw)).command({
    identity: verified.identity,
    envelope: {
      type: `${command.type}:requested`,
      id: headers.key,
      payload: { ...payload, workspace_id: id },
      metadata: headers.dry_run ? { dry_run: true } : {},
    },
    correlation: correlationOf(c),
  });
  return commandAnswer(outcome);
}

/** The id asked for, or one that is the same for every retry. A jurisdiction is part of it, because it decides where the object lives. */
function workspaceIdOf({ workspace_id, jurisdiction }: CreationAddress, ulid: () => string): string | Refusal {
  const prefix = jurisdiction ? `ws_${jurisdiction}_` : "ws_";
  if (workspace_id === undefined) return `${prefix}${ulid()}`;
  if (!jurisdiction || workspace_id.startsWith(prefix)) return workspace_id;
  const message = `A workspace of jurisdiction ${jurisdiction} has an id that starts with ${prefix}.`;
  return refuse("INVALID_REQUEST", message, { issues: [{ pointer: "/workspace_id", message, keyword: "pattern" }] });
}
