import { actorRef, SYSTEM_ACTOR } from "../../core/model/access.ts";
import type { ActorRef } from "../../core/model/access.ts";
import type { StoredEntity } from "../../core/model/entity.ts";
import { utf8Bytes } from "../../core/model/json.ts";
import { MapStore } from "../../core/model/map-store.ts";
import { Overlay } from "../../core/model/overlay.ts";
import type { EntitySource } from "../../core/model/overlay.ts";
import type { RoomDefinition } from "../../core/model/room.ts";
import type { Position } from "../../core/protocol/frames.ts";
import { CHECKPOINT_EVERY, toChunks } from "./checkpoint.ts";
import { dueAt } from "./due.ts";
import type { LogRow, Randomness, RoomMemory, RoomStorage, Tap } from "./ports.ts";
import { RecentRows } from "./recent-rows.ts";
import { MAX_RESIDENT_CHARS, ResidentSize, RoomFull } from "./resident-size.ts";

/** A command's outcome on its way into the log; `seq` and `touched` come with the commit. */
export type Draft = Omit<LogRow, "seq" | "touched">;

/** An entity about to be written, with its JSON and, if its timer changes, when it is due now (ISO-8601, null: never). */
interface EntityWrite {
  readonly stored: StoredEntity;
  readonly json: string;
  readonly due?: string | null;
}

/** A commit that only has to be written: whatever can be wrong with it was found out before. */
export interface PreparedCommit {
  readonly row: LogRow;
  readonly writes: readonly EntityWrite[];
}

/** An entity's JSON may take at most this much, so that rows, frames and projections stay bounded. */
export const MAX_ENTITY_BYTES = 64 * 1024;

/** An entity outgrew {@link MAX_ENTITY_BYTES}; the command that did it is refused. */
export class EntityTooLarge extends Error {}

/**
 * The authoritative state: resident entities in memory over durable storage, and the ordered log.
 * {@link commit} is the only write path of entities; if it throws, neither memory nor storage changed.
 */
export class CommitLog implements EntitySource {
  readonly #room: RoomDefinition;
  readonly #storage: RoomStorage;
  readonly #random: Randomness;
  readonly #cache = new MapStore();
  readonly #recent = new RecentRows();
  readonly #size = new ResidentSize();
  #memory: RoomMemory;
  #head: number;
  /** The row at the head, and its digest once somebody asked for it: of commits that share a frame only the last is asked. */
  #headRow: LogRow | null;
  #headTip: string | null = null;
  #historyStart: number;
  #nextTimer: string | null | undefined;

