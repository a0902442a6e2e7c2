import { can, PERMISSIONS } from "../../core/model/access.ts";
import type { Audience, Grants, Permission } from "../../core/model/access.ts";
import type { StoredEntity } from "../../core/model/entity.ts";
import type { EmittedEvent } from "../../core/model/event.ts";
import type { Admission, RoomDefinition } from "../../core/model/room.ts";
import { actorRef } from "../../core/model/access.ts";
import type { Me, WireCommit, WireEvent, WireRow } from "../../core/protocol/frames.ts";
import { SNAPSHOT_CHUNK_BYTES } from "../../core/protocol/version.ts";
import type { LogRow } from "./ports.ts";

/** What a frame adds to its rows, generously. */
const FRAME_OVERHEAD = 1024;

/** An event ready to travel: what browsers get of it and who may see it. */
interface OutgoingEvent {
  readonly wire: WireEvent;
  readonly audience: Audience;
}

/** A commit ready to travel. */
export interface OutgoingCommit {
  readonly seq: number;
  readonly actor: string;
  readonly at: string;
  readonly events: readonly OutgoingEvent[];
}

/** Who may see what in one kind of room: the only reader of audiences. */
export class Visibility {
  readonly #room: RoomDefinition;
  readonly #everyone: Audience;

  constructor(room: RoomDefinition) {
    this.#room = room;
    this.#everyone = { needs: room.kind === "workspace" ? "workspace.read" : "campaign.read" };
  }

  /** A commit as it travels. Throws what an event's `wire` throws. */
  outgoing(row: LogRow): OutgoingCommit {
    return {
      seq: row.seq,
      actor: row.actor,
      at: row.at,
      events: row.events.map((event) => this.#outgoingEvent(event)),
    };
  }

  /** What may be seen of commits with all of these grants; one of which nothing may be seen is left out. */
  commitsFor(grants: readonly Grants[], commits: readonly OutgoingCommit[]): WireCommit[] {
    const visible: WireCommit[] = [];
    for (const { seq, actor, at, events } of commits) {
      const wire = events.filter((event) => seesWithAll(grants, event.audience)).map((event) => event.wire);
      if (wire.length > 0) visible.push([seq, actor, at, ...wire]);
    }
    return visible;
  }

  /** Whether two readers' views of these commits are the same text: equal keys, equal frames. */
  key(grants: readonly Grants[], commits: readonly OutgoingCommit[]): string {
    let key = "";
    for (const commit of commits) {
      for (const event of commit.events) key += seesWithAll(grants, event.audience) ? "1" : "0";
    }
    return key;
  }

  seesRow(grants: Grants, stored: StoredEntity): boolean {
    const audience = this.#room.entities.get(stored.kind)?.audience?.(stored.value) ?? this.#everyone;
    return sees(grants, audience);
  }

  seesAudience(grants: Grants, audience: Audience | null): boolean {
    return sees(grants, audience ?? this.#everyone);
  }

  #outgoingEvent(event: EmittedEvent): OutgoingEvent {
    const definition = this.#room.events.get(event.type);
    // An event whose definition is gone stays in the log but cannot be shown to anybody.
    if (!definition) return { wire: [event.type, null], audience: { needs: "system" } };
    const data = definition.wire ? definition.wire.from(event.data) : event.data;
    return { wire: [event.type, data], audience: definition.audience(event.data) ?? this.#everyone };
  }
}

/** The room's own state is nobody's to see: `system` audiences are for the room alone. */
function sees(grants: Grants, audience: Audience): boolean {
  return can(grants, audience.needs, audience.campaign_id);
}

function seesWithAll(grants: readonly Grants[], audience: Audience): boolean {
  return grants.every((each) => sees(each, audience));
}

/** An entity as it travels. */
export function wireRow(stored: StoredEntity): WireRow {
  // Every entity is a JSON object with an id: that is all a row says of it.
  return [stored.kind, stored.id, stored.revision, stored.value as WireRow[3]];
}

/** Rows in groups of at most a chunk's size; at least one group, so that an empty room has a snapshot too. */
export function inChunks(rows: readonly WireRow[]): WireRow[][] {
  const groups: WireRow[][] = [];
  let group: WireRow[] = [];
  let size = 0;
  for (const row of rows) {
    const length = atMostBytes(JSON.stringify(row));
    if (group.length > 0 && size + length > SNAPSHOT_CHUNK_BYTES - FRAME_OVERHEAD) {
      groups.push(group);
      group = [];
      size = 0;
    }
    group.push(row);
    size += length + 1;
  }
  groups.push(group);
  return groups;
}

/** An upper bound of a text's UTF-8 length, without encoding it. */
function atMostBytes(text: string): number {
  return /[^ -~]/.test(text) ? text.length * 3 : text.length;
}

/** What a session is told about itself. */
export function describeMe(admission: Admission): Me {
  const { grants } = admission;
  return {
    actor: actorRef(admission.actor),
    role: grants.kind === "role" ? grants.role : null,
    permissions: PERMISSIONS.filter((permission) => can(grants, permission) || grantedSomewhere(grants, permission)),
  };
}

/** What can be held for single campaigns. The rest is the workspace's, and nothing of it is held for a campaign. */
const OF_CAMPAIGNS: ReadonlySet<Permission> = new Set<Permission>([
  "campaign.read",
  "campaign.edit",
  "media_buy.edit",
  "creative.edit",
  "delivery.report",
  "feedback.submit",
]);

/** A member limited to campaigns holds a permission of campaigns if they hold it in one of them. */
function grantedSomewhere(grants: Grants, permission: Permission): boolean {
  if (grants.kind === "system" || !OF_CAMPAIGNS.has(permission)) return grants.kind === "system";
  return (grants.campaign_ids ?? []).some((id) => can(grants, permission, id));
}
