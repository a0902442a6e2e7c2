import type { StoredEntity } from "../../core/model/entity.ts";
import type { LogRow, RoomStorage } from "../engine/ports.ts";

/** A storage that counts, as every storage of a room must: rows written are what it costs. */
export type CountingStorage = RoomStorage & { readonly rows: { readonly read: number; readonly written: number } };

export interface ContractCase {
  readonly name: string;
  /** `storage` is empty; `reopen` gives another instance on the same data, as after an eviction. */
  run(storage: CountingStorage, reopen: () => CountingStorage): void;
}

/** What a new room remembers. */
export const MEMORY = { epoch: 1, room: "ws_1", cursors: {} };

export function created(storage: CountingStorage): void {
  storage.transact(() => storage.createSchema(MEMORY));
}

export function row(seq: number, facts: Partial<LogRow> = {}): LogRow {
  return {
    seq,
    actor: "member:mem_1",
    command_id: `command-${String(seq).padStart(8, "0")}`,
    digest: "d".repeat(64),
    type: "note:write:v1",
    at: new Date(Date.parse("2026-11-20T12:00:00.000Z") + seq * 1000).toISOString(),
    correlation: { id: "c", device: "phone" },
    touched: [["note", "n1", seq]],
    events: [{ type: "note:write:v1:success", data: { text: "\u2028 \"quoted\" ünï 'code' ; DROP TABLE log; --" } }],
    ...facts,
  };
}

export function entity(id: string, facts: Partial<StoredEntity> = {}): StoredEntity {
  return { kind: "note", id, revision: 1, seq: 1, deleted: false, value: { id }, ...facts };
}

export function put(storage: CountingStorage, stored: StoredEntity): void {
  storage.writeEntity(stored, JSON.stringify(stored.value));
}

export function append(storage: CountingStorage, count: number): void {
  storage.transact(() => {
    for (let seq = 1; seq <= count; seq++) storage.appendLog(row(seq));
  });
}

/** Rows that `work` writes. */
export function written(storage: CountingStorage, work: () => void): number {
  const before = storage.rows.written;
  storage.transact(work);
  return storage.rows.written - before;
}

export const ids = (found: Iterable<StoredEntity>): string[] => [...found].map(({ id }) => id).toSorted();
export const seqs = (rows: readonly LogRow[]): number[] => rows.map(({ seq }) => seq);
