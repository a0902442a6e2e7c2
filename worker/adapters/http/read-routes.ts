import { Hono } from "hono";
import type { Context } from "hono";
import { readAnswer, json } from "./answer.ts";
import { isRefusal } from "../../../core/model/refusal.ts";
import { findCampaign } from "./campaign-address.ts";
import { hasField } from "./schema-fields.ts";
import type { Http, Query, RoomPort } from "./ports.ts";
import { queryOf } from "./query-string.ts";
import { notFound, problem } from "./problem.ts";

/** `GET …/{query}`, answered by the read model, and `GET …/{kind}[/{id}]`, answered by the room. */
export function readRoutes(queries: readonly Query[]): Hono<Http> {
  const routes = new Hono<Http>();
  for (const query of queries) {
    routes.get(`/:ws/${query.name}`, async (c) => await answerQuery(c, query));
    if (!hasField(query.query, "campaign_id")) continue;
    routes.get(`/:ws/campaigns/:campaign/${query.name}`, async (c) => await answerQuery(c, query));
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
async function answerQuery(c: Context<Http>, { needs, run }: Query): Promise<Response> {
  const { ws = "", campaign: ref } = c.req.param();
  const { ports, verified } = c.var;
  const campaign_id = ref === undefined ? undefined : await findCampaign(c, ws, ref);
  if (ref !== undefined && campaign_id === undefined) return notFound();
  const { identity } = verified;
  const room = campaign_id === undefined ? ports.workspace(ws) : ports.campaign(ws, campaign_id);
  const standing = await room.standing({ identity, needs, campaign_id });
  if (!standing.ok) return problem(standing.refusal);
  const query = queryOf(c.req.raw);
  if (isRefusal(query)) return problem(query);
  const { grants } = standing;
  const answered = await run({ grants, workspace_id: ws }, { ...query, ...(campaign_id && { campaign_id }) });
  return answered.ok ? json(answered.answer, 200) : problem(answered.refusal);
}
