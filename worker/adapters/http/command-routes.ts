import { Hono } from "hono";
import type { Context } from "hono";
import { isRefusal } from "../../../core/model/refusal.ts";
import { MAX_BODY_BYTES } from "../../../core/protocol/version.ts";
import { commandAnswer } from "./answer.ts";
import { readJson } from "./body.ts";
import { findCampaign } from "./campaign-address.ts";
import { readCommandHeaders } from "./command-headers.ts";
import { indexCommands } from "./command-index.ts";
import type { RoutedCommand } from "./command-index.ts";
import type { Http, RoomPort, Rooms } from "./ports.ts";
import { notFound, problem } from "./problem.ts";
import { correlationOf } from "./request-context.ts";

interface Address {
  readonly room: RoomPort;
  /** For a campaign's room. */
  readonly campaign_id?: string;
}

/** `POST …/{service}/{action}`: every command of both rooms, below a workspace's address. */
export function commandRoutes(rooms: Rooms): Hono<Http> {
  const ofWorkspace = indexCommands(rooms.workspace);
  const ofCampaign = indexCommands(rooms.campaign);
  const routes = new Hono<Http>();

  routes.post("/:ws/campaigns/:campaign/:service/:action", async (c) => {
    const { ws, campaign: ref, service, action } = c.req.param();
    const routed = ofCampaign.get(`${service}/${action}`);
    const id = routed && (await findCampaign(c, ws, ref));
    if (!routed || id === undefined) return notFound();
    return await send(c, routed, { room: c.var.ports.campaign(ws, id), campaign_id: id });
  });

  routes.post("/:ws/:service/:action", async (c) => {
    const { ws, service, action } = c.req.param();
    const routed = ofWorkspace.get(`${service}/${action}`);
    return routed ? await send(c, routed, { room: c.var.ports.workspace(ws) }) : notFound();
  });
  return routes;
}

async function send(c: Context<Http>, routed: RoutedCommand, { room, campaign_id }: Address): Promise<Response> {
  const headers = readCommandHeaders(c.req.raw.headers);
  if (isRefusal(headers)) return problem(headers);
  const body = await readJson(c.req.raw, MAX_BODY_BYTES);
  if (!body.ok) return problem(body.refusal, body.status);
  const payload = campaign_id && routed.takes_campaign_id ? withCampaign(body.value, campaign_id) : body.value;
  const { key, expected_revision, dry_run } = headers;
  const metadata = { ...(expected_revision !== undefined && { expected_revision }), ...(dry_run && { dry_run }) };
  const outcome = await room.command({
    identity: c.var.verified.identity,
    envelope: { type: `${routed.command.type}:requested`, id: key, payload, metadata },
    correlation: correlationOf(c),
  });
  return commandAnswer(outcome);
}

/** The payload with the address's campaign, if it names none. One that names another is the room's to refuse. */
function withCampaign(payload: unknown, campaignId: string): unknown {
  const isObject = typeof payload === "object" && payload !== null && !Array.isArray(payload);
  return isObject && !Object.hasOwn(payload, "campaign_id") ? { ...payload, campaign_id: campaignId } : payload;
}
