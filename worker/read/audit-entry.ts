import { z } from "zod";
import { platformRandomness } from "../platform/randomness.ts";
import type { Reader } from "./reader.ts";

const EntityRef = z.object({ kind: z.string(), id: z.string(), revision: z.int() });
type EntityRef = z.infer<typeof EntityRef>;
const ActorParts = z.object({ kind: z.string(), id: z.string() });

/** One event as exports and webhooks carry it. `id` is the same whenever it is asked for; `causation_id` is the command's. */
export const EventEnvelope = z.object({
  v: z.literal(1),
  seq: z.int().positive(),
  id: z.string(),
  type: z.string(),
  workspace_id: z.string(),
  /** The entity that the event names, or the first that its commit touched. */
  entity: EntityRef.nullable(),
  actor: ActorParts,
  correlation_id: z.string(),
  causation_id: z.string(),
  at: z.iso.datetime(),
  data: z.unknown(),
});
export type EventEnvelope = z.infer<typeof EventEnvelope>;

/** One commit: who did what, when, from where, and what it touched. `campaign_id` is null for the workspace's own room. */
export const AuditEntry = z.object({
  campaign_id: z.string().nullable(),
  epoch: z.int(),
  seq: z.int().positive(),
  at: z.iso.datetime(),
  actor: ActorParts,
  type: z.string(),
  command_id: z.string(),
  correlation: z.looseObject({ id: z.string() }),
  entities: z.array(EntityRef),
  events: z.array(EventEnvelope),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** A row of the table `audit`. */
export const AuditRow = z.object({
  at: z.string(),
  campaign_id: z.string(),
  seq: z.int(),
  epoch: z.int(),
  actor: z.string(),
  type: z.string(),
  command_id: z.string(),
  correlation: z.string(),
  touched: z.string(),
  events: z.string(),
});
export type AuditRow = z.infer<typeof AuditRow>;

/** The columns of {@link AuditRow} of a row `a`. */
export const AUDIT_COLUMNS = Object.keys(AuditRow.shape)
  .map((column) => `a.${column}`)
  .join(", ");

const Touched = z.array(z.tuple([z.string(), z.string(), z.int()]));
const Events = z.array(z.object({ type: z.string(), data: z.unknown() }));
const Correlation = z.looseObject({ id: z.string() });

/** What a reader may see of a commit: null if they may see none of its events. */
export function auditEntry(row: AuditRow, reader: Reader): AuditEntry | null {
  const { at, seq, epoch, type, command_id } = row;
  const campaignId = row.campaign_id === "" ? undefined : row.campaign_id;
  const events = Events.parse(JSON.parse(row.events));
  const seen = events.flatMap((event, n) => (reader.sees(event, campaignId) ? [{ event, n }] : []));
  if (seen.length === 0) return null;
  const entities = Touched.parse(JSON.parse(row.touched)).map(([kind, id, revision]) => ({ kind, id, revision }));
  const correlation = Correlation.parse(JSON.parse(row.correlation));
  const actor = actorParts(row.actor);
  const envelope = { v: 1 as const, seq, workspace_id: reader.workspace_id, actor, at };
  return {
    campaign_id: campaignId ?? null,
    epoch,
    seq,
    at,
    actor,
    type,
    command_id,
    correlation,
    // What else a commit touched is for those who may see all of it.
    entities: seen.length === events.length ? entities : [],
    events: seen.map(({ event, n }) => ({
      ...envelope,
      id: platformRandomness.ulidFrom([reader.workspace_id, row.campaign_id, seq, n, command_id].join("\n")),
      type: event.type,
      entity: entityOf(event.data, entities),
      correlation_id: correlation.id,
      causation_id: command_id,
      data: event.data,
    })),
  };
}

/** The touched entity whose id stands in the event's data, at the top or one level down; else the first. */
function entityOf(data: unknown, entities: readonly EntityRef[]): EntityRef | null {
  const values = typeof data === "object" && data !== null ? Object.values(data) : [];
  const named = entities.find(({ id }) =>
    values.some(
      (value: unknown) =>
        value === id || (typeof value === "object" && value !== null && Reflect.get(value, "id") === id),
    ),
  );
  return named ?? entities[0] ?? null;
}

function actorParts(ref: string): { kind: string; id: string } {
  const colon = ref.indexOf(":");
  return { kind: ref.slice(0, colon), id: ref.slice(colon + 1) };
}
