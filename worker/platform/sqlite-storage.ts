import type { ActorRef } from "../../core/model/access.ts";
import type { StoredEntity } from "../../core/model/entity.ts";
import type { LogRow, ParkedRow, RoomMemory, RoomStorage, ScannedEntity, Tap } from "../engine/ports.ts";
import { ROOM_SCHEMA } from "./sqlite-schema.ts";

type EntityColumns = { kind: string; id: string; revision: number; seq: number; deleted: number; json: string };
type LogColumns = Record<
  "actor" | "command_id" | "digest" | "type" | "at" | "correlation" | "touched" | "events",
  string
> & {
  seq: number;
};

/** Rows read and written since the object woke: row writes are what a room costs. */
export interface RowCount {
  read: number;
  written: number;
}

/** A room in the SQLite database of its Durable Object. */
export class SqliteStorage implements RoomStorage {
  readonly #storage: DurableObjectStorage;
  readonly rows: RowCount = { read: 0, written: 0 };

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  exists(): boolean {
    return this.#all("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'log'").length > 0;
  }

  transact<T>(work: () => T): T {
    return this.#storage.transactionSync(work);
  }

  createSchema(memory: RoomMemory): void {
    for (const statement of ROOM_SCHEMA) this.#run(statement);
    this.writeMemory(memory);
  }

  memory(): RoomMemory {
    const [row] = this.#all<{ memory: string }>("SELECT memory FROM cursors WHERE id = 1");
    if (!row) throw new Error("The room has no memory row");
    // Written by writeMemory alone.
    return JSON.parse(row.memory) as RoomMemory;
  }

  writeMemory(memory: RoomMemory): void {
    this.#run("INSERT OR REPLACE INTO cursors (id, memory) VALUES (1, ?)", JSON.stringify(memory));
  }

  read(kind: string, id: string): StoredEntity | undefined {
    const [row] = this.#all<EntityColumns>("SELECT * FROM entities WHERE kind = ? AND id = ?", kind, id);
    return row && toEntity(row);
  }

  *scan(kind: string): Iterable<StoredEntity> {
    for (const { stored } of this.scanSizes(kind)) yield stored;
  }

  *scanSizes(kind: string): Iterable<ScannedEntity> {
    for (const row of this.#all<EntityColumns>("SELECT * FROM entities WHERE kind = ?", kind))
      yield { stored: toEntity(row), chars: row.json.length };
  }

  writeEntity(entity: StoredEntity, json: string): void {
    this.#run(
      "INSERT OR REPLACE INTO entities (kind, id, revision, seq, deleted, json) VALUES (?, ?, ?, ?, ?, ?)",
      entity.kind,
      entity.id,
      entity.revision,
      entity.seq,
      entity.deleted ? 1 : 0,
      json,
    );
  }

