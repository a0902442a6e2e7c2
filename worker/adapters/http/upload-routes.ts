import { Hono } from "hono";
import type { Context } from "hono";
import { isRefusal, refuse } from "../../../core/model/refusal.ts";
import type { Refusal } from "../../../core/model/refusal.ts";
import { json } from "./answer.ts";
import { announcesMoreThan, bodyStream, mediaType, tooLarge } from "./body.ts";
import { findCampaign } from "./campaign-address.ts";
import { readCommandHeaders } from "./command-headers.ts";
import type { CommandHeaders } from "./command-headers.ts";
import type { Http, Upload } from "./ports.ts";
import { notFound, problem } from "./problem.ts";
import { queryOf } from "./query-string.ts";
import { correlationOf } from "./request-context.ts";

/** `POST …/campaigns/{id}/{upload}`: bodies that are read as they come. */
export function uploadRoutes(uploads: readonly Upload[]): Hono<Http> {
  const routes = new Hono<Http>();
  for (const upload of uploads) {
    routes.post(`/:ws/campaigns/:campaign/${upload.path}`, async (c, next) => {
      // A command can have the same address: its body is JSON.
      return mediaType(c.req.raw) === "application/json" ? await next() : await receive(c, upload);
    });
  }
  return routes;
}

async function receive(c: Context<Http>, upload: Upload): Promise<Response> {
  const { ws = "", campaign = "" } = c.req.param();
  const { ports, verified } = c.var;
  const { identity } = verified;
  const campaign_id = await findCampaign(c, ws, campaign);
  if (campaign_id === undefined) return notFound();
  const standing = await ports.campaign(ws, campaign_id).standing({ identity, needs: upload.needs, campaign_id });
  if (!standing.ok) return problem(standing.refusal);

  const headers: CommandHeaders | Refusal = upload.mutates ? readCommandHeaders(c.req.raw.headers) : { key: "" };
  if (isRefusal(headers)) return problem(headers);
  if (headers.dry_run || headers.expected_revision !== undefined) {
    return problem(refuse("INVALID_REQUEST", "An upload takes neither Dry-Run nor If-Match."));
  }
  const query = queryOf(c.req.raw);
  if (isRefusal(query)) return problem(query);
  if (mediaType(c.req.raw) !== upload.content_type) {
    const hint = `Send Content-Type: ${upload.content_type}.`;
    return problem(refuse("INVALID_REQUEST", `The body must be ${upload.content_type}.`, { hint }), 415);
  }
  if (announcesMoreThan(c.req.raw, upload.max_bytes)) return problem(tooLarge(upload.max_bytes));
  const { key } = headers;
  const length = c.req.raw.headers.get("content-length");
  const outcome = await upload.run({
    identity,
    workspace_id: ws,
    campaign_id,
    query,
    body: bodyStream(c.req.raw),
    ...(length !== null && { total_bytes: Number(length) }),
    key,
    correlation: correlationOf(c),
  });
  return outcome.ok ? json(outcome.answer, upload.status) : problem(outcome.refusal);
}
