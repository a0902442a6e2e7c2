import type { ActorRef } from "../../core/model/access.ts";
import type { StoredEntity } from "../../core/model/entity.ts";
import type { EmittedEvent } from "../../core/model/event.ts";
import { MapStore } from "../../core/model/map-store.ts";
import { Overlay } from "../../core/model/overlay.ts";
import type { EntitySource } from "../../core/model/overlay.ts";
import type { RoomDefinition } from "../../core/model/room.ts";
import type { Position } from "../../core/protocol/frames.ts";
import type { Correlation, LogRow, Randomness, RoomMemory, RoomStorage } from "./ports.ts";

/** A command's outcome on its way into the log. */
export interface Draft {
  readonly actor: ActorRef;
  readonly command_id: string;
  readonly digest: string;
  readonly type: string;
  readonly at: string;
  readonly correlation: Correlation;
  readonly events: readonly EmittedEvent[];
  readonly overlay: Overlay;
}

/** An entity's JSON may be at most this long, so that rows, frames and projections stay bounded. */
export const MAX_ENTITY_CHARS = 64 * 1024;
/** A state is kept at every so many commits, so that any past one is a bounded fold away. */
const CHECKPOINT_EVERY = 1000;
const CHECKPOINT_CHUNK_CHARS = 1_000_000;

/** An entity outgrew {@link MAX_ENTITY_CHARS}; the command that did it is refused. */
export class EntityTooLarge extends Error {}

/**
 * The authoritative state: resident entities in memory over durable storage, and the ordered log.
 * {@link commit} is the only write path; if it throws, neither memory nor storage changed.
 */
export class CommitLog implements EntitySource {
  readonly #room: RoomDefinition;
  readonly #storage: RoomStorage;
  readonly #random: Randomness;
  readonly #cache = new MapStore();
  #memory: RoomMemory;
  #head: number;
  #headTip: string;
  #historyStart: number;

  /** Reads the room's memory and its resident entities; never the log, however long. */
  constructor(room: RoomDefinition, storage: RoomStorage, random: Randomness) {
    this.#room = room;
    this.#storage = storage;
    this.#random = random;
    this.#memory = storage.memory();
    this.#head = storage.head();
    this.#headTip = this.#tipOf(this.#head);
    this.#historyStart = storage.historyStart();
    for (const kind of room.entities.values()) {
      if (kind.resident) for (const stored of storage.scan(kind.kind)) this.#cache.write(stored);
    }
  }

  get memory(): RoomMemory {
    return this.#memory;
  }

  get head(): number {
    return this.#head;
  }

  get historyStart(): number {
    return this.#historyStart;
  }