  appendLog(row: LogRow): void {
    this.#run(
      "INSERT INTO log (seq, actor, command_id, digest, type, at, correlation, touched, events) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      row.seq,
      row.actor,
      row.command_id,
      row.digest,
      row.type,
      row.at,
      JSON.stringify(row.correlation),
      JSON.stringify(row.touched),
      JSON.stringify(row.events),
    );
  }

  readLog(after: number, limit: number): LogRow[] {
    return this.#all<LogColumns>("SELECT * FROM log WHERE seq > ? ORDER BY seq LIMIT ?", after, limit).map(toLogRow);
  }

  findCommand(actor: ActorRef, commandId: string): LogRow | undefined {
    const [row] = this.#all<LogColumns>(
      "SELECT * FROM log WHERE actor = ? AND command_id = ? AND actor <> 'system:room'",
      actor,
      commandId,
    );
    return row && toLogRow(row);
  }

  head(): number {
    return this.#all<{ seq: number | null }>("SELECT max(seq) AS seq FROM log")[0]?.seq ?? 0;
  }

  historyStart(): number {
    const first = this.#all<{ seq: number | null }>("SELECT min(seq) AS seq FROM log")[0]?.seq ?? null;
    return first === null ? 0 : first - 1;
  }

  firstSince(at: string): number | null {
    return this.#all<{ seq: number }>("SELECT seq FROM log WHERE at >= ? ORDER BY seq LIMIT 1", at)[0]?.seq ?? null;
  }

  pruneLog(upTo: number): void {
    this.#run("DELETE FROM log WHERE seq <= ?", upTo);
    this.#run("DELETE FROM checkpoints WHERE seq < ?", upTo);
  }

  writeCheckpoint(seq: number, chunks: readonly string[]): void {
    chunks.forEach((json, chunk) =>
      this.#run("INSERT INTO checkpoints (seq, chunk, json) VALUES (?, ?, ?)", seq, chunk, json),
    );
  }

  checkpointAt(seq: number): number | null {
    return (
      this.#all<{ seq: number | null }>("SELECT max(seq) AS seq FROM checkpoints WHERE seq <= ?", seq)[0]?.seq ?? null
    );
  }

  readCheckpoint(seq: number): { seq: number; chunks: string[] } | undefined {
    const rows = this.#all<{ seq: number; json: string }>(
      "SELECT seq, json FROM checkpoints WHERE seq = (SELECT max(seq) FROM checkpoints WHERE seq <= ?) ORDER BY chunk",
      seq,
    );
    const [first] = rows;
    return first && { seq: first.seq, chunks: rows.map((row) => row.json) };
  }

  setTimer(kind: string, id: string, at: string | null): void {
    if (at === null) this.#run("DELETE FROM timers WHERE kind = ? AND id = ?", kind, id);
    else this.#run("INSERT OR REPLACE INTO timers (kind, id, at) VALUES (?, ?, ?)", kind, id, at);
  }

  dueTimers(at: string, limit: number): { kind: string; id: string; at: string }[] {
    return this.#all("SELECT kind, id, at FROM timers WHERE at <= ? ORDER BY at LIMIT ?", at, limit);
  }

  nextTimer(): string | null {
    return this.#all<{ at: string | null }>("SELECT min(at) AS at FROM timers")[0]?.at ?? null;
  }

  taps(): Tap[] {
    return this.#all<{ target: string; kind: Tap["kind"] }>("SELECT target, kind FROM taps");
  }

  writeTap(tap: Tap): void {
    this.#run("INSERT OR IGNORE INTO taps (target, kind) VALUES (?, ?)", tap.target, tap.kind);
  }

  deleteTap(tap: Tap): void {
    this.#run("DELETE FROM taps WHERE target = ? AND kind = ?", tap.target, tap.kind);
  }

  park(row: ParkedRow): void {
    this.#run(
      "INSERT OR REPLACE INTO parked (consumer, seq, error, at) VALUES (?, ?, ?, ?)",
      row.consumer,
      row.seq,
      row.error,
      row.at,
    );
  }

  parked(): ParkedRow[] {
    return this.#all<{ consumer: string; seq: number; error: string; at: string }>(
      "SELECT consumer, seq, error, at FROM parked ORDER BY seq",
    );
  }

  unpark(consumer: string, seq: number): void {
    this.#run("DELETE FROM parked WHERE consumer = ? AND seq = ?", consumer, seq);
  }

  #all<T extends Record<string, SqlStorageValue>>(query: string, ...bindings: SqlStorageValue[]): T[] {
    const cursor = this.#storage.sql.exec<T>(query, ...bindings);
    const rows = cursor.toArray();
    this.rows.read += cursor.rowsRead;
    return rows;
  }

  #run(query: string, ...bindings: SqlStorageValue[]): void {
    const cursor = this.#storage.sql.exec(query, ...bindings);
    this.rows.read += cursor.rowsRead;
    this.rows.written += cursor.rowsWritten;
  }
}

function toEntity(row: EntityColumns): StoredEntity {
  // Written by writeEntity alone, from a value that its kind's typed methods made.
  const value = JSON.parse(row.json) as StoredEntity["value"];
  return { kind: row.kind, id: row.id, revision: row.revision, seq: row.seq, deleted: row.deleted === 1, value };
}

function toLogRow(row: LogColumns): LogRow {
  // Written by appendLog alone.
  return {
    ...row,
    correlation: JSON.parse(row.correlation) as LogRow["correlation"],
    touched: JSON.parse(row.touched) as LogRow["touched"],
    events: JSON.parse(row.events) as LogRow["events"],
  };
}
