import { z } from "zod";
import { defineCommand } from "../../model/command.ts";
import type { DecideContext } from "../../model/command.ts";
import type { Entity, EntityKind } from "../../model/entity.ts";
import { isRefusal, refuse } from "../../model/refusal.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { ReadTx } from "../../model/transaction.ts";
import { Count } from "../../model/units.ts";
import { campaignSummaries, mediaBuySummaries } from "../summaries/entities.ts";
import type { CampaignSummary } from "../summaries/entities.ts";
import { CAMPAIGN_KINDS, MAX_MIRROR_ROWS, MirrorRow, WORKSPACE_KINDS } from "./entities.ts";
import { isNewer, mirrorEvents, positionMirrored, rowMirrored, underWay } from "./rows.ts";

const Input = z.strictObject({
  /** The room it comes from: `{workspace_id}` or `{workspace_id}/{campaign_id}`. */
  source: z.string().min(1).max(128),
  epoch: Count,
  seq: Count,
  rows: z.array(MirrorRow).max(MAX_MIRROR_ROWS),
  /** Whether these are all rows of the source: what the room holds of it beyond them is gone. */
  complete: z.boolean().default(false),
  /** Whether more rows of the same position follow. It is the last part's to move: until then nothing is known to be here. */
  partial: z.boolean().default(false),
});
type Input = z.infer<typeof Input>;

export const applyMirror = defineCommand("mirror:apply:v1", {
  about: "Take over the latest state of chosen entities of another room, unless newer state is here already.",
  input: Input,
  example: { source: "ws_01JD0000000000000000000000", epoch: 1, seq: 240, rows: [], complete: false, partial: false },
  needs: "system",
  refuses: ["NO_CHANGE", "INVALID_REQUEST", "CAMPAIGN_NOT_FOUND"],
  emits: [rowMirrored, positionMirrored],
  optimistic: false,
  decide(tx, input, context) {
    if (input.partial && input.complete) return refuse("INVALID_REQUEST", "A part is never all there is.");
    const position = { id: input.source, epoch: input.epoch, seq: input.seq };
    if (!isNewer(tx, position)) return refuse("NO_CHANGE", "Newer state of this source is here already.");
    const rows =
      context.campaign_id === undefined ? fromCampaign(tx, input, context) : fromWorkspace(tx, input, context);
    if (isRefusal(rows)) return rows;
    if (!input.partial) return mirrorEvents(tx, rows, position);
    const events = mirrorEvents(tx, rows, underWay(tx, position));
    return events.length > 0 ? events : refuse("NO_CHANGE", "These rows are here already.");
  },
});

/** The rows a campaign room takes from its workspace. */
function fromWorkspace(tx: ReadTx, input: Input, { workspace_id }: DecideContext): MirrorRow[] | Refusal {
  if (input.source !== workspace_id) return refuse("INVALID_REQUEST", "A campaign mirrors its own workspace only.");
  return misplaced(input.rows, WORKSPACE_KINDS) ?? [...input.rows, ...absent(tx, input, { kinds: WORKSPACE_KINDS })];
}

/** The rows a workspace takes from one of its campaigns: of that campaign only, and never the fields that the workspace itself keeps. */
function fromCampaign(tx: ReadTx, input: Input, { workspace_id }: DecideContext): MirrorRow[] | Refusal {
  const campaignId = input.source.slice(workspace_id.length + 1);
  if (input.source !== `${workspace_id}/${campaignId}`) {
    return refuse("INVALID_REQUEST", "A workspace mirrors its own campaigns only.");
  }
  const own = tx.get(campaignSummaries, campaignId);
  if (!own) return refuse("CAMPAIGN_NOT_FOUND", "The workspace has no such campaign.");
  const wrong = misplaced(input.rows, CAMPAIGN_KINDS);
  if (wrong) return wrong;
  const rows: MirrorRow[] = [];
  for (const row of input.rows) {
    if (row.kind === "campaign_summary" && row.id === campaignId) {
      const { slug, created_at, created_by } = own;
      if (!row.value) continue;
      const external_id = isAnothers(tx, row.value) ? own.external_id : row.value.external_id;
      rows.push({ ...row, value: { ...row.value, slug, external_id, created_at, created_by } });
    } else if (row.kind === "media_buy_summary" && belongs(tx, row, campaignId)) rows.push(row);
    else return refuse("INVALID_REQUEST", `${row.kind} ${row.id} is not of the campaign it comes from.`);
  }
  const isMine = (entity: Entity) => tx.get(mediaBuySummaries, entity.id)?.campaign_id === campaignId;
  return [...rows, ...absent(tx, input, { kinds: [mediaBuySummaries], isMine })];
}

/** Whether another campaign is known by the external id. A campaign's room cannot tell, because it does not see the others. */
function isAnothers(tx: ReadTx, { id, external_id }: CampaignSummary): boolean {
  if (external_id === null) return false;
  return tx
    .list(campaignSummaries)
    .some((other) => other.id !== id && (other.slug === external_id || other.external_id === external_id));
}

function belongs(tx: ReadTx, row: Extract<MirrorRow, { kind: "media_buy_summary" }>, campaignId: string): boolean {
  const held = tx.get(mediaBuySummaries, row.id);
  return (held?.campaign_id ?? campaignId) === campaignId && (row.value?.campaign_id ?? campaignId) === campaignId;
}

function misplaced(rows: readonly MirrorRow[], kinds: readonly EntityKind[]): Refusal | null {
  for (const row of rows) {
    if (!kinds.some((kind) => kind.kind === row.kind)) {
      return refuse("INVALID_REQUEST", `${row.kind} is not mirrored into this room.`);
    }
    if (row.value && row.value.id !== row.id)
      return refuse("INVALID_REQUEST", `The row ${row.id} is another entity's.`);
  }
  return null;
}

interface Scope {
  kinds: readonly EntityKind[];
  isMine?(entity: Entity): boolean;
}

/** Rows that delete what a complete message no longer names. */
function absent(tx: ReadTx, { complete, rows }: Input, { kinds, isMine }: Scope): MirrorRow[] {
  if (!complete) return [];
  const named = new Set(rows.map((row) => `${row.kind} ${row.id}`));
  return kinds.flatMap((kind) =>
    tx
      .list(kind)
      .filter((entity) => (isMine?.(entity) ?? true) && !named.has(`${kind.kind} ${entity.id}`))
      .map((entity) => MirrorRow.parse({ kind: kind.kind, id: entity.id, value: null })),
  );
}
