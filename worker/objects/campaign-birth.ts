import { WORKSPACE_KINDS } from "../../core/domain/mirrors/entities.ts";
import { sessionRevocations } from "../../core/domain/sessions/entities.ts";
import { findCampaignSummary } from "../../core/domain/summaries/entities.ts";
import type { CampaignSummary } from "../../core/domain/summaries/entities.ts";
import type { CommandCall } from "../../core/model/command.ts";
import type { ReadTx } from "../../core/model/transaction.ts";
import { workspaceToCampaigns } from "../../core/rooms/mirrors.ts";
import type { CollectedRow } from "../../core/rooms/mirrors.ts";
import { inParts } from "../engine/mirror-parts.ts";

/** What a campaign's room is born from: what its workspace says of it, with people, keys and inventory as of a position. */
export interface CampaignBirth {
  readonly campaign: CampaignSummary;
  readonly epoch: number;
  readonly seq: number;
  /** Whoever may come in first, products last. */
  readonly rows: readonly CollectedRow[];
}

/** The birth of a campaign that the workspace lists, as of `at`; null for any other. `now` is ISO-8601. */
export function birthOf(
  tx: ReadTx,
  campaignId: string,
  at: { epoch: number; seq: number; now: string },
): CampaignBirth | null {
  const campaign = findCampaignSummary(tx, campaignId);
  if (campaign?.id !== campaignId) return null;
  const { epoch, seq, now } = at;
  const isOver = ({ kind, id }: CollectedRow): boolean =>
    kind === sessionRevocations.kind && (tx.get(sessionRevocations, id)?.until ?? now) <= now;
  return { campaign, epoch, seq, rows: workspaceToCampaigns.collect(tx, "all").filter((row) => !isOver(row)) };
}

/**
 * The commands that bring the room into being, for one turn without a pause: each makes a commit that fits a row, and
 * only the last makes the room complete. `begun` is the state of a room whose birth broke off.
 */
export function birthCommands(birth: CampaignBirth, source: string, begun: ReadTx | null): CommandCall[] {
  const { campaign, epoch, seq } = birth;
  const parts = inParts(begun ? [...gone(begun, birth.rows), ...birth.rows] : birth.rows);
  return parts.map((rows, index) => {
    const partial = index < parts.length - 1;
    if (index === 0 && !begun) return { type: "campaign:open:v1", payload: { campaign, epoch, seq, rows, partial } };
    return { type: "mirror:apply:v1", payload: { source, epoch, seq, rows, partial } };
  });
}

/** Rows that delete what a room took over and its workspace no longer has: nobody removed meanwhile is let in. */
function gone(begun: ReadTx, rows: readonly CollectedRow[]): CollectedRow[] {
  const named = new Set(rows.map(({ kind, id }) => `${kind} ${id}`));
  return WORKSPACE_KINDS.flatMap((kind) =>
    begun
      .list(kind)
      .filter(({ id }) => !named.has(`${kind.kind} ${id}`))
      .map(({ id }) => ({ kind: kind.kind, id, value: null })),
  );
}
