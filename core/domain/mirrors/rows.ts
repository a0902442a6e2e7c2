import { defineEvent } from "../../model/event.ts";
import type { EmittedEvent } from "../../model/event.ts";
import { canonicalJson } from "../../model/json.ts";
import type { ReadTx } from "../../model/transaction.ts";
import { MirrorRow, MirrorSource, kindOfRow, mirrorSources } from "./entities.ts";

/** One event per row, so that each reader gets the rows he may see and no other. */
export const rowMirrored = defineEvent("mirror:row:v1:success", {
  data: MirrorRow,
  audience: (row) => {
    const kind = kindOfRow(row);
    // Of an entity that is gone only the id is told, to whoever may see the kind.
    return kind.audience?.(row.value ?? { id: row.id }) ?? null;
  },
  apply(tx, row) {
    const kind = kindOfRow(row);
    if (row.value) tx.put(kind, row.value);
    else tx.delete(kind, row.id);
  },
});

export const positionMirrored = defineEvent("mirror:position:v1:success", {
  data: MirrorSource,
  audience: () => ({ needs: "system" }),
  apply(tx, source) {
    tx.put(mirrorSources, source);
  },
});

/** Whether `position` is past what the room has taken over from that source, and not before what it has begun to. */
export function isNewer(tx: ReadTx, position: MirrorSource): boolean {
  const known = tx.get(mirrorSources, position.id);
  if (!known) return true;
  return isPast(position, known) && !(known.coming && isPast(known.coming, position));
}

/** Epochs count before sequence numbers. */
function isPast(one: Pick<MirrorSource, "epoch" | "seq">, other: Pick<MirrorSource, "epoch" | "seq">): boolean {
  return one.epoch === other.epoch ? one.seq > other.seq : one.epoch > other.epoch;
}

/** Where a source is known to be once a part of a position came; null if that is known, or nothing is: what is being born is not complete. */
export function underWay(tx: ReadTx, { id, epoch, seq }: MirrorSource): MirrorSource | null {
  const known = tx.get(mirrorSources, id);
  if (!known || (known.coming?.epoch === epoch && known.coming.seq === seq)) return null;
  return { ...known, coming: { epoch, seq } };
}

/** Events for the rows that change something, then for the position, if it moves: an older message must not come after. */
export function mirrorEvents(tx: ReadTx, rows: readonly MirrorRow[], position: MirrorSource | null): EmittedEvent[] {
  const changed = rows.filter(
    (row) => canonicalJson(tx.get(kindOfRow(row), row.id) ?? null) !== canonicalJson(row.value),
  );
  return [...changed.map((row) => rowMirrored.of(row)), ...(position ? [positionMirrored.of(position)] : [])];
}
