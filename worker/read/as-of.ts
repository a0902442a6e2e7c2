import { z } from "zod";
import type { Reader } from "./reader.ts";
import { all, join, sql } from "./sql.ts";
import type { Sql } from "./sql.ts";

/** The commit that an answer reaches up to, with its time; see {@link positionOf} for answers from several rooms. */
export const AsOf = z.object({ epoch: z.int(), seq: z.int(), at: z.iso.datetime() });
export type AsOf = z.infer<typeof AsOf>;

/** Which rooms an answer comes from: the workspace's own, one campaign's, or those of all campaigns. */
export type Source =
  { readonly room: "workspace" } | { readonly room: "campaign"; readonly campaign_id?: string | undefined };

/**
 * The position of an answer. From one room: everything up to `(epoch, seq)` is in it, exactly.
 * From several: the latest commit that is in it. Rooms arrive each at their own pace, so another room's may be on its way;
 * a quiet room's position is old however complete it is, which is why the oldest would say nothing.
 * Whoever waits for a change of their own compares the item's `revision`.
 */
export function positionOf(reader: Reader, source: Source): Sql {
  const rooms =
    source.room === "workspace"
      ? [sql("campaign_id = ''")]
      : [
          source.campaign_id === undefined ? sql("campaign_id <> ''") : sql("campaign_id = ?", source.campaign_id),
          seenCampaigns(reader),
        ];
  const where = all([sql("workspace_id = ?", reader.workspace_id), ...rooms]);
  return join("SELECT epoch, seq, at FROM projection_positions WHERE", where, "ORDER BY at DESC LIMIT 1");
}

/** Limits rows to the campaigns a reader may see; nothing for a reader who sees all. */
export function seenCampaigns(reader: Reader, column = "campaign_id"): Sql | null {
  if (reader.campaign_ids === null) return null;
  return sql(`${column} IN (SELECT value FROM json_each(?))`, JSON.stringify(reader.campaign_ids));
}

/** The row of {@link positionOf}; null if nothing has arrived yet. */
export function asOf(result: D1Result | undefined): AsOf | null {
  const row = result?.results[0];
  return row === undefined ? null : AsOf.parse(row);
}
