import { jsonBytes } from "../../core/model/json.ts";
import type { CollectedRow } from "../../core/rooms/mirrors.ts";

/** One message makes one commit, whose row of storage holds 2 MB. */
export const MAX_PART_BYTES = 500_000;
export const MAX_PART_ROWS = 500;

/** Rows in the order given, in parts that each fit a commit; at least one part, so that an empty state is told too. */
export function inParts(rows: readonly CollectedRow[]): CollectedRow[][] {
  const parts: CollectedRow[][] = [];
  let part: CollectedRow[] = [];
  let size = 0;
  for (const row of rows) {
    const bytes = jsonBytes(row);
    if (part.length > 0 && (part.length === MAX_PART_ROWS || size + bytes > MAX_PART_BYTES)) {
      parts.push(part);
      part = [];
      size = 0;
    }
    part.push(row);
    size += bytes;
  }
  parts.push(part);
  return parts;
}
