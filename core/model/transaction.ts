import type { Entity, EntityKind } from "./entity.ts";

/** Reading a room's entities. What it returns is frozen state: never mutate it. */
export interface ReadTx {
  /** The live entity, or undefined if it never existed or was deleted. */
  get<E extends Entity>(kind: EntityKind<E>, id: string): E | undefined;
  /** All live entities of a resident kind, in no order that may be relied on. Throws for a kind that is not resident. */
  list<E extends Entity>(kind: EntityKind<E>): E[];
  /** How many commits touched the entity since it was last created; 0 if it never existed. */
  revision(kind: EntityKind, id: string): number;
  /** Whether the id was ever used in this kind, also by a deleted entity. */
  used(kind: EntityKind, id: string): boolean;
}

/** Writing them: only events' `apply` has one. */
export interface WriteTx extends ReadTx {
  /** Adds an entity. Throws if a live one has the id. */
  create<E extends Entity>(kind: EntityKind<E>, entity: E): void;
  /** Replaces the named fields. Throws if there is no live entity. */
  update<E extends Entity>(kind: EntityKind<E>, id: string, fields: Partial<E>): void;
  /** Adds or replaces. */
  put<E extends Entity>(kind: EntityKind<E>, entity: E): void;
  /** Deletes; does nothing if there is no live entity. */
  delete(kind: EntityKind, id: string): void;
}