  get position(): Position {
    return { epoch: this.#memory.epoch, seq: this.#head, tip: this.#headTip };
  }

  read(kind: string, id: string): StoredEntity | undefined {
    return this.#room.entities.get(kind)?.resident ? this.#cache.read(kind, id) : this.#storage.read(kind, id);
  }

  scan(kind: string): Iterable<StoredEntity> {
    return this.#cache.scan(kind);
  }

  /** Every live resident entity. */
  *residents(): Iterable<StoredEntity> {
    for (const stored of this.#cache.all()) if (!stored.deleted) yield stored;
  }

  overlay(): Overlay {
    return new Overlay(this);
  }

  /** Whether `position` lies in this very history, and the rows after it are all kept. */
  holds(position: Position): boolean {
    if (position.epoch !== this.#memory.epoch) return false;
    if (position.seq > this.#head || position.seq < this.#historyStart) return false;
    return position.seq === this.#historyStart || this.#tipOf(position.seq) === position.tip;
  }

  rows(after: number, limit: number): LogRow[] {
    return this.#storage.readLog(after, limit);
  }

  /** The committed row of an actor's command, if it was carried out before. */
  findCommand(actor: ActorRef, commandId: string): LogRow | undefined {
    return this.#storage.findCommand(actor, commandId);
  }

  /** The tip at a `seq` whose row is kept; empty otherwise. */
  tipAt(seq: number): string {
    return this.#tipOf(seq);
  }

  /** Writes one log row and the touched entities in one transaction, then lets memory follow. */
  commit(draft: Draft): LogRow {
    const seq = this.#head + 1;
    const touched = draft.overlay.touched().map((stored) => ({ ...stored, seq }));
    const { overlay: _overlay, ...facts } = draft;
    const row: LogRow = { ...facts, seq, touched: touched.map((e) => [e.kind, e.id, e.revision] as const) };
    this.#storage.transact(() => {
      this.#storage.appendLog(row);
      for (const stored of touched) this.#write(stored);
      if (seq % CHECKPOINT_EVERY === 0) this.#storage.writeCheckpoint(seq, this.#checkpoint(touched));
    });
    for (const stored of touched) if (this.#room.entities.get(stored.kind)?.resident) this.#cache.write(stored);
    this.#head = seq;
    this.#headTip = this.#tip(row);
    return row;
  }

  /** Remembers how far each outbox consumer has come: one row, so callers batch it. */
  saveCursors(cursors: Readonly<Record<string, number>>): void {
    this.#remember({ ...this.#memory, cursors });
  }

  /** Starts a new epoch: every position held outside becomes foreign. For use after a restore. */
  startEpoch(): void {
    this.#remember({ ...this.#memory, epoch: this.#memory.epoch + 1 });
  }

  /** Drops log rows up to `upTo` that are older than `before`; checkpoints stay. */
  prune(upTo: number, before: string): void {
    this.#storage.transact(() => this.#storage.pruneLog(Math.min(upTo, this.#head - 1), before));
    this.#historyStart = this.#storage.historyStart();
  }

  #remember(memory: RoomMemory): void {
    this.#storage.transact(() => this.#storage.writeMemory(memory));
    this.#memory = memory;
  }

  #write(stored: StoredEntity): void {
    if (JSON.stringify(stored.value).length > MAX_ENTITY_CHARS) {
      throw new EntityTooLarge(`${stored.kind} ${stored.id} would be larger than ${MAX_ENTITY_CHARS / 1024} KB`);
    }
    const kind = this.#room.entities.get(stored.kind);
    if (!kind) throw new Error(`This room has no entities of kind ${stored.kind}`);
    if (kind.due) {
      const before = this.read(stored.kind, stored.id);
      const old = before && !before.deleted ? (kind.due(before.value)?.at ?? null) : null;
      const due = stored.deleted ? null : (kind.due(stored.value)?.at ?? null);
      if (due !== old) this.#storage.setTimer(stored.kind, stored.id, due);
    }
    this.#storage.writeEntity(stored);
  }

  /** All resident entities as they are with `touched` written, as JSON lines in bounded chunks. */
  #checkpoint(touched: readonly StoredEntity[]): string[] {
    const after = new Map<string, StoredEntity>();
    for (const stored of this.#cache.all()) after.set(`${stored.kind}/${stored.id}`, stored);
    for (const stored of touched) {
      if (this.#room.entities.get(stored.kind)?.resident) after.set(`${stored.kind}/${stored.id}`, stored);
    }
    const chunks: string[] = [];
    let lines: string[] = [];
    let size = 0;
    for (const stored of after.values()) {
      const line = JSON.stringify(stored);
      if (size + line.length > CHECKPOINT_CHUNK_CHARS && lines.length > 0) {
        chunks.push(lines.join("\n"));
        lines = [];
        size = 0;
      }
      lines.push(line);
      size += line.length;
    }
    if (lines.length > 0) chunks.push(lines.join("\n"));
    return chunks;
  }

  #tipOf(seq: number): string {
    if (seq === this.#head && this.#headTip !== undefined) return this.#headTip;
    const row = seq === 0 ? undefined : this.#storage.readLog(seq - 1, 1)[0];
    return row?.seq === seq ? this.#tip(row) : "";
  }

  #tip(row: LogRow): string {
    return this.#random.digest([row.seq, row.actor, row.command_id, row.digest, row.at].join("\n")).slice(0, 16);
  }
}
