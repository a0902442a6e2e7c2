import type { StoredEntity } from "../../core/model/entity.ts";
import { MapStore } from "../../core/model/map-store.ts";
import { Overlay } from "../../core/model/overlay.ts";
import type { RoomDefinition } from "../../core/model/room.ts";
import { fromChunks } from "./checkpoint.ts";
import type { CommitLog } from "./commit-log.ts";
import type { LogRow, RoomStorage } from "./ports.ts";

const PAGE_ROWS = 250;

/** The resident entities of a room as they were at `seq`, deleted ones included; or why that cannot be told. */
export type PastState =
  | { readonly ok: true; readonly seq: number; readonly entities: readonly StoredEntity[] }
  | { readonly ok: false; readonly reason: "pruned" | "not yet" };

/**
 * Computes a past state: the newest checkpoint before it, and the commits since through the same `apply`.
 * Throws for an event that no module of the room defines any more.
 */
export function stateAt(deps: { room: RoomDefinition; log: CommitLog; storage: RoomStorage }, seq: number): PastState {
  const { room, log, storage } = deps;
  if (seq > log.head) return { ok: false, reason: "not yet" };
  const base = storage.readCheckpoint(seq) ?? { seq: 0, chunks: [] };
  if (seq < 0 || base.seq < log.historyStart) return { ok: false, reason: "pruned" };
  const store = new MapStore();
  for (const stored of fromChunks(base.chunks)) store.write(stored);
  for (let at = base.seq; at < seq;) {
    const rows = log.rows(at, Math.min(PAGE_ROWS, seq - at));
    for (const row of rows) foldRow(room, store, row);
    const last = rows.at(-1);
    if (!last) throw new Error(`The log ends at ${at}, before its head ${log.head}`);
    at = last.seq;
  }
  return { ok: true, seq, entities: [...store.all()] };
}

/** Applies one commit to resident entities, as every browser does. */
export function foldRow(room: RoomDefinition, store: MapStore, row: LogRow): void {
  const overlay = new Overlay(store);
  for (const event of row.events) {
    const definition = room.events.get(event.type);
    if (!definition) throw new Error(`No module of this room defines ${event.type}`);
    definition.apply(overlay, event.data, { at: row.at, actor: row.actor });
  }
  for (const stored of overlay.touched()) {
    if (room.entities.get(stored.kind)?.resident) store.write({ ...stored, seq: row.seq });
  }
}
