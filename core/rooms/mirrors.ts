import type { ReadTx } from "../model/transaction.ts";
import { campaigns } from "../domain/campaigns/entities.ts";
import { packageCounters } from "../domain/delivery/entities.ts";
import { mediaBuys } from "../domain/media-buys/entities.ts";
import { apiKeyCredentials, apiKeys } from "../domain/api-keys/entities.ts";
import { memberLimits, members } from "../domain/members/entities.ts";
import { WORKSPACE_KINDS } from "../domain/mirrors/entities.ts";
import { sessionRevocations } from "../domain/sessions/entities.ts";
import { campaignSummaries, mediaBuySummaries } from "../domain/summaries/entities.ts";
import { buyOfPackage, summarizeCampaign, summarizeMediaBuy } from "../domain/summaries/summarize.ts";

/** An entity that a commit touched. */
export interface TouchedEntity {
  readonly kind: string;
  readonly id: string;
}

/** The latest state of an entity for another room; null: it is gone. The payload of `mirror:apply:v1` holds a list of them. */
export interface CollectedRow {
  readonly kind: string;
  readonly id: string;
  readonly value: unknown;
}

/** What one kind of room shows another, live. */
export interface MirrorDefinition {
  readonly name: string;
  /** Kinds whose changes are shown, at most once a second. */
  readonly watches: ReadonlySet<string>;
  /** Kinds whose changes are shown at once. */
  readonly urgent: ReadonlySet<string>;
  /** The rows to show for what was touched, in any number of commits; of `"all"` those that exist, to be applied with `complete`. */
  collect(tx: ReadTx, touched: readonly TouchedEntity[] | "all"): CollectedRow[];
}

/** Members, keys, revocations, settings and inventory of a workspace, for its campaigns. */
export const workspaceToCampaigns: MirrorDefinition = {
  name: "workspace-to-campaigns",
  watches: new Set(WORKSPACE_KINDS.map((kind) => kind.kind)),
  urgent: new Set([members, memberLimits, apiKeys, apiKeyCredentials, sessionRevocations].map((kind) => kind.kind)),
  collect: (tx, touched) =>
    WORKSPACE_KINDS.flatMap((kind) => {
      const ids = touched === "all" ? tx.list(kind).map((entity) => entity.id) : idsOf(touched, kind.kind);
      return ids.map((id) => ({ kind: kind.kind, id, value: tx.get(kind, id) ?? null }));
    }),
};

/** A campaign and each of its media buys in summary, for the list of its workspace. */
export const campaignToWorkspace: MirrorDefinition = {
  name: "campaign-to-workspace",
  watches: new Set([campaigns, mediaBuys, packageCounters].map((kind) => kind.kind)),
  urgent: new Set(),
  collect(tx, touched) {
    const campaign = summarizeCampaign(tx);
    if (!campaign) return [];
    const buys = touched === "all" ? tx.list(mediaBuys).map((buy) => buy.id) : touchedBuys(tx, touched);
    return [
      { kind: campaignSummaries.kind, id: campaign.id, value: campaign },
      ...buys.map((id) => ({ kind: mediaBuySummaries.kind, id, value: summarizeMediaBuy(tx, id) })),
    ];
  },
};

function touchedBuys(tx: ReadTx, touched: readonly TouchedEntity[]): string[] {
  const counted = idsOf(touched, packageCounters.kind).flatMap((id) => buyOfPackage(tx, id)?.id ?? []);
  return [...new Set([...idsOf(touched, mediaBuys.kind), ...counted])];
}

function idsOf(touched: readonly TouchedEntity[], kind: string): string[] {
  return [...new Set(touched.filter((entity) => entity.kind === kind).map((entity) => entity.id))];
}
