import type { StoredEntity } from "../../core/model/entity.ts";

/**
 * A room lives in the memory of one object (128 MB), several times over: entities as objects, as the text of a snapshot,
 * and as what is being written. Characters of JSON.
 */
export const MAX_RESIDENT_CHARS = 48 * 1024 * 1024;

/** Changes this small pass a little longer: a buy in a full room can still be paused. */
const SMALL_CHANGE_CHARS = 512;
const MARGIN_CHARS = 8 * 1024 * 1024;

/** A command would let a room outgrow {@link MAX_RESIDENT_CHARS}; it is refused. */
export class RoomFull extends Error {}

/** How much JSON the resident entities of a room are. What was deleted counts: it is still held, so that its id is not used again. */
export class ResidentSize {
  readonly #sizes = new Map<string, number>();
  #total = 0;

  /** Whether a room of this size may grow by so much. */
  mayGrowBy(chars: number): boolean {
    const limit = chars <= SMALL_CHANGE_CHARS ? MAX_RESIDENT_CHARS + MARGIN_CHARS : MAX_RESIDENT_CHARS;
    return chars <= 0 || this.#total + chars <= limit;
  }

  /** How much more there would be with these written; negative if less. */
  growth(writes: Iterable<{ readonly stored: StoredEntity; readonly json: string }>): number {
    let growth = 0;
    for (const { stored, json } of writes) growth += json.length - (this.#sizes.get(keyOf(stored)) ?? 0);
    return growth;
  }

  set(stored: StoredEntity, chars: number): void {
    const key = keyOf(stored);
    this.#total += chars - (this.#sizes.get(key) ?? 0);
    this.#sizes.set(key, chars);
  }
}

function keyOf({ kind, id }: StoredEntity): string {
  return `${kind}/${id}`;
}
