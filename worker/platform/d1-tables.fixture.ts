/** Every table the projector writes. */
const TABLES = [
  "projection_positions",
  "workspaces",
  "members",
  "api_keys",
  "inventory_products",
  "campaigns",
  "media_buys",
  "packages",
  "creatives",
  "delivery_facts",
  "performance_feedback",
  "delivery_imports",
  "audit",
  "audit_entities",
  "search_documents",
  "search_texts",
] as const;

type Contents = Record<string, Record<string, unknown>[]>;

/** All rows of all tables. */
export async function contents(db: D1Database): Promise<Contents> {
  const all: Contents = {};
  for (const table of TABLES) {
    const { results } = await db.prepare(`SELECT * FROM ${table}`).all<Record<string, unknown>>();
    // The number of a search document depends on the order of arrival and means nothing.
    all[table] = results
      .map((row) => ({ ...row, document: 0 }))
      .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  return all;
}

export async function emptyTables(db: D1Database): Promise<void> {
  await db.batch(TABLES.map((table) => db.prepare(`DELETE FROM ${table}`)));
}

/** The same database, counting the rows its batches write and the statements of each. */
export function countingWrites(db: D1Database): { db: D1Database; written(): number; calls(): number[] } {
  let rows = 0;
  const calls: number[] = [];
  const counting = {
    prepare: (sql: string) => db.prepare(sql),
    async batch(statements: D1PreparedStatement[]) {
      const results = await db.batch(statements);
      calls.push(statements.length);
      for (const { meta } of results) rows += meta.rows_written;
      return results;
    },
  };
  // The cast is safe: the projector uses prepare and batch alone.
  return { db: counting as D1Database, written: () => rows, calls: () => calls };
}
