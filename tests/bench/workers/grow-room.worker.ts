/** Lengthens a room's log and adds entities in SQL alone: a million commands would take too long. The room must be restarted after. */
export function growRoom(sql: SqlStorage, { commits, entities }: { commits: number; entities: number }): void {
  sql.exec(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?),
       head(seq) AS (SELECT max(seq) FROM log)
     INSERT INTO log (seq, actor, command_id, digest, type, at, correlation, touched, events)
     SELECT head.seq + i, 'member:grown', 'grown-command-' || (head.seq + i), hex(randomblob(32)), 'campaign:update:v1',
       strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), '{"id":"grown"}', '[]', '[]' FROM n, head WHERE ? > 0`,
    commits,
    commits,
  );
  sql.exec(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
     INSERT OR IGNORE INTO entities (kind, id, revision, seq, deleted, json)
     SELECT kind, 'mb_' || printf('%026d', i), 1, seq, 0, json_set(json, '$.id', 'mb_' || printf('%026d', i))
     FROM n, (SELECT * FROM entities WHERE kind = 'media_buy' LIMIT 1) WHERE ? > 0`,
    entities,
    entities,
  );
  const head = Number(sql.exec("SELECT max(seq) AS head FROM log").one()["head"]);
  // Nobody is to be told of what was never decided: every consumer is as far as the log.
  sql.exec(
    `UPDATE cursors SET memory = json_set(memory, '$.cursors',
       (SELECT json_group_object(key, ?) FROM json_each(memory, '$.cursors')))`,
    head,
  );
}
