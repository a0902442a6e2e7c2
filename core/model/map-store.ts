import type { StoredEntity } from "./entity.ts";
import type { EntitySource } from "./overlay.ts";

/** Committed entities in memory: the browser's confirmed state, the room's cache, and the fake in tests. */
export class MapStore implements EntitySource {
  readonly #kinds = new Map<string, Map<string, StoredEntity>>();

  read(kind: string, id: string): StoredEntity | undefined {
    return this.#kinds.get(kind)?.get(id);
  }

  scan(kind: string): Iterable<StoredEntity> {
    return this.#kinds.get(kind)?.values() ?? [];
  }

  /** Every stored entity of every kind. */
  *all(): Iterable<StoredEntity> {
    for (const byId of this.#kinds.values()) yield* byId.values();
  }

  write(stored: StoredEntity): void {
    let byId = this.#kinds.get(stored.kind);
    if (!byId) this.#kinds.set(stored.kind, (byId = new Map<string, StoredEntity>()));
    byId.set(stored.id, stored);
  }

  /** Removes an entity altogether, as if it never was: for what a reader may no longer see. */
  forget(kind: string, id: string): void {
    this.#kinds.get(kind)?.delete(id);
  }

  clear(): void {
    this.#kinds.clear();
  }
}
