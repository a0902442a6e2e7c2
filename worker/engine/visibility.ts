import { can, PERMISSIONS } from "../../core/model/access.ts";
import type { Audience, Grants } from "../../core/model/access.ts";
import type { StoredEntity } from "../../core/model/entity.ts";
import type { EmittedEvent } from "../../core/model/event.ts";
import type { Admission, RoomDefinition } from "../../core/model/room.ts";
import { actorRef } from "../../core/model/access.ts";
import type { Me, WireCommit, WireEvent, WireRow } from "../../core/protocol/frames.ts";
import type { LogRow } from "./ports.ts";

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

  outgoing(row: LogRow): OutgoingCommit {
    return {
      seq: row.seq,
      actor: row.actor,
      at: row.at,
      events: row.events.map((event) => this.#outgoingEvent(event)),
    };
  }

  /** What `grants` may see of a commit; null if nothing. */
  commitFor(grants: Grants, commit: OutgoingCommit): WireCommit | null {
    const events = commit.events.filter((event) => sees(grants, event.audience)).map((event) => event.wire);
    return events.length > 0 ? [commit.seq, commit.actor, commit.at, ...events] : null;
  }

  /** Whether two readers' views of these commits are the same text: equal keys, equal frames. */
  key(grants: Grants, commits: readonly OutgoingCommit[]): string {
    let key = "";
    for (const commit of commits) for (const event of commit.events) key += sees(grants, event.audience) ? "1" : "0";
    return key;
  }

  seesRow(grants: Grants, stored: StoredEntity): boolean {
    const audience = this.#room.entities.get(stored.kind)?.audience?.(stored.value) ?? this.#everyone;
    return sees(grants, audience);
  }

  seesSignal(grants: Grants, audience: Audience | null): boolean {
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

/** An entity as it travels. */
export function wireRow(stored: StoredEntity): WireRow {
  return [stored.kind, stored.id, stored.revision, stored.value];
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

/** A member limited to campaigns holds a permission if they hold it in one of them. */
function grantedSomewhere(grants: Grants, permission: (typeof PERMISSIONS)[number]): boolean {
  if (grants.kind === "system") return true;
  return (grants.campaign_ids ?? []).some((id) => can(grants, permission, id));
}
