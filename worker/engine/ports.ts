import type { ActorRef } from "../../core/model/access.ts";
import type { StoredEntity } from "../../core/model/entity.ts";
import type { EmittedEvent } from "../../core/model/event.ts";
import type { EntitySource } from "../../core/model/overlay.ts";
import type { Identity } from "../../core/model/room.ts";
import type { DownFrame } from "../../core/protocol/frames.ts";

/** One commit: one command, however many events. The log is also the outbox. */
export interface LogRow {
  readonly seq: number;
  readonly actor: ActorRef;
  readonly command_id: string;
  /** SHA-256 (hex) of the canonical command, to tell a retry from a reused id. */
  readonly digest: string;
  /** The command's base type. */
  readonly type: string;
  /** ISO-8601 UTC. */
  readonly at: string;
  /** Where it came from: correlation id, device, session, trace. */
  readonly correlation: Correlation;
  readonly touched: readonly (readonly [kind: string, id: string, revision: number])[];
  readonly events: readonly EmittedEvent[];
}

export interface Correlation {
  readonly id: string;
  readonly via?: string | undefined;
  readonly device?: string | undefined;
  readonly session?: string | undefined;
  readonly traceparent?: string | undefined;
}

/** What a room remembers besides its log and entities; kept in one row. */
export interface RoomMemory {
  readonly epoch: number;
  /** Full room name: `{workspace_id}` or `{workspace_id}/{campaign_id}`. */
  readonly room: string;
  /** The last `seq` each outbox consumer has delivered. */
  readonly cursors: Readonly<Record<string, number>>;
  /** The tip of the last pruned log row: what a position at `historyStart` is compared with. Absent until something was pruned. */
  readonly history_tip?: string | undefined;
}

/** Another object that follows this room: its events in order, or the latest state of mirrored entities. */
export interface Tap {
  readonly target: string;
  readonly kind: "events" | "mirror";
}

export interface ParkedRow {
  readonly consumer: string;
  readonly seq: number;
  readonly error: string;
  readonly at: string;
}

/** An entity as it was found in storage, with the length of its JSON. */
export interface ScannedEntity {
  readonly stored: StoredEntity;
  readonly chars: number;
}

/** A durable room. Every method is synchronous; writes happen only inside {@link transact}. */
export interface RoomStorage extends EntitySource {
  /** Whether the room was ever created; reads the schema only. */
  exists(): boolean;
  /** Runs `work`; if it throws, nothing it wrote remains. */
  transact<T>(work: () => T): T;
  createSchema(memory: RoomMemory): void;
  memory(): RoomMemory;
  writeMemory(memory: RoomMemory): void;
  /** `json` is the entity's value as text, made once by whoever checks its size. */
  writeEntity(entity: StoredEntity, json: string): void;
  appendLog(row: LogRow): void;
  /** As {@link EntitySource.scan}, with the size of each. */
  scanSizes(kind: string): Iterable<ScannedEntity>;
  /** Rows with `seq` > `after`, in order, at most `limit`. */
  readLog(after: number, limit: number): LogRow[];
  findCommand(actor: ActorRef, commandId: string): LogRow | undefined;
  /** The highest `seq`, 0 for an empty log. */
  head(): number;
  /** The `seq` before the oldest row kept: what came up to it can no longer be sent as a delta. */
  historyStart(): number;
  /** The `seq` of the first row committed at or after a time (ISO-8601), null if there is none. */
  firstSince(at: string): number | null;
  /** Deletes log rows up to and including `upTo`, and the checkpoints before it. */
  pruneLog(upTo: number): void;
  writeCheckpoint(seq: number, chunks: readonly string[]): void;
  /** Where the newest checkpoint at or before `seq` is, null if there is none. */
  checkpointAt(seq: number): number | null;
  /** The newest checkpoint at or before `seq`. */
  readCheckpoint(seq: number): { seq: number; chunks: string[] } | undefined;
  setTimer(kind: string, id: string, at: string | null): void;
  /** Timers at or before `at`, earliest first. */
  dueTimers(at: string, limit: number): { kind: string; id: string; at: string }[];
  nextTimer(): string | null;
  taps(): Tap[];
  writeTap(tap: Tap): void;
  deleteTap(tap: Tap): void;
  park(row: ParkedRow): void;
  parked(): ParkedRow[];
  unpark(consumer: string, seq: number): void;
}

/** Time, in milliseconds since 1970, and short waits that end with the work they belong to. */
export interface Clock {
  now(): number;
  after(ms: number, work: () => void): () => void;
}

/** The one alarm of a room, which survives eviction. */
export interface Alarm {
  set(at: number): void;
}

/** Hashes and randomness, all synchronous. */
export interface Randomness {
  /** SHA-256, hex. */
  digest(text: string): string;
  /** A ULID (26 characters) that is always the same for the same seed. */
  ulidFrom(seed: string): string;
  /** A new API key's full text and its digest. */
  secret(): { text: string; hash: string };
}

/** Where a session's frames go: a socket today. `send` throws if the peer is gone. */
export interface Sink {
  readonly id: string;
  readonly codec: Codec;
  send(text: string): void;
  close(code: number, reason: string): void;
  /** Keeps what must survive hibernation with the connection (at most 16 KiB). */
  remember(state: SessionState): void;
}

/** How frames look on one protocol. */
export interface Codec {
  readonly name: string;
  encode(frame: DownFrame): string;
}

/** What a session is, as it survives hibernation. */
export interface SessionState {
  readonly identity: Identity;
  readonly client_id: string | null;
  /** Milliseconds since 1970 at which the token ends; null for an API key. */
  readonly expires_at: number | null;
  /** Whether `hello` was answered and the session receives commits. */
  readonly live: boolean;
}

/** Follows the log in order with a cursor of its own. Delivery is at least once: receivers are idempotent. */
export interface OutboxConsumer {
  readonly name: string;
  /** How many rows one delivery may hold. */
  readonly batch: number;
  /** Whether a row is any of its business; absent: every row. It never sees the others, and they cost it nothing. */
  concerns?(row: LogRow): boolean;
  /** Whether a row is not to wait out a long series of failures; absent: none is. */
  urgent?(row: LogRow): boolean;
  /** How long to wait before delivering these rows (ms), to batch more; 0 or absent: at once. Asked again for each further commit alone, and for all at every full batch. */
  wait?(rows: readonly LogRow[], now: number): number;
  /**
   * Delivers rows. Throws {@link PoisonRow} for a row that can never be delivered, {@link Behind} if the receiver
   * lacks earlier rows, anything else to be tried again.
   */
  deliver(rows: readonly LogRow[], epoch: number): Promise<void>;
}

/** This row fails the same way for ever: park it and go on. */
export class PoisonRow extends Error {
  readonly seq: number;
  constructor(seq: number, message: string) {
    super(message);
    this.seq = seq;
  }
}

/** The receiver has everything up to `seq` only: go on from there. */
export class Behind extends Error {
  readonly seq: number;
  constructor(seq: number) {
    super(`The receiver has everything up to ${seq} only`);
    this.seq = seq;
  }
}

/** One line of structured log. Never holds a token or a payload. */
export interface Logger {
  log(level: "info" | "warn" | "error", message: string, facts: Readonly<Record<string, unknown>>): void;
}
