/**
 * The tables of a room. One command = one row in `log` + one in its index + the touched entities.
 * The index leaves out what the room sends itself: those commands guard against repetition by their own state.
 * No index on `entities.seq`: it would cost a row at every write.
 */
export const ROOM_SCHEMA = [
  `CREATE TABLE log (
    seq INTEGER PRIMARY KEY,
    actor TEXT NOT NULL,
    command_id TEXT NOT NULL,
    digest TEXT NOT NULL,
    type TEXT NOT NULL,
    at TEXT NOT NULL,
    correlation TEXT NOT NULL,
    touched TEXT NOT NULL,
    events TEXT NOT NULL
  )`,
  `CREATE UNIQUE INDEX log_command ON log (actor, command_id) WHERE actor <> 'system:room'`,
  `CREATE TABLE entities (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    deleted INTEGER NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (kind, id)
  ) WITHOUT ROWID`,
  `CREATE TABLE timers (kind TEXT NOT NULL, id TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID`,
  `CREATE TABLE taps (target TEXT NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (target, kind)) WITHOUT ROWID`,
  `CREATE TABLE cursors (id INTEGER PRIMARY KEY CHECK (id = 1), memory TEXT NOT NULL)`,
  `CREATE TABLE parked (consumer TEXT NOT NULL, seq INTEGER NOT NULL, error TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (consumer, seq)) WITHOUT ROWID`,
  `CREATE TABLE checkpoints (seq INTEGER NOT NULL, chunk INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY (seq, chunk)) WITHOUT ROWID`,
] as const;
