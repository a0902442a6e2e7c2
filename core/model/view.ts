import type { z } from "zod";
import type { Audience } from "./access.ts";
import type { Entity } from "./entity.ts";
import type { ReadTx } from "./transaction.ts";

/**
 * Something computed from a room's entities each time it is read, never stored or sent live: ratios and judgements.
 * It is read over HTTP like an entity kind: `GET …/{name}` and `GET …/{name}/{id}`.
 */
export interface ViewDefinition<V extends Entity = Entity> {
  readonly name: string;
  readonly about: string;
  readonly schema: z.ZodType<V>;
  /** Who may read a row; without it, whoever may read the room. */
  audience?(row: V): Audience;
  /** The row whose subject has that id or external id; undefined if there is none. `now` is ISO-8601 UTC. */
  one(tx: ReadTx, ref: string, now: string): ViewRow<V> | undefined;
  all(tx: ReadTx, now: string): ViewRow<V>[];
}

/** A row with the revision of what it is about. */
export interface ViewRow<V extends Entity = Entity> {
  readonly revision: number;
  readonly value: V;
}

/** Defines a view; its name is snake_case, as entity kinds are. */
export function defineView<V extends Entity>(
  name: string,
  options: Omit<ViewDefinition<V>, "name">,
): ViewDefinition<V> {
  if (!/^[a-z]+(_[a-z]+)*$/.test(name)) throw new Error(`View "${name}" is not snake_case`);
  return { name, ...options };
}
