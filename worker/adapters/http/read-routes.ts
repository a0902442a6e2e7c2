import { Hono } from "hono";
import type { Context } from "hono";
import { readAnswer, json } from "./answer.ts";
import { findCampaign } from "./campaign-address.ts";
import type { Http, Query, RoomPort } from "./ports.ts";
import { parseQuery } from "./query-string.ts";
import { notFound, problem } from "./problem.ts";

/** `GET …/{query}`, answered by the read model, and `GET …/{kind}[/{id}]`, answered by the room. */
export function readRoutes(queries: readonly Query[]): Hono<Http> {
  const routes = new Hono<Http>();
  for (const query of queries) {
    const scope = query.scope === "workspace" ? "/:ws" : "/:ws/campaigns/:campaign";
    routes.get(`${scope}/${query.path}`, async (c) => await answerQuery(c, query));
  }

  routes.get("/:ws", async (c) => {
    const { ws } = c.req.param();
    return await readFrom(c, c.var.ports.workspace(ws), { kind: "workspace", id: ws });
  });
  routes.get("/:ws/campaigns/:campaign", async (c) => {
    return await readCampaign(c, (id) => ({ kind: "campaign", id }));
  });
  routes.get("/:ws/campaigns/:campaign/:kind", async (c) => {
    return await readCampaign(c, () => ({ kind: c.req.param("kind") }));
  });
  routes.get("/:ws/campaigns/:campaign/:kind/:id", async (c) => {
    return await readCampaign(c, () => ({ kind: c.req.param("kind"), id: c.req.param("id") }));
  });
  routes.get("/:ws/:kind", async (c) => {
    const { ws, kind } = c.req.param();
    return await readFrom(c, c.var.ports.workspace(ws), { kind });
  });
  routes.get("/:ws/:kind/:id", async (c) => {
    const { ws, kind, id } = c.req.param();
    return await readFrom(c, c.var.ports.workspace(ws), { kind, id });
  });
  return routes;
}

interface Wanted {
  readonly kind: string;
  readonly id?: string;
}

async function readCampaign(c: Context<Http>, wanted: (campaignId: string) => Wanted): Promise<Response> {
  const { ws = "", campaign = "" } = c.req.param();
  const id = await findCampaign(c, ws, campaign);
  return id === undefined ? notFound() : await readFrom(c, c.var.ports.campaign(ws, id), wanted(id));
}

async function readFrom(c: Context<Http>, room: RoomPort, { kind, id }: Wanted): Promise<Response> {
  const read = await room.read({ identity: c.var.verified.identity, kind, id });
  return readAnswer(read, { kind, one: id !== undefined });
}

/** The room says whether the caller may ask; the read model answers. */
async function answerQuery(c: Context<Http>, query: Query): Promise<Response> {
  const { ws = "", campaign: ref } = c.req.param();
  const { ports, verified } = c.var;
  const campaign_id = ref === undefined ? undefined : await findCampaign(c, ws, ref);
  if (ref !== undefined && campaign_id === undefined) return notFound();
  const { identity } = verified;
  const room = campaign_id === undefined ? ports.workspace(ws) : ports.campaign(ws, campaign_id);
  const standing = await room.standing({ identity, needs: query.needs, campaign_id });
  if (!standing.ok) return problem(standing.refusal);
  const params = parseQuery(c.req.raw, query.params);
  if (!params.ok) return problem(params.refusal);
  const { grants } = standing;
  return json(await query.run({ identity, grants, workspace_id: ws, campaign_id }, params.value), 200);
}
