import type { ActorRef } from "../../../core/model/access.ts";
import type { StoredEntity } from "../../../core/model/entity.ts";
import type { LogRow, ParkedRow, RoomMemory, RoomStorage, ScannedEntity, Tap } from "../ports.ts";

type EntityColumns = Omit<StoredEntity, "value"> & { readonly json: string };
type Timer = { kind: string; id: string; at: string };

/**
 * A room's storage in memory that behaves, rolls back and counts rows as SQLite does; what both do is told by the
 * storage contract. Everything is kept as text, so that nothing survives by being the same object.
 */
export class MemoryStorage implements RoomStorage {
  /** Rows read and written since it was made. */
  readonly rows = { read: 0, written: 0 };
  /** Called before each write inside a transaction: throw here to see what remains. */
  beforeWrite: (what: string) => void = () => {};
  #schema = false;
  #memory: string | null = null;
  readonly #entities = new Map<string, EntityColumns>();
  readonly #log = new Map<number, string>();
  readonly #commands = new Map<string, number>();
  readonly #timers = new Map<string, Timer>();
  readonly #taps = new Map<string, Tap>();
  readonly #parked = new Map<string, ParkedRow>();
  readonly #checkpoints = new Map<number, readonly string[]>();
  #undo: (() => void)[] = [];
  #depth = 0;

  exists(): boolean {
    return this.#schema;
  }

