import type { StoredEntity } from "../../core/model/entity.ts";
import type { EntitySource } from "../../core/model/overlay.ts";

/** Finished writes over a source, kept apart until all of them are known to be good. */
export class StagedStore implements EntitySource {
  readonly #base: EntitySource;
  readonly #written = new Map<string, Map<string, StoredEntity>>();

  constructor(base: EntitySource) {
    this.#base = base;
  }

  read(kind: string, id: string): StoredEntity | undefined {
    return this.#written.get(kind)?.get(id) ?? this.#base.read(kind, id);
  }

  *scan(kind: string): Iterable<StoredEntity> {
    const written = this.#written.get(kind);
    const seen = new Set<string>();
    for (const stored of this.#base.scan(kind)) {
      seen.add(stored.id);
      yield written?.get(stored.id) ?? stored;
    }
    for (const [id, stored] of written ?? []) if (!seen.has(id)) yield stored;
  }

  write(stored: StoredEntity): void {
    let byId = this.#written.get(stored.kind);
    if (!byId) this.#written.set(stored.kind, (byId = new Map<string, StoredEntity>()));
    byId.set(stored.id, stored);
  }

  *written(): Iterable<StoredEntity> {
    for (const byId of this.#written.values()) yield* byId.values();
  }
}
