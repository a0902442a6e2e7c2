import { z } from "zod";
import { defineEntity } from "../../model/entity.ts";
import type { ReadTx } from "../../model/transaction.ts";
import { CreativeId, ExternalId, MediaBuyId, UtcTime } from "../../model/units.ts";

export const CREATIVE_STATUSES = ["pending", "approved", "rejected"] as const;
export const CreativeStatus = z.enum(CREATIVE_STATUSES);
export type CreativeStatus = z.infer<typeof CreativeStatus>;

export const CreativeName = z.string().trim().min(1).max(200);
/** What it is made as, e.g. `display_300x250` or `video_15s`; free text, as sellers name formats themselves. */
export const CreativeFormat = z.string().trim().min(1).max(64);

export const Creative = z.strictObject({
  id: CreativeId,
  media_buy_id: MediaBuyId,
  name: CreativeName,
  format: CreativeFormat,
  status: CreativeStatus,
  /** Given exactly when it is rejected. */
  rejection_reason: z.string().min(1).max(500).nullable(),
  external_id: ExternalId.nullable(),
  created_at: UtcTime,
});
export type Creative = z.infer<typeof Creative>;

export const creatives = defineEntity("creative", {
  about: "An advertisement of a media buy and whether it may run. An ad of an imported report is a creative.",
  schema: Creative,
});

/** How many creatives of one media buy a room, and every browser in it, holds: as many as one imported file can name. */
export const MAX_BUY_CREATIVES = 10_000;

/** The first media buy that cannot take the creatives added to it, or undefined. `added` counts them by media buy. */
export function fullBuy(tx: ReadTx, added: ReadonlyMap<string, number>): string | undefined {
  const counts = new Map(added);
  for (const { media_buy_id: id } of tx.list(creatives)) {
    const count = counts.get(id);
    if (count !== undefined) counts.set(id, count + 1);
  }
  return [...counts].find(([, count]) => count > MAX_BUY_CREATIVES)?.[0];
}

/** A creative's id or the caller's own `external_id` of it. */
export const CreativeRef = z.union([CreativeId, ExternalId]);

/** The creative with that id or external id. External ids are unique within a buy, so say which buy if you know it. */
export function findCreative(tx: ReadTx, ref: string, mediaBuyId?: string): Creative | undefined {
  const byId = tx.get(creatives, ref);
  if (byId) return mediaBuyId === undefined || byId.media_buy_id === mediaBuyId ? byId : undefined;
  return tx
    .list(creatives)
    .find(
      (creative) => creative.external_id === ref && (mediaBuyId === undefined || creative.media_buy_id === mediaBuyId),
    );
}
