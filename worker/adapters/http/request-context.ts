import type { Context, MiddlewareHandler } from "hono";
import { refuse } from "../../../core/model/refusal.ts";
import type { Correlation } from "../../engine/ports.ts";
import type { Http, Verified } from "./ports.ts";
import { mayCall } from "./origin.ts";
import { problem } from "./problem.ts";
import { SECURITY_HEADERS, contentSecurityPolicy } from "./security-headers.ts";

const CORRELATION_HEADER = "x-correlation-id";
const CORRELATION_ID = /^[A-Za-z0-9_.:-]{1,128}$/;
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
const EXPOSED = "etag, retry-after, x-correlation-id";
const PREFLIGHT_HEADERS = {
  "access-control-allow-methods": "GET, POST",
  "access-control-allow-headers":
    "authorization, content-type, dry-run, idempotency-key, if-match, traceparent, x-correlation-id",
  "access-control-max-age": "600",
};

/** What every answer has, and what every request must pass before anything looks at it. */
export const frame: MiddlewareHandler<Http> = async (c, next) => {
  const given = c.req.header(CORRELATION_HEADER) ?? "";
  c.set("correlation_id", CORRELATION_ID.test(given) ? given : crypto.randomUUID());
  const origin = c.req.header("origin") ?? null;
  const allowed = mayCall(origin, c.req, c.var.ports.allowed_origins);
  if (!allowed) c.res = problem(refuse("FORBIDDEN_ORIGIN", "This origin may not call."));
  else if (c.req.method === "OPTIONS" && origin !== null)
    c.res = new Response(null, { status: 204, headers: PREFLIGHT_HEADERS });
  else await next();
  // The answer to an upgrade comes from the room as it is: its headers cannot be changed.
  if (c.res.status !== 101) addHeaders(c, allowed ? origin : null);
};

function addHeaders(c: Context<Http>, origin: string | null): void {
  const { headers } = c.res;
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) headers.set(name, value);
  const inlineStyles = c.req.path === "/docs";
  headers.set("content-security-policy", contentSecurityPolicy(new URL(c.req.url), { inlineStyles }));
  headers.set(CORRELATION_HEADER, c.var.correlation_id);
  headers.append("vary", "origin");
  if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
  if (origin === null) return;
  headers.set("access-control-allow-origin", origin);
  headers.set("access-control-expose-headers", EXPOSED);
}

/** Proves who asks, or refuses: 401 without a valid credential, "not found" with one for another workspace. */
export const authenticated: MiddlewareHandler<Http> = async (c, next) => {
  const bearer = /^Bearer +(\S+) *$/i.exec(c.req.header("authorization") ?? "")?.[1];
  const verified = bearer === undefined ? null : await c.var.ports.verify(bearer);
  if (!verified) return problem(refuse("UNAUTHENTICATED", "The token or API key is missing or not valid."));
  c.set("verified", verified);
  return await next();
};

/** Whether a credential is good for a workspace at all, before its room is asked. */
export function isForWorkspace(verified: Verified, workspaceId: string): boolean {
  return verified.workspace_id === null || verified.workspace_id === workspaceId;
}

/** What reaches the log about where a request came from. */
export function correlationOf(c: Context<Http>): Correlation {
  const traceparent = c.req.header("traceparent") ?? "";
  return {
    id: c.var.correlation_id,
    via: "http",
    ...(TRACEPARENT.test(traceparent) && { traceparent }),
  };
}
