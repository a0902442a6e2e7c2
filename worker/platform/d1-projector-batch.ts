import type { StoredEntity } from "../../core/model/entity.ts";
import { campaigns } from "../../core/domain/campaigns/entities.ts";
import { mediaBuys } from "../../core/domain/media-buys/entities.ts";
import { campaignSummaries } from "../../core/domain/summaries/entities.ts";
import type { CampaignSummary } from "../../core/domain/summaries/entities.ts";
import type { LogRow } from "../engine/ports.ts";
import { auditEntities, auditRows, trailRows } from "./d1-projector-audit.ts";
import {
  deriveSearch,
  derivePackages,
  movePosition,
  placeholderCampaigns,
  upsertRows,
} from "./d1-projector-statements.ts";
import type { RoomKey, Statement } from "./d1-projector-statements.ts";
import { listedCampaign, PROJECTIONS } from "./d1-projector-tables.ts";
import type { Projection } from "./d1-projector-tables.ts";

/** A value that cannot become a row, however often it is tried. */
export class UnprojectableValue extends Error {}

/** Where the rows come from. */
export interface BatchSource {
  readonly room: RoomKey;
  /** The kinds that are this room's own; mirrored kinds are projected by the room they come from. */
  readonly owned: ReadonlySet<string>;
  /** The current state of an entity, deleted ones included. */
  read(kind: string, id: string): StoredEntity | undefined;
}

/** An entity's current state and when it was last changed. */
interface Change {
  readonly stored: StoredEntity;
  readonly at: string;
}

/** Everything that some commits mean to the read model, the room's position last. */
export function batchStatements(rows: readonly LogRow[], epoch: number, source: BatchSource): Statement[] {
  const { room } = source;
  const trail = trailRows(rows, (kind) => projectionOf(kind, source)?.trail ?? false);
  const statements = [...auditRows(rows, room, epoch), ...auditEntities(trail, room, epoch)];
  for (const [kind, changes] of currentStates(rows, source))
    statements.push(...entityStatements(kind, changes, { epoch, source }));
  const last = rows.at(-1);
  if (last) statements.push(movePosition(room, { epoch, seq: last.seq, at: last.at }));
  return statements;
}

/** The rows of one kind, and what other tables derive from them. */
export function entityStatements(
  kind: string,
  changes: readonly Change[],
  { epoch, source }: { epoch: number; source: BatchSource },
): Statement[] {
  const { room } = source;
  const projection = projectionOf(kind, source);
  if (!projection) return kind === campaignSummaries.kind && room.campaign_id === "" ? newCampaigns(changes, room) : [];
  const statements = upsertRows(
    projection.table,
    changes.map((change) => toRow(projection, change)),
    room,
    epoch,
  );
  const ids = changes.map(({ stored }) => stored.id);
  if (kind === mediaBuys.kind) statements.push(...derivePackages(ids, room));
  if (kind === mediaBuys.kind || kind === campaigns.kind) {
    statements.push(
      ...deriveSearch(
        kind === mediaBuys.kind ? "media_buy" : "campaign",
        ids.map((id) => [room.campaign_id, id] as const),
        room,
      ),
    );
  }
  return statements;
}

function projectionOf(kind: string, source: BatchSource): Projection | undefined {
  return source.owned.has(kind) ? PROJECTIONS.get(kind) : undefined;
}

/** Each touched entity once, as it is now. One that storage no longer knows is left out. */
function currentStates(rows: readonly LogRow[], source: BatchSource): Map<string, Change[]> {
  const times = new Map<string, Map<string, string>>();
  for (const row of rows) {
    for (const [kind, id] of row.touched) {
      const byId = times.get(kind) ?? new Map<string, string>();
      times.set(kind, byId.set(id, row.at));
    }
  }
  const states = new Map<string, Change[]>();
  for (const [kind, byId] of times) {
    if (!projectionOf(kind, source) && kind !== campaignSummaries.kind) continue;
    const changes: Change[] = [];
    for (const [id, at] of byId) {
      const stored = source.read(kind, id);
      if (stored) changes.push({ stored, at });
    }
    states.set(kind, changes);
  }
  return states;
}

function toRow(projection: Projection, { stored, at }: Change): readonly unknown[] {
  try {
    return projection.row(stored, at);
  } catch (error) {
    throw new UnprojectableValue(`${stored.kind} ${stored.id} does not fit its table: ${String(error)}`);
  }
}

/** Campaigns whose room nobody has opened yet, from what the workspace knows of them. */
function newCampaigns(changes: readonly Change[], room: RoomKey): Statement[] {
  // The cast is safe: rows of a kind are only ever written with that kind's schema.
  const summaries = changes
    .filter(({ stored }) => !stored.deleted)
    .map(({ stored }) => stored.value as CampaignSummary);
  const unopened = summaries.filter((summary) => summary.campaign_revision === 0);
  if (unopened.length === 0) return [];
  const rows = unopened.map((summary) => [
    summary.id,
    summary.created_at,
    summary.status,
    listedCampaign({ ...summary, features: [], updated_at: summary.created_at }),
  ]);
  return [
    ...placeholderCampaigns(rows, room),
    ...deriveSearch(
      "campaign",
      unopened.map(({ id }) => [id, id] as const),
      room,
    ),
  ];
}
