import type { z } from "zod";
import { refuse } from "../../../core/model/refusal.ts";
import type { Refusal } from "../../../core/model/refusal.ts";
import { toIssues } from "../../engine/pipeline.ts";

/** Parses the query string by a schema whose values arrive as text; a name given twice is refused. */
export function parseQuery<T>(
  request: { readonly url: string },
  schema: z.ZodType<T>,
): { ok: true; value: T } | { ok: false; refusal: Refusal } {
  const { searchParams } = new URL(request.url);
  const names = [...searchParams.keys()];
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) return bad([{ pointer: `/query/${twice}`, message: "Given twice", keyword: "unique" }]);
  const parsed = schema.safeParse(Object.fromEntries(searchParams));
  if (parsed.success) return { ok: true, value: parsed.data };
  return bad(toIssues(parsed.error).map((issue) => ({ ...issue, pointer: `/query${issue.pointer}` })));
}

function bad(issues: Refusal["issues"] & object): { ok: false; refusal: Refusal } {
  const first = issues[0];
  const message = first ? `${first.pointer}: ${first.message}` : "The query string is not valid";
  return { ok: false, refusal: refuse("INVALID_REQUEST", message, { issues }) };
}
