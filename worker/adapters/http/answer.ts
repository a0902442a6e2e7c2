import type { ReadRefused, RoomRead, Outcome } from "../../engine/outcome.ts";
import { problem } from "./problem.ts";

const STATUS = { ok: 200, created: 201, accepted: 202 } as const;

/** A room's answer to a command. */
export function commandAnswer(outcome: Outcome): Response {
  if (!outcome.ok) return problem(outcome.refusal);
  const { type, id, seq, data, answers, replayed, dry_run } = outcome;
  const body = { type: `${type}:success`, id, seq, ...(replayed && { replayed }), ...(dry_run && { dry_run }), data };
  // Nothing was created by a dry run.
  return json(body, dry_run ? 200 : STATUS[answers]);
}

/** One entity, or all of a kind, as the room holds them. */
export function readAnswer(read: RoomRead | ReadRefused, wants: { kind: string; one: boolean }): Response {
  if (!read.ok) return problem(read.refusal);
  const items = read.rows.map(([, id, revision, data]) => ({ id, revision, data }));
  const { kind } = wants;
  if (!wants.one) return json({ as_of: read.as_of, kind, items }, 200);
  const [item] = items;
  if (!item) throw new Error("A read of one entity answered none");
  return json({ as_of: read.as_of, kind, ...item }, 200, item.revision);
}

/** JSON that nobody may store. `revision` becomes the ETag, to be sent back as If-Match. */
export function json(body: unknown, status: number, revision?: number): Response {
  const headers = new Headers({ "content-type": "application/json", "cache-control": "no-store" });
  if (revision !== undefined) headers.set("etag", `"${revision}"`);
  return new Response(JSON.stringify(body), { status, headers });
}