  /** Reads the room's memory, its resident entities and one log row; never the log, however long. */
  constructor(room: RoomDefinition, storage: RoomStorage, random: Randomness) {
    this.#room = room;
    this.#storage = storage;
    this.#random = random;
    this.#memory = storage.memory();
    this.#head = storage.head();
    const [last] = this.#head > 0 ? storage.readLog(this.#head - 1, 1) : [];
    this.#headRow = last ?? null;
    this.#historyStart = storage.historyStart();
    for (const kind of room.entities.values()) {
      if (!kind.resident) continue;
      for (const { stored, chars } of storage.scanSizes(kind.kind)) this.#hold(stored, chars);
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
    return { epoch: this.#memory.epoch, seq: this.#head, tip: this.tipAt(this.#head) };
  }

  /** When the earliest timer is due (ISO-8601), null if none is set. */
  get nextTimer(): string | null {
    if (this.#nextTimer === undefined) this.#nextTimer = this.#storage.nextTimer();
    return this.#nextTimer;
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
    const { epoch, seq, tip } = position;
    if (epoch !== this.#memory.epoch || seq > this.#head || seq < this.#historyStart) return false;
    return tip === this.tipAt(seq);
  }

  /** The tip at a `seq` whose row is kept, or at the last pruned one; empty otherwise. */
  tipAt(seq: number): string {
    if (seq === this.#head) return (this.#headTip ??= this.#headRow ? this.#tip(this.#headRow) : "");
    if (seq === this.#historyStart) return this.#memory.history_tip ?? "";
    const [row] = this.rows(seq - 1, 1);
    return row?.seq === seq ? this.#tip(row) : "";
  }

  /** Rows with `seq` > `after`, in order, at most `limit`. */
  rows(after: number, limit: number): LogRow[] {
    if (after >= this.#head) return [];
    const recent = this.#recent.after(after, limit);
    if (recent) return recent;
    const rows = this.#storage.readLog(after, limit);
    // After a wake many followers may ask for the same end of the log.
    if (this.#recent.isEmpty && rows.at(-1)?.seq === this.#head) for (const row of rows) this.#recent.push(row);
    return rows;
  }

  /** The committed row of an actor's command, if it was carried out before. */
  findCommand(actor: ActorRef, commandId: string): LogRow | undefined {
    return this.#storage.findCommand(actor, commandId);
  }

  /** Makes everything ready for {@link commit}. Throws {@link EntityTooLarge}, {@link RoomFull}, or whatever is wrong with a definition. */
  prepare(draft: Draft, overlay: Overlay): PreparedCommit {
    const seq = this.#head + 1;
    const writes = overlay.touched().map((stored) => this.#prepareWrite({ ...stored, seq }));
    this.#assertRoomFor(draft.actor, writes);
    const touched = writes.map(({ stored }) => [stored.kind, stored.id, stored.revision] as const);
    return { row: { ...draft, seq, touched }, writes };
  }

  /** Writes one log row and the touched entities in one transaction, then lets memory follow. */
  commit({ row, writes }: PreparedCommit): LogRow {
    if (row.seq !== this.#head + 1) throw new Error(`Commit ${row.seq} was prepared for another head`);
    this.#storage.transact(() => {
      this.#storage.appendLog(row);
      for (const { stored, json, due } of writes) {
        this.#storage.writeEntity(stored, json);
        if (due !== undefined) this.#storage.setTimer(stored.kind, stored.id, due);
      }
      if (row.seq % CHECKPOINT_EVERY === 0) this.#storage.writeCheckpoint(row.seq, this.#checkpoint(writes));
    });
    for (const { stored, json, due } of writes) {
      if (this.#isResident(stored)) this.#hold(stored, json.length);
      if (due !== undefined) this.#nextTimer = undefined;
    }
    this.#head = row.seq;
    this.#headRow = row;
    this.#headTip = null;
    this.#recent.push(row);
    return row;
  }

  /** Sets or takes away an entity's timer without a commit. */
  setTimer(kind: string, id: string, at: string | null): void {
    this.#storage.transact(() => this.#storage.setTimer(kind, id, at));
    this.#nextTimer = undefined;
  }

  /** Remembers how far each outbox consumer has come: one row, so callers batch it. */
  saveCursors(cursors: Readonly<Record<string, number>>): void {
    this.#remember({ ...this.#memory, cursors });
  }

  /** Lets another object follow, from where `cursors` say: in one transaction, so that no wake starts it elsewhere. */
  addTap(tap: Tap, cursors: Readonly<Record<string, number>>): void {
    this.#storage.transact(() => {
      this.#storage.writeTap(tap);
      this.saveCursors(cursors);
    });
  }

  /** Starts a new epoch, for use after a restore: every position held outside becomes foreign, and every consumer begins anew. */
  startEpoch(epoch: number): void {
    const cursors = Object.fromEntries(Object.keys(this.#memory.cursors).map((name) => [name, 0]));
    this.#remember({ ...this.#memory, epoch, cursors });
  }

  /** Drops history up to the newest checkpoint whose commits are all at or before `upTo` and older than `before` (ISO-8601). */
  prune(upTo: number, before: string): void {
    const since = this.#storage.firstSince(before) ?? this.#head;
    const seq = this.#storage.checkpointAt(Math.min(upTo, this.#head - 1, since - 1));
    if (seq === null || seq <= this.#historyStart) return;
    const memory = { ...this.#memory, history_tip: this.tipAt(seq) };
    this.#storage.transact(() => {
      this.#storage.pruneLog(seq);
      this.#storage.writeMemory(memory);
    });
    this.#memory = memory;
    this.#historyStart = seq;
  }

  #isResident({ kind }: StoredEntity): boolean {
    return this.#room.entities.get(kind)?.resident === true;
  }

  #hold(stored: StoredEntity, chars: number): void {
    this.#cache.write(stored);
    this.#size.set(stored, chars);
  }

  /** What shrinks a room passes, and what the room itself does: a mirror that stops would be worse than a large room. */
  #assertRoomFor(actor: ActorRef, writes: readonly EntityWrite[]): void {
    if (actor === actorRef(SYSTEM_ACTOR)) return;
    const growth = this.#size.growth(writes.filter(({ stored }) => this.#isResident(stored)));
    if (!this.#size.mayGrowBy(growth))
      throw new RoomFull(`The room holds ${MAX_RESIDENT_CHARS / 1024 / 1024} MB already`);
  }

  #remember(memory: RoomMemory): void {
    this.#storage.transact(() => this.#storage.writeMemory(memory));
    this.#memory = memory;
  }

  #prepareWrite(stored: StoredEntity): EntityWrite {
    const kind = this.#room.entities.get(stored.kind);
    if (!kind) throw new Error(`This room has no entities of kind ${stored.kind}`);
    const json = JSON.stringify(stored.value);
    // A text of a third of the limit cannot exceed it: counting bytes is for the few that might.
    if (json.length * 3 > MAX_ENTITY_BYTES && utf8Bytes(json) > MAX_ENTITY_BYTES) {
      throw new EntityTooLarge(`${stored.kind} ${stored.id} would be larger than ${MAX_ENTITY_BYTES / 1024} KB`);
    }
    if (!kind.due) return { stored, json };
    const due = dueAt(kind, stored);
    return due === dueAt(kind, this.read(stored.kind, stored.id)) ? { stored, json } : { stored, json, due };
  }

  /** All resident entities as they are with `writes` done. */
  #checkpoint(writes: readonly EntityWrite[]): string[] {
    const after = new MapStore();
    for (const stored of this.#cache.all()) after.write(stored);
    for (const { stored } of writes) if (this.#isResident(stored)) after.write(stored);
    return toChunks(after.all());
  }

  #tip(row: LogRow): string {
    return this.#random.digest([row.seq, row.actor, row.command_id, row.digest, row.at].join("\n")).slice(0, 16);
  }
}
