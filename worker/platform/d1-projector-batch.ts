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
  UnprojectableValue,
  upsertRows,
} from "./d1-projector-statements.ts";
import type { Origin, Statement } from "./d1-projector-statements.ts";
import { listedCampaign, PROJECTIONS } from "./d1-projector-tables.ts";
import type { Projection } from "./d1-projector-tables.ts";

/** Where the rows come from. */
export interface BatchSource {
  readonly origin: Origin;
  /** The kinds that are this room's own; mirrored kinds are projected by the room they come from. */
  readonly owned: ReadonlySet<string>;
  /** The current state of an entity, deleted ones included. */
  read(kind: string, id: string): StoredEntity | undefined;
}

/** An entity's current state and when it was last changed. */
export interface Change {
  readonly stored: StoredEntity;
  readonly at: string;
}

/** Everything that some commits mean to the read model, the room's position last. */
export function batchStatements(rows: readonly LogRow[], source: BatchSource): Statement[] {
  const { origin } = source;
  const trail = trailRows(rows, (kind) => projectionOf(kind, source)?.trail ?? false);
  const statements = [...auditRows(rows, origin), ...auditEntities(trail, origin)];
  for (const [kind, changes] of currentStates(rows, source))
    statements.push(...entityStatements(kind, changes, source));
  const last = rows.at(-1);
  if (last) statements.push(movePosition(origin, last));
  return statements;
}

/** The rows of one kind, and what other tables derive from them. */
export function entityStatements(kind: string, changes: readonly Change[], source: BatchSource): Statement[] {
  const { origin } = source;
  const projection = projectionOf(kind, source);
  if (!projection) return isPlaceholder(kind, source) ? newCampaigns(changes, origin) : [];
  const rows = changes.map((change) => toRow(projection, change));
  const ids = changes.map(({ stored }) => stored.id);
  return [...upsertRows(projection.table, rows, origin), ...derivedStatements(kind, ids, origin)];
}

/** What other tables derive from the rows that D1 has of these entities. */
export function derivedStatements(kind: string, ids: readonly string[], origin: Origin): Statement[] {
  const keys = ids.map((id) => [origin.campaign_id, id] as const);
  if (kind === mediaBuys.kind) return [...derivePackages(ids, origin), ...deriveSearch("media_buy", keys, origin)];
  return kind === campaigns.kind ? deriveSearch("campaign", keys, origin) : [];
}

/** A workspace knows a campaign before its room is born. */
function isPlaceholder(kind: string, source: BatchSource): boolean {
  return kind === campaignSummaries.kind && source.origin.campaign_id === "";
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
    if (!projectionOf(kind, source) && !isPlaceholder(kind, source)) continue;
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
function newCampaigns(changes: readonly Change[], origin: Origin): Statement[] {
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
    ...placeholderCampaigns(rows, origin),
    ...deriveSearch(
      "campaign",
      unopened.map(({ id }) => [id, id] as const),
      origin,
    ),
  ];
}
