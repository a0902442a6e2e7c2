import { sql } from "./sql.ts";
import type { Sql } from "./sql.ts";
import type { Reader } from "./reader.ts";

const MAX_WORDS = 12;

/**
 * A full text expression that finds documents of one workspace with all the words of a text, each at the beginning of a word.
 * Every word is quoted, so nothing a person types is ever an operator, a column or a syntax error.
 */
export function matchExpression(workspaceId: string, text: string): string {
  const words = text
    .split(/[\s\0]+/u)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .slice(0, MAX_WORDS)
    .map((word) => `${quoted(word)} *`);
  return `scope : ${quoted(scopeWord(workspaceId))} AND {title brand notes} : (${words.join(" AND ")})`;
}

/** Limits rows `t` of a searchable kind to those whose texts match. */
export function matching(kind: "campaign" | "media_buy", reader: Reader, text: string): Sql {
  return sql(
    `(t.campaign_id, t.id) IN (
  SELECT d.campaign_id, d.id FROM search_texts CROSS JOIN search_documents d ON d.document = search_texts.rowid
  WHERE search_texts MATCH ? AND d.workspace_id = ? AND d.kind = ?)`,
    matchExpression(reader.workspace_id, text),
    reader.workspace_id,
    kind,
  );
}

/** A workspace's id as the one word it is in the index. */
function scopeWord(workspaceId: string): string {
  return workspaceId.replaceAll("_", "");
}

function quoted(word: string): string {
  return `"${word.replaceAll('"', '""')}"`;
}
