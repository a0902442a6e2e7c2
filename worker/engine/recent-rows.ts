import type { LogRow } from "./ports.ts";

const MAX_ROWS = 64;
const MAX_ENTITIES = 2_000;

/** The last commits, kept in memory so that whoever follows the log closely costs no reading. Bounded in rows and in what they touched. */
export class RecentRows {
  #rows: LogRow[] = [];
  #entities = 0;

  get isEmpty(): boolean {
    return this.#rows.length === 0;
  }

  push(row: LogRow): void {
    this.#rows.push(row);
    this.#entities += row.touched.length;
    while (this.#rows.length > MAX_ROWS || this.#entities > MAX_ENTITIES) {
      this.#entities -= this.#rows.shift()?.touched.length ?? 0;
    }
  }

  /** The rows after a `seq`, at most `limit`; null if they are not all here. */
  after(seq: number, limit: number): LogRow[] | null {
    const [first] = this.#rows;
    if (!first || seq < first.seq - 1) return null;
    const skipped = seq - first.seq + 1;
    return this.#rows.slice(skipped, skipped + limit);
  }
}
