import type { EntityKind, StoredEntity } from "../../core/model/entity.ts";
import { MapStore } from "../../core/model/map-store.ts";
import { Overlay } from "../../core/model/overlay.ts";
import type { RoomDefinition } from "../../core/model/room.ts";
import type { Access, Commits, Position, Snapshot, WireEvent, WireRow } from "../../core/protocol/frames.ts";
import { StagedStore } from "./staged-store.ts";

/** A frame that does not fit what this client holds: it is repaired by resuming. */
export class BadFrame extends Error {}

/** An entity that a commit wrote, and who did. */
export interface Change {
  readonly kind: string;
  readonly id: string;
  readonly by: string;
}

/** A snapshot of which chunks are still to come. */
interface Incoming {
  readonly seq: number;
  readonly chunks: number;
  readonly store: MapStore;
  next: number;
}

/** What the room has confirmed: entities as of one position. Every method changes all or nothing. */
export class Replica {
  readonly #room: RoomDefinition;
  #store = new MapStore();
  #position: Position | null = null;
  #incoming: Incoming | null = null;

  constructor(room: RoomDefinition) {
    this.#room = room;
  }

  get store(): MapStore {
    return this.#store;
  }

  /** Null until the first snapshot is complete. */
  get position(): Position | null {
    return this.#position;
  }

  /** Applies a `commits` frame; what was applied before is skipped. Throws {@link BadFrame} for a gap or what cannot be applied. */
  applyCommits(frame: Commits): Change[] {
    const position = this.#position;
    if (!position) throw new BadFrame("Commits came before any state");
    if (frame.epoch !== position.epoch) throw new BadFrame(`Epoch ${frame.epoch} instead of ${position.epoch}`);
    if (frame.to <= position.seq) return [];
    if (frame.from > position.seq) throw new BadFrame(`Commits from ${frame.from} after ${position.seq}`);
    const staged = new StagedStore(this.#store);
    const changes: Change[] = [];
    for (const [seq, actor, at, ...events] of frame.commits) {
      if (seq <= position.seq) continue;
      if (seq > frame.to) throw new BadFrame(`Commit ${seq} beyond ${frame.to}`);
      for (const stored of this.#touchedBy(staged, events, { at, actor })) {
        staged.write({ ...stored, seq });
        changes.push({ kind: stored.kind, id: stored.id, by: actor });
      }
    }
    for (const stored of staged.written()) this.#store.write(stored);
    this.#position = { epoch: frame.epoch, seq: frame.to, tip: frame.tip };
    return changes;
  }

  /** Takes one chunk of a snapshot; true with the last, when it replaces everything. The state held so far stays until then. */
  takeChunk(frame: Snapshot): boolean {
    if (frame.chunk === 0) this.#incoming = { seq: frame.seq, chunks: frame.chunks, store: new MapStore(), next: 0 };
    const incoming = this.#incoming;
    if (!incoming || frame.chunk !== incoming.next || frame.seq !== incoming.seq || frame.chunks !== incoming.chunks) {
      this.#incoming = null;
      throw new BadFrame(`Chunk ${frame.chunk} of a snapshot out of turn`);
    }
    for (const row of frame.rows) incoming.store.write(this.#stored(row, frame.seq));
    incoming.next += 1;
    if (incoming.next < incoming.chunks) return false;
    this.#store = incoming.store;
    this.#incoming = null;
    this.#position = { epoch: frame.epoch, seq: frame.seq, tip: frame.tip };
    return true;
  }

  /** Takes what became visible and forgets what no longer is. Throws {@link BadFrame} if it is ahead of the commits applied. */
  applyAccess(frame: Access): void {
    if (!this.#position || frame.seq > this.#position.seq)
      throw new BadFrame(`Rights as of ${frame.seq}, ahead of the state`);
    const put = frame.put.map((row) => this.#stored(row, frame.seq));
    for (const stored of put) {
      const held = this.#store.read(stored.kind, stored.id);
      if (!held || held.seq <= frame.seq) this.#store.write(stored);
    }
    for (const [kind, id] of frame.forget) this.#store.forget(kind, id);
  }

  /** Forgets everything: access was taken away. */
  clear(): void {
    this.#store = new MapStore();
    this.#position = null;
    this.#incoming = null;
  }

  #touchedBy(staged: StagedStore, events: readonly WireEvent[], facts: { at: string; actor: string }): StoredEntity[] {
    const overlay = new Overlay(staged);
    for (const [type, data] of events) {
      const definition = this.#room.events.get(type);
      if (!definition) throw new BadFrame(`Unknown event ${type}`);
      const parsed = (definition.wire?.data ?? definition.data).safeParse(data);
      if (!parsed.success) throw new BadFrame(`${type}: ${parsed.error.message}`);
      definition.apply(overlay, parsed.data, facts);
    }
    return overlay.touched().filter((stored) => this.#kind(stored.kind).resident);
  }

  #stored([kind, id, revision, value]: WireRow, seq: number): StoredEntity {
    const parsed = this.#kind(kind).schema.safeParse(value);
    if (!parsed.success) throw new BadFrame(`${kind} ${id}: ${parsed.error.message}`);
    return { kind, id, revision, seq, deleted: false, value: parsed.data };
  }

  #kind(name: string): EntityKind {
    const kind = this.#room.entities.get(name);
    if (!kind) throw new BadFrame(`Unknown kind ${name}`);
    return kind;
  }
}
