import { z } from "zod";
import { defineEntity } from "../../model/entity.ts";
import { refuse } from "../../model/refusal.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { ReadTx } from "../../model/transaction.ts";
import { CampaignId, ExternalId, UtcTime } from "../../model/units.ts";
import { FreeObject } from "./free-json.ts";

export const CAMPAIGN_STATUSES = ["draft", "active", "paused", "completed", "archived"] as const;
export const CampaignStatus = z.enum(CAMPAIGN_STATUSES);
export type CampaignStatus = z.infer<typeof CampaignStatus>;

export const GENERATION_STATUSES = [
  "idle",
  "generating",
  "generated",
  "auditing",
  "completed",
  "failed",
  "cancelled",
] as const;
export const GenerationStatus = z.enum(GENERATION_STATUSES);
export type GenerationStatus = z.infer<typeof GenerationStatus>;

/** Words of lower case letters and digits, joined by hyphens; it never looks like an id, which has an underscore. */
export const Slug = z
  .string()
  .max(64)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "A slug is words of a-z 0-9 joined by -");
/** A campaign's id, its slug or the caller's own `external_id` of it. */
export const CampaignRef = z.union([CampaignId, Slug, ExternalId]);
export const CampaignTitle = z.string().trim().min(1).max(200);
export const CampaignDescription = z.string().max(2_000);

const Phrases = z.array(z.string().trim().min(1).max(80)).max(20);

/** What the campaign should say and to whom. Word limits count words. */
export const Brief = z.strictObject({
  objective: z.string().max(1_000),
  target_audience: z.string().max(1_000),
  product_details: z.string().max(2_000),
  tone: Phrases,
  palette: z.array(z.string().regex(/^#[0-9a-fA-F]{6}$/, "A colour such as #1a2b3c")).max(12),
  constraints: z.strictObject({
    min_words: z.int().positive().nullable().default(null),
    max_words: z.int().positive().nullable().default(null),
    required: Phrases.default([]),
    restricted: Phrases.default([]),
    rating: z.string().trim().min(1).max(32).nullable().default(null),
  }),
});
export type Brief = z.infer<typeof Brief>;
/** The named fields of a brief; the others stay. */
export const BriefPatch = Brief.partial();

export const EMPTY_BRIEF: Readonly<Brief> = Object.freeze({
  objective: "",
  target_audience: "",
  product_details: "",
  tone: [],
  palette: [],
  constraints: { min_words: null, max_words: null, required: [], restricted: [], rating: null },
});

/** Names a capability that is switched on for the campaign, e.g. `waitlist`. */
export const FeatureName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/, "A feature's name is up to 64 of A-Z a-z 0-9 _ . : -");
export const MAX_FEATURES = 100;

/** Free JSON for the pages and channels of the campaign. `scripts` is data like the rest: never executed. */
export const CampaignConfig = z.strictObject({
  ui_content: FreeObject,
  scripts: FreeObject,
  communication: FreeObject,
});
export type CampaignConfig = z.infer<typeof CampaignConfig>;

/** Limits that keep a campaign's JSON under an entity's 64 KB. */
export const MAX_STATE_BYTES = 32 * 1024;
export const MAX_CONFIG_BYTES = 12 * 1024;
export const MAX_CAMPAIGN_BYTES = 62 * 1024;

export const Campaign = z.strictObject({
  id: CampaignId,
  slug: Slug,
  external_id: ExternalId.nullable(),
  title: CampaignTitle,
  description: CampaignDescription,
  status: CampaignStatus,
  generation_status: GenerationStatus,
  brief: Brief,
  /** A set, in the order in which features were added. */
  features: z.array(FeatureName).max(MAX_FEATURES),
  config: CampaignConfig,
  /** The callers' own; at most {@link MAX_STATE_BYTES}. */
  state: FreeObject,
  /** The version in use of each artifact type. */
  active_version_ids: z.record(z.string(), z.string()),
  created_at: UtcTime,
  created_by: z.string(),
  updated_at: UtcTime,
});
export type Campaign = z.infer<typeof Campaign>;

export const campaigns = defineEntity("campaign", {
  about: "What a campaign says and to whom, its status, features, configuration and free state. One per room.",
  schema: Campaign,
});

/** The campaign that this room is; undefined in a workspace room. */
export function campaignOf(tx: ReadTx): Campaign | undefined {
  return tx.list(campaigns)[0];
}

/** The room's campaign if `ref` is its id, slug or external id. */
export function findCampaign(tx: ReadTx, ref: string): Campaign | undefined {
  const campaign = campaignOf(tx);
  return campaign && (campaign.id === ref || campaign.slug === ref || campaign.external_id === ref)
    ? campaign
    : undefined;
}

/** INVALID_STATE in the room of an archived campaign, which is read-only for good with all that was bought and made for it; else null. */
export function readOnlyCampaign(tx: ReadTx): Refusal | null {
  if (campaignOf(tx)?.status !== "archived") return null;
  return refuse("INVALID_STATE", "The campaign is archived: it and its media buys are read-only.");
}