  transact<T>(work: () => T): T {
    const mark = this.#undo.length;
    this.#depth++;
    try {
      return work();
    } catch (error) {
      for (const undo of this.#undo.splice(mark).toReversed()) undo();
      throw error;
    } finally {
      this.#depth--;
      if (this.#depth === 0) this.#undo = [];
    }
  }

  createSchema(memory: RoomMemory): void {
    if (this.#schema) throw new Error("The schema exists already");
    this.#write("schema", () => (this.#schema = false));
    this.#schema = true;
    this.writeMemory(memory);
  }

  memory(): RoomMemory {
    if (this.#memory === null) throw new Error("The room has no memory row");
    this.rows.read++;
    // Written by writeMemory alone.
    return JSON.parse(this.#memory) as RoomMemory;
  }

  writeMemory(memory: RoomMemory): void {
    const before = this.#memory;
    this.#write("memory", () => (this.#memory = before));
    this.rows.written++;
    this.#memory = JSON.stringify(memory);
  }

  read(kind: string, id: string): StoredEntity | undefined {
    const columns = this.#entities.get(`${kind}/${id}`);
    if (!columns) return undefined;
    this.rows.read++;
    return toEntity(columns);
  }

  *scan(kind: string): Iterable<StoredEntity> {
    for (const { stored } of this.scanSizes(kind)) yield stored;
  }

  *scanSizes(kind: string): Iterable<ScannedEntity> {
    for (const columns of this.#entities.values()) {
      if (columns.kind !== kind) continue;
      this.rows.read++;
      yield { stored: toEntity(columns), chars: columns.json.length };
    }
  }

  writeEntity({ kind, id, revision, seq, deleted }: StoredEntity, json: string): void {
    this.#put(this.#entities, `${kind}/${id}`, { kind, id, revision, seq, deleted, json });
  }

  appendLog(row: LogRow): void {
    const key = `${row.actor} ${row.command_id}`;
    const indexed = row.actor !== "system:room";
    if (this.#log.has(row.seq)) throw new Error(`UNIQUE constraint failed: log.seq ${row.seq}`);
    if (indexed && this.#commands.has(key)) throw new Error(`UNIQUE constraint failed: log.command_id ${key}`);
    this.#put(this.#log, row.seq, JSON.stringify(row));
    if (indexed) this.#put(this.#commands, key, row.seq);
  }

  readLog(after: number, limit: number): LogRow[] {
    const rows: LogRow[] = [];
    const first = Math.max(after, this.#start()) + 1;
    for (let seq = first; rows.length < limit && this.#log.has(seq); seq++) rows.push(this.#row(seq));
    return rows;
  }

  findCommand(actor: ActorRef, commandId: string): LogRow | undefined {
    const seq = this.#commands.get(`${actor} ${commandId}`);
    return seq === undefined ? undefined : this.#row(seq);
  }

  head(): number {
    this.rows.read++;
    let head = 0;
    for (const seq of this.#log.keys()) head = Math.max(head, seq);
    return head;
  }

  historyStart(): number {
    this.rows.read++;
    return this.#start();
  }

  firstSince(at: string): number | null {
    for (let seq = this.#start() + 1; this.#log.has(seq); seq++) if (this.#row(seq).at >= at) return seq;
    return null;
  }

  pruneLog(upTo: number): void {
    for (const seq of this.#log.keys()) {
      if (seq > upTo) continue;
      const { actor, command_id } = this.#row(seq);
      this.#delete(this.#commands, `${actor} ${command_id}`);
      this.#delete(this.#log, seq);
    }
    for (const seq of this.#checkpoints.keys()) if (seq < upTo) this.#delete(this.#checkpoints, seq);
  }

  writeCheckpoint(seq: number, chunks: readonly string[]): void {
    this.#put(this.#checkpoints, seq, [...chunks]);
    this.rows.written += chunks.length - 1;
  }

  checkpointAt(seq: number): number | null {
    const found = [...this.#checkpoints.keys()].filter((at) => at <= seq);
    return found.length > 0 ? Math.max(...found) : null;
  }

  readCheckpoint(seq: number): { seq: number; chunks: string[] } | undefined {
    const at = this.checkpointAt(seq);
    const chunks = at === null ? undefined : this.#checkpoints.get(at);
    if (at === null || !chunks) return undefined;
    this.rows.read += chunks.length;
    return { seq: at, chunks: [...chunks] };
  }

  setTimer(kind: string, id: string, at: string | null): void {
    if (at === null) this.#delete(this.#timers, `${kind}/${id}`);
    else this.#put(this.#timers, `${kind}/${id}`, { kind, id, at });
  }

  dueTimers(at: string, limit: number): Timer[] {
    return this.#sortedTimers()
      .filter((timer) => timer.at <= at)
      .slice(0, limit);
  }

  nextTimer(): string | null {
    return this.#sortedTimers()[0]?.at ?? null;
  }

  taps(): Tap[] {
    return [...this.#taps.values()];
  }

  writeTap(tap: Tap): void {
    const key = `${tap.kind} ${tap.target}`;
    if (!this.#taps.has(key)) this.#put(this.#taps, key, tap);
  }

  deleteTap(tap: Tap): void {
    this.#delete(this.#taps, `${tap.kind} ${tap.target}`);
  }

  park(row: ParkedRow): void {
    this.#put(this.#parked, `${row.consumer} ${row.seq}`, row);
  }

  parked(): ParkedRow[] {
    return [...this.#parked.values()].toSorted((a, b) => a.seq - b.seq);
  }

  unpark(consumer: string, seq: number): void {
    this.#delete(this.#parked, `${consumer} ${seq}`);
  }

  /** Rows come in the order of their `seq` and go from the front, so the first key is the oldest. */
  #start(): number {
    for (const seq of this.#log.keys()) return seq - 1;
    return 0;
  }

  #row(seq: number): LogRow {
    this.rows.read++;
    // Written by appendLog alone.
    return JSON.parse(this.#log.get(seq) ?? "null") as LogRow;
  }

  #sortedTimers(): Timer[] {
    this.rows.read += this.#timers.size;
    return [...this.#timers.values()].toSorted((a, b) => (a.at < b.at ? -1 : 1));
  }

  #put<K, V>(map: Map<K, V>, key: K, value: V): void {
    const before = map.get(key);
    this.#write(String(key), () => (before === undefined ? map.delete(key) : map.set(key, before)));
    this.rows.written++;
    map.set(key, value);
  }

  #delete<K, V>(map: Map<K, V>, key: K): void {
    const before = map.get(key);
    if (before === undefined) return;
    this.#write(String(key), () => map.set(key, before));
    this.rows.written++;
    map.delete(key);
  }

  #write(what: string, undo: () => void): void {
    if (this.#depth === 0) throw new Error(`${what} was written outside a transaction`);
    this.beforeWrite(what);
    this.#undo.push(undo);
  }
}

function toEntity({ json, ...columns }: EntityColumns): StoredEntity {
  // Written by writeEntity alone, from an entity's value.
  return { ...columns, value: JSON.parse(json) as StoredEntity["value"] };
}
