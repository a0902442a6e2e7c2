import type { EntityKind } from "../../core/model/entity.ts";
import type { Audience } from "../../core/model/access.ts";
import type { EventDefinition } from "../../core/model/event.ts";
import type { RoomDefinition } from "../../core/model/room.ts";
import { readableKinds } from "../../worker/adapters/http/openapi/read-paths.ts";
import { codes } from "./markdown.ts";
import { schemaTable } from "./schema-table.ts";

/** What a room's commits are made of. */
export function eventSection(room: RoomDefinition, other: RoomDefinition | null): string {
  const own = [...room.events.values()].filter((event) => !other?.events.has(event.type));
  const shared = [...room.events.keys()].filter((type) => other?.events.has(type));
  return [...own.map(describeEvent), ...seeAbove(shared, other)].join("\n\n");
}

function seeAbove(names: readonly string[], other: RoomDefinition | null): string[] {
  return names.length === 0 || !other ? [] : [`As in a ${other.kind}: ${codes(names)}.`];
}

function describeEvent(event: EventDefinition): string {
  const parts = [`### \`${event.type}\``, `Seen by: ${audienceOf(() => event.audience({}))}.`];
  if (event.wire)
    parts.push(
      "On the wire (less than what is logged):",
      schemaTable(event.wire.data, "output"),
      "In the log, the audit and webhooks:",
    );
  parts.push(schemaTable(event.data, "output"));
  return parts.join("\n\n");
}

/** What a room holds and shows. */
export function entitySection(room: RoomDefinition, other: RoomDefinition | null): string {
  const readable = new Set<EntityKind>(readableKinds(room.entities.values()));
  const kinds = [...room.entities.values()].filter((kind) => readable.has(kind) || !kind.resident);
  const own = kinds.filter(({ kind }) => !other?.entities.has(kind));
  const shared = kinds.filter((kind) => !own.includes(kind)).map(({ kind }) => kind);
  return [...own.map(describeKind), ...seeAbove(shared, other)].join("\n\n");
}

function describeKind(kind: EntityKind): string {
  return [`### \`${kind.kind}\``, kind.about, residence(kind), schemaTable(kind.schema, "output")].join("\n\n");
}

function residence(kind: EntityKind): string {
  const audience = audienceOf(() => kind.audience?.({ id: "" }) ?? null);
  return kind.resident ? `Held by browsers. Seen by: ${audience}.` : "Not held by browsers: read by query.";
}

/** What is told once and not kept. */
export function signalSection(room: RoomDefinition): string {
  const signals = [...room.signals.values()];
  if (signals.length === 0) return "None yet.";
  return signals
    .map((signal) =>
      [
        `### \`${signal.name}\``,
        `Seen by: ${audienceOf(() => signal.audience({}))}.`,
        schemaTable(signal.data, "output"),
      ].join("\n\n"),
    )
    .join("\n\n");
}

/** Asked with nothing in it: what depends on the data then shows itself by failing, or by naming no campaign. */
function audienceOf(ask: () => Audience | null): string {
  try {
    const audience = ask();
    if (audience === null) return "whoever may read the room";
    return "campaign_id" in audience ? `\`${audience.needs}\` for its campaign` : `\`${audience.needs}\``;
  } catch {
    return "whoever may see what it is about";
  }
}
