import { z } from "zod";
import { defineEntity } from "../../model/entity.ts";
import type { Entity, EntityKind } from "../../model/entity.ts";
import { Count } from "../../model/units.ts";
import { ApiKey, ApiKeyCredential, apiKeyCredentials, apiKeys } from "../api-keys/entities.ts";
import { InventoryProduct, inventoryProducts } from "../inventory/entities.ts";
import { Member, MemberLimit, memberLimits, members } from "../members/entities.ts";
import { SessionRevocation, sessionRevocations } from "../sessions/entities.ts";
import { CampaignSummary, MediaBuySummary, campaignSummaries, mediaBuySummaries } from "../summaries/entities.ts";
import { Workspace, workspaces } from "../workspaces/entities.ts";

/** What a campaign room mirrors of its workspace. */
export const WORKSPACE_KINDS: readonly EntityKind[] = [
  members,
  memberLimits,
  apiKeys,
  apiKeyCredentials,
  sessionRevocations,
  workspaces,
  inventoryProducts,
];
/** What a workspace mirrors of each of its campaigns. */
export const CAMPAIGN_KINDS: readonly EntityKind[] = [campaignSummaries, mediaBuySummaries];

const KINDS = new Map([...WORKSPACE_KINDS, ...CAMPAIGN_KINDS].map((kind) => [kind.kind, kind]));

/** The kind of a row. Throws for a kind that is never mirrored, which the row's schema excludes. */
export function kindOfRow(row: MirrorRow): EntityKind {
  const kind = KINDS.get(row.kind);
  if (!kind) throw new Error(`${row.kind} is not mirrored`);
  return kind;
}

const rowOf = <K extends string, E extends Entity>(kind: K, value: z.ZodType<E>) =>
  z.strictObject({ kind: z.literal(kind), id: z.string().min(1).max(128), value: value.nullable() });

/** The latest state of one entity of another room; null: it is gone. */
export const MirrorRow = z.discriminatedUnion("kind", [
  rowOf("member", Member),
  rowOf("member_limit", MemberLimit),
  rowOf("api_key", ApiKey),
  rowOf("api_key_credential", ApiKeyCredential),
  rowOf("session_revocation", SessionRevocation),
  rowOf("workspace", Workspace),
  rowOf("inventory_product", InventoryProduct),
  rowOf("campaign_summary", CampaignSummary),
  rowOf("media_buy_summary", MediaBuySummary),
]);
export type MirrorRow = z.infer<typeof MirrorRow>;

/** How many rows one message may carry: what a large workspace has in members, keys and products. */
export const MAX_MIRROR_ROWS = 5_000;

/** The name of the room a mirror comes from, and how far into its log it goes. */
export const MirrorSource = z.strictObject({
  id: z.string().min(1).max(128),
  epoch: Count,
  seq: Count,
  /** The position whose first parts came already, until its last one does. */
  coming: z.strictObject({ epoch: Count, seq: Count }).optional(),
});
export type MirrorSource = z.infer<typeof MirrorSource>;

export const mirrorSources = defineEntity("mirror_source", {
  about: "How much of another room's state this room has taken over.",
  schema: MirrorSource,
  audience: () => ({ needs: "system" }),
});
