import type { Grants } from "../../core/model/access.ts";
import type { EventDefinition } from "../../core/model/event.ts";
import { isRefusal, refuse } from "../../core/model/refusal.ts";
import type { Refusal } from "../../core/model/refusal.ts";
import { toIssues } from "../engine/pipeline.ts";
import type { Page, ReadDefinition } from "./define-read.ts";
import { readerOf } from "./reader.ts";
import { READS } from "./reads.ts";
import type { ReadDb } from "./sql.ts";

/** A read with the database it asks, for the HTTP adapter. */
export interface BoundRead extends Pick<ReadDefinition, "name" | "about" | "needs" | "query" | "answer"> {
  /** Checks the parameters as they came in the address, and answers. Throws if D1 does not answer. */
  run(
    caller: { readonly grants: Grants; readonly workspace_id: string },
    query: Readonly<Record<string, string>>,
  ): Promise<{ ok: true; answer: Page<unknown> } | { ok: false; refusal: Refusal }>;
}

/** Every read. `events` are those of all rooms: they say who may see what of the audit. */
export function bindReads(db: ReadDb, events: ReadonlyMap<string, EventDefinition>): BoundRead[] {
  return READS.map(({ name, about, needs, query, answer, read }) => ({
    name,
    about,
    needs,
    query,
    answer,
    async run({ grants, workspace_id }, raw) {
      const asked = query.safeParse(raw);
      if (!asked.success) {
        const issues = toIssues(asked.error).map((issue) => ({ ...issue, pointer: `/query${issue.pointer}` }));
        return { ok: false, refusal: refuse("INVALID_REQUEST", "The query parameters do not fit.", { issues }) };
      }
      const answered = await read(db, readerOf({ workspace_id, grants, events }), asked.data);
      return isRefusal(answered) ? { ok: false, refusal: answered } : { ok: true, answer: answered };
    },
  }));
}
