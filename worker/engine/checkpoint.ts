import type { StoredEntity } from "../../core/model/entity.ts";

/** A state is kept at every so many commits, so that any past one is a bounded fold away. */
export const CHECKPOINT_EVERY = 1000;
/** A row of storage holds 2 MB; a character is at most three bytes of UTF-8. */
const CHUNK_CHARS = 500_000;

/** Entities as JSON lines in chunks that each fit a row of storage. */
export function toChunks(entities: Iterable<StoredEntity>): string[] {
  const chunks: string[] = [];
  let lines: string[] = [];
  let size = 0;
  for (const stored of entities) {
    const line = JSON.stringify(stored);
    if (size + line.length > CHUNK_CHARS && lines.length > 0) {
      chunks.push(lines.join("\n"));
      lines = [];
      size = 0;
    }
    lines.push(line);
    size += line.length + 1;
  }
  chunks.push(lines.join("\n"));
  return chunks;
}

/** What {@link toChunks} was given. */
export function fromChunks(chunks: readonly string[]): StoredEntity[] {
  // Written by toChunks alone.
  return chunks.flatMap((chunk) => chunk.split("\n").filter(Boolean)).map((line) => JSON.parse(line) as StoredEntity);
}
