import type { EntityKind, StoredEntity } from "../../core/model/entity.ts";

/** When an entity's timer is due, in the one form in which times compare as text; null: never. Throws for what is no time. */
export function dueAt(kind: EntityKind, stored: StoredEntity | undefined): string | null {
  const due = stored && !stored.deleted ? kind.due?.(stored.value) : null;
  return due ? new Date(due.at).toISOString() : null;
}
