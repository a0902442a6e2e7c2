import { z } from "zod";
import type { Permission } from "../../core/model/access.ts";
import { canonicalJson } from "../../core/model/json.ts";
import { refuse } from "../../core/model/refusal.ts";
import type { Refusal } from "../../core/model/refusal.ts";
import { AsOf } from "./as-of.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import type { Reader } from "./reader.ts";
import type { ReadDb } from "./sql.ts";

/** An answer. A page may hold fewer items than asked for while `next_cursor` says that there is more. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
  /** Null if nothing of it has arrived in the read model yet. */
  readonly as_of: AsOf | null;
}

/** The query parameters of every read, as they come in an address: texts. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().min(1).max(2_000).optional(),
});

/** A time in a query, brought to the form in which times are stored, so that they compare as texts. */
export const QueryTime = z.iso.datetime({ offset: true }).transform((time) => new Date(time).toISOString());

/** Words to look for. */
export const QueryText = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/[\p{L}\p{N}]/u, "Give at least one letter or digit");

/** One way to ask the read model, defined once: the HTTP routes and their reference derive from it. */
export interface ReadDefinition<Q = unknown, T = unknown> {
  /** The last part of its address: plural and snake_case. */
  readonly name: string;
  readonly about: string;
  readonly needs: Permission;
  /** The query parameters, whose values arrive as text. With a `campaign_id` it can be asked of one campaign. */
  readonly query: z.ZodType<Q>;
  readonly answer: z.ZodType;
  /** Answers a query; INVALID_REQUEST for a cursor that is not one of it. Throws if D1 does not answer. */
  read(db: ReadDb, reader: Reader, query: Q): Promise<Page<T> | Refusal>;
}

/** The schema of a page of such items. */
export function pageOf<T extends z.ZodType>(item: T): z.ZodType {
  return z.object({ items: z.array(item), next_cursor: z.string().nullable(), as_of: AsOf.nullable() });
}

interface Paging<K> {
  /** What cursors of this read and query belong to. */
  readonly binding: string;
  /** The last key of the page before; null for the first. */
  readonly after: K | null;
}

/** Where the page a query asks for begins, or why there is no such page. */
export function paging<K>(
  query: { readonly cursor?: string | undefined; readonly limit: number },
  { name, reader, key }: { name: string; reader: Reader; key: z.ZodType<K> },
): Paging<K> | Refusal {
  const { cursor, limit: _limit, ...filters } = query;
  const binding = canonicalJson([name, reader.workspace_id, filters]);
  if (cursor === undefined) return { binding, after: null };
  const after = decodeCursor(cursor, binding, key);
  if (after !== null) return { binding, after };
  const message = "The cursor is not one of this query.";
  return refuse("INVALID_REQUEST", message, {
    issues: [{ pointer: "/query/cursor", message, keyword: "cursor" }],
    hint: "Send the next_cursor of the page before with the same filters, or leave it out to begin again.",
  });
}

/** The first `limit` of rows of which one more was read, and the cursor to go on with if there was one. */
export function cutPage<R>(
  rows: readonly R[],
  { limit, binding, key }: { limit: number; binding: string; key(row: R): readonly unknown[] },
): { rows: readonly R[]; next_cursor: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, next_cursor: rows.length > limit && last ? encodeCursor(key(last), binding) : null };
}
