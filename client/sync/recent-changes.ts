import type { Clock } from "./clock.ts";
import { rowKey } from "./optimistic.ts";
import type { Change } from "./replica.ts";

/** How long a changed row counts as just changed. */
export const FLASH_MS = 400;

interface Recent {
  readonly by: string;
  readonly at: number;
}

/** Which entities changed in the last {@link FLASH_MS} and by whom. Keeps one timer, and only while there is something to forget. */
export class RecentChanges {
  readonly #clock: Clock;
  readonly #onForget: () => void;
  readonly #recent = new Map<string, Recent>();
  #cancel: (() => void) | null = null;

  constructor(clock: Clock, onForget: () => void) {
    this.#clock = clock;
    this.#onForget = onForget;
  }

  mark(changes: readonly Change[]): void {
    const at = this.#clock.now();
    for (const { kind, id, by } of changes) {
      const key = rowKey(kind, id);
      // Deleted first, so that the map stays in order of time.
      this.#recent.delete(key);
      this.#recent.set(key, { by, at });
    }
    this.#arm();
  }

  /** The same object for as long as it is recent; null otherwise. */
  find(kind: string, id: string): Recent | null {
    return this.#recent.get(rowKey(kind, id)) ?? null;
  }

  clear(): void {
    this.#recent.clear();
    this.#cancel?.();
    this.#cancel = null;
  }

  #arm(): void {
    const [oldest] = this.#recent.values();
    if (this.#cancel || !oldest) return;
    this.#cancel = this.#clock.after(Math.max(0, oldest.at + FLASH_MS - this.#clock.now()), () => {
      this.#cancel = null;
      const now = this.#clock.now();
      for (const [key, { at }] of this.#recent) if (at + FLASH_MS <= now) this.#recent.delete(key);
      this.#onForget();
      this.#arm();
    });
  }
}
