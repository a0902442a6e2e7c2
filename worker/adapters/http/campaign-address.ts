import type { Context } from "hono";
import { CampaignId, ExternalId } from "../../../core/model/units.ts";
import type { Http } from "./ports.ts";

/** The workspace's mirror of a campaign, by which slugs and external ids are looked up. */
const CAMPAIGN_SUMMARY = "campaign_summary";

/**
 * The id of the campaign that an address names by id, slug or external id, or undefined if there is none for the caller.
 * What has the form of an id is not looked up: the campaign's own room says whether it exists.
 */
export async function findCampaign(c: Context<Http>, workspaceId: string, ref: string): Promise<string | undefined> {
  if (CampaignId.safeParse(ref).success) return ref;
  if (!ExternalId.safeParse(ref).success) return undefined;
  const { identity } = c.var.verified;
  const read = await c.var.ports.workspace(workspaceId).read({ identity, kind: CAMPAIGN_SUMMARY, id: ref });
  return read.ok ? read.rows[0]?.[1] : undefined;
}
