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

/** Whether `position` is past what the room has taken over from that source. Epochs count before sequence numbers. */
export function isNewer(tx: ReadTx, position: MirrorSource): boolean {
  const known = tx.get(mirrorSources, position.id);
  if (!known) return true;
  return position.epoch === known.epoch ? position.seq > known.seq : position.epoch > known.epoch;
}

/** Events for the rows that change something, then for the position, which always moves: an older message must not come after. */
export function mirrorEvents(tx: ReadTx, rows: readonly MirrorRow[], position: MirrorSource): EmittedEvent[] {
  const changed = rows.filter(
    (row) => canonicalJson(tx.get(kindOfRow(row), row.id) ?? null) !== canonicalJson(row.value),
  );
  return [...changed.map((row) => rowMirrored.of(row)), positionMirrored.of(position)];
}
