import { Hono } from "hono";
import type { Context } from "hono";
import { refuse } from "../../../core/model/refusal.ts";
import { WorkspaceId } from "../../../core/model/units.ts";
import { CLOSE_CODES } from "../../../core/protocol/close-codes.ts";
import type { CloseReason } from "../../../core/protocol/close-codes.ts";
import { SUBPROTOCOL } from "../../../core/protocol/version.ts";
import { findCampaign } from "./campaign-address.ts";
import { LIVE_HEADERS } from "./ports.ts";
import type { Http, Verified } from "./ports.ts";
import { problem } from "./problem.ts";
import { isForWorkspace } from "./request-context.ts";

const BEARER = "bearer.";

/** `GET …/live`: WebSocket upgrades, passed to the room once it is known who asks. */
export function liveRoutes(): Hono<Http> {
  const routes = new Hono<Http>();
  routes.get("/:ws/live", async (c) => await upgrade(c, undefined));
  routes.get("/:ws/campaigns/:campaign/live", async (c) => await upgrade(c, c.req.param("campaign")));
  return routes;
}

async function upgrade(c: Context<Http>, campaignRef: string | undefined): Promise<Response> {
  if (c.req.header("upgrade")?.toLowerCase() !== "websocket") return upgradeRequired();
  const { ws = "" } = c.req.param();
  const offered = (c.req.header("sec-websocket-protocol") ?? "").split(",").map((text) => text.trim());
  const verified = await verify(c, offered);
  if (!verified) return refuseSocket("UNAUTHENTICATED", offered);
  if (!WorkspaceId.safeParse(ws).success || !isForWorkspace(verified, ws)) return refuseSocket("NOT_FOUND", offered);
  if (campaignRef === undefined) {
    const answer = await c.var.ports.workspace(ws).live(passedOn(c.req.raw, offered, { verified, room: ws }));
    return inOfferedProtocol(answer, offered);
  }
  c.set("verified", verified);
  const id = await findCampaign(c, ws, campaignRef);
  if (id === undefined) return refuseSocket("NOT_FOUND", offered);
  const answer = await c.var.ports
    .campaign(ws, id)
    .live(passedOn(c.req.raw, offered, { verified, room: `${ws}/${id}` }));
  return inOfferedProtocol(answer, offered);
}

async function verify(c: Context<Http>, offered: readonly string[]): Promise<Verified | null> {
  const inProtocol = offered.find((text) => text.startsWith(BEARER))?.slice(BEARER.length);
  const inHeader = /^Bearer +(\S+) *$/i.exec(c.req.header("authorization") ?? "")?.[1];
  const bearer = inProtocol ?? inHeader;
  return bearer === undefined ? null : await c.var.ports.verify(bearer);
}

/** The upgrade as the room sees it: with who asks, without the credential. */
function passedOn(request: Request, offered: readonly string[], who: { verified: Verified; room: string }): Request {
  const headers = new Headers(request.headers);
  headers.delete("authorization");
  headers.delete("sec-websocket-protocol");
  if (offered.includes(SUBPROTOCOL)) headers.set("sec-websocket-protocol", SUBPROTOCOL);
  const { identity, expires_at } = who.verified;
  // A header holds Latin-1 only, a token's subject anything.
  headers.set(LIVE_HEADERS.identity, encodeURIComponent(JSON.stringify({ identity, expires_at })));
  headers.set(LIVE_HEADERS.room, who.room);
  return new Request(request, { headers });
}

/** A client that offered no subprotocol, because it sent its token in a header, must not be answered one. */
function inOfferedProtocol(answer: Response, offered: readonly string[]): Response {
  if (offered.includes(SUBPROTOCOL) || answer.status !== 101) return answer;
  return new Response(null, { status: 101, webSocket: answer.webSocket });
}

/** Accepts and closes without waking any room, because a failed upgrade reaches clients without its reason. */
function refuseSocket(reason: CloseReason, offered: readonly string[]): Response {
  const { 0: client, 1: server } = new WebSocketPair();
  server.accept();
  server.close(CLOSE_CODES[reason].code, CLOSE_CODES[reason].reason);
  const headers = new Headers();
  if (offered.includes(SUBPROTOCOL)) headers.set("sec-websocket-protocol", SUBPROTOCOL);
  return new Response(null, { status: 101, webSocket: client, headers });
}

function upgradeRequired(): Response {
  const response = problem(refuse("INVALID_REQUEST", "This address is for WebSocket connections."), 426);
  response.headers.set("upgrade", "websocket");
  return response;
}
