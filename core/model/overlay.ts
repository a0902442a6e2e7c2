import type { Entity, EntityKind, StoredEntity } from "./entity.ts";
import type { WriteTx } from "./transaction.ts";

/** Where committed entities are read from: the room's cache over SQLite, the browser's confirmed state, a plain map in tests. */
export interface EntitySource {
  read(kind: string, id: string): StoredEntity | undefined;
  /** Every stored entity of a kind, deleted ones included. */
  scan(kind: string): Iterable<StoredEntity>;
}

/**
 * Uncommitted writes over a source. Nothing reaches the source until its owner flushes {@link touched}.
 * An entity's revision grows by one however often one overlay writes it.
 */
export class Overlay implements WriteTx {
  readonly #source: EntitySource;
  readonly #touched = new Map<string, Map<string, StoredEntity>>();

  constructor(source: EntitySource) {
    this.#source = source;
  }

  get<E extends Entity>(kind: EntityKind<E>, id: string): E | undefined {
    const stored = this.read(kind.kind, id);
    // The cast is safe: rows of a kind are only ever written through that kind's typed methods.
    return stored && !stored.deleted ? (stored.value as E) : undefined;
  }

  list<E extends Entity>(kind: EntityKind<E>): E[] {
    if (!kind.resident) throw new Error(`${kind.kind} is not resident: read it by id or by query`);
    const live: E[] = [];
    for (const stored of this.scan(kind.kind)) if (!stored.deleted) live.push(stored.value as E);
    return live;
  }

  revision(kind: EntityKind, id: string): number {
    return this.read(kind.kind, id)?.revision ?? 0;
  }

  used(kind: EntityKind, id: string): boolean {
    return this.read(kind.kind, id) !== undefined;
  }

  create<E extends Entity>(kind: EntityKind<E>, entity: E): void {
    if (this.get(kind, entity.id)) throw new Error(`${kind.kind} ${entity.id} exists already`);
    this.put(kind, entity);
  }

  update<E extends Entity>(kind: EntityKind<E>, id: string, fields: Partial<E>): void {
    const current = this.get(kind, id);
    if (!current) throw new Error(`${kind.kind} ${id} does not exist`);
    this.put(kind, { ...current, ...fields });
  }

  put<E extends Entity>(kind: EntityKind<E>, entity: E): void {
    this.#write(kind.kind, entity, false);
  }

  delete(kind: EntityKind, id: string): void {
    const current = this.get(kind, id);
    if (current) this.#write(kind.kind, current, true);
  }

  /** What was written, each entity once, with its new revision; `seq` is set by whoever commits. */
  touched(): StoredEntity[] {
    return [...this.#touched.values()].flatMap((byId) => [...byId.values()]);
  }

  /** The source as this overlay changes it, so that overlays can be stacked. */
  read(kind: string, id: string): StoredEntity | undefined {
    return this.#touched.get(kind)?.get(id) ?? this.#source.read(kind, id);
  }

  *scan(kind: string): Iterable<StoredEntity> {
    const written = this.#touched.get(kind);
    const seen = new Set<string>();
    for (const stored of this.#source.scan(kind)) {
      seen.add(stored.id);
      yield written?.get(stored.id) ?? stored;
    }
    if (written) for (const [id, stored] of written) if (!seen.has(id)) yield stored;
  }

  #write(kind: string, value: Entity, deleted: boolean): void {
    const base = this.#source.read(kind, value.id);
    let byId = this.#touched.get(kind);
    if (!byId) this.#touched.set(kind, (byId = new Map<string, StoredEntity>()));
    byId.set(value.id, {
      kind,
      id: value.id,
      // One that comes back after it was deleted begins anew: a reader who never held it counts the same.
      revision: (base && !base.deleted ? base.revision : 0) + 1,
      seq: base?.seq ?? 0,
      deleted,
      value,
    });
  }
}
