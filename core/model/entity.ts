import type { z } from "zod";
import type { Audience } from "./access.ts";
import type { CommandCall } from "./command.ts";

/** What every entity has. Its revision is kept beside it, by the transaction. */
export interface Entity {
  readonly id: string;
}

/** A command that the room sends itself at a time. `at` is ISO-8601 UTC. */
export interface Due {
  readonly at: string;
  readonly command: CommandCall;
}

/**
 * A kind of entity: its schema, who holds it and who may see it.
 * `resident` kinds are kept in memory by the room and by browsers; others are read one by one from storage.
 */
export interface EntityKind<E extends Entity = Entity> {
  readonly kind: string;
  readonly about: string;
  readonly schema: z.ZodType<E>;
  readonly resident: boolean;
  /** Who may see an entity of this kind; without it, whoever may read the room. */
  audience?(entity: E): Audience;
  /** A timer the engine keeps for the entity, computed anew at each change. */
  due?(entity: E): Due | null;
}

/** An entity as stored: `revision` counts the commits that touched it since it was last created, `seq` is the last of them. */
export interface StoredEntity<E extends Entity = Entity> {
  readonly kind: string;
  readonly id: string;
  readonly revision: number;
  readonly seq: number;
  readonly deleted: boolean;
  readonly value: E;
}

/** The options of {@link defineEntity}; `resident` defaults to true. */
export interface EntityOptions<E extends Entity> {
  about: string;
  schema: z.ZodType<E>;
  resident?: boolean;
  audience?(entity: E): Audience;
  due?(entity: E): Due | null;
}

/** Defines an entity kind. `kind` is snake_case and is its name everywhere: code, wire, database. */
export function defineEntity<E extends Entity>(kind: string, options: EntityOptions<E>): EntityKind<E> {
  if (!/^[a-z]+(_[a-z]+)*$/.test(kind)) throw new Error(`Entity kind "${kind}" is not snake_case`);
  return { kind, resident: true, ...options };
}
