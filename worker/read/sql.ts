/** A database or a session of one: reads need no more. */
export type ReadDb = Pick<D1Database, "prepare" | "batch">;

export type Param = string | number;

/** A piece of SQL with the values of its question marks, in order. Input is only ever a value. */
export interface Sql {
  readonly text: string;
  readonly params: readonly Param[];
}

/** `sql("status = ?", status)` */
export function sql(text: string, ...params: readonly Param[]): Sql {
  return { text, params };
}

/** All of the conditions that are given. */
export function all(conditions: readonly (Sql | null | undefined)[]): Sql {
  const given = conditions.filter((condition) => condition !== null && condition !== undefined);
  return { text: given.map(({ text }) => text).join(" AND "), params: given.flatMap(({ params }) => params) };
}

/** Pieces one after the other. */
export function join(...pieces: readonly (Sql | string)[]): Sql {
  const parts = pieces.map((piece) => (typeof piece === "string" ? sql(piece) : piece));
  return { text: parts.map(({ text }) => text).join(" "), params: parts.flatMap(({ params }) => params) };
}

/** A condition on an optional value: null, and so left out, without one. */
export function when<T>(value: T | undefined, condition: (value: T) => Sql): Sql | null {
  return value === undefined ? null : condition(value);
}

/** Whether `expression` holds a text, whatever the case of ASCII letters. */
export function contains(expression: string, text: string | undefined): Sql | null {
  return when(text, (part) => sql(`instr(lower(${expression}), lower(?)) > 0`, part));
}

/** Prepared for one call: what one `batch` reads belongs to one moment. */
export function prepare(db: ReadDb, { text, params }: Sql): D1PreparedStatement {
  return db.prepare(text).bind(...params);
}
