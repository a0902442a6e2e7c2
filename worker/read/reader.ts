import { can } from "../../core/model/access.ts";
import type { Grants, Permission } from "../../core/model/access.ts";
import type { EmittedEvent, EventDefinition } from "../../core/model/event.ts";

/** Who reads: their one workspace, and what they may see of it. */
export interface Reader {
  readonly workspace_id: string;
  /** The only campaigns they may see; null: all of the workspace. */
  readonly campaign_ids: readonly string[] | null;
  /** Whether they may see an event of the audit; `campaignId` is the room it happened in, if that is a campaign's. */
  sees(event: EmittedEvent, campaignId: string | undefined): boolean;
}

interface ReaderOptions {
  readonly workspace_id: string;
  readonly grants: Grants;
  /** Every event of every room. One that is not among them is not shown, because nobody can say to whom it might be. */
  readonly events: ReadonlyMap<string, EventDefinition>;
}

/** The reader that grants make. */
export function readerOf({ workspace_id, grants, events }: ReaderOptions): Reader {
  return {
    workspace_id,
    campaign_ids: grants.kind === "system" ? null : (grants.campaign_ids ?? null),
    sees(event, campaignId) {
      const definition = events.get(event.type);
      if (!definition) return false;
      const everyone: Permission = campaignId === undefined ? "workspace.read" : "campaign.read";
      const { needs, campaign_id } = definition.audience(event.data) ?? { needs: everyone };
      return can(grants, needs, campaign_id ?? campaignId);
    },
  };
}
