import { can } from "../../core/model/access.ts";
import type { Audience, Grants } from "../../core/model/access.ts";
import type { StoredEntity } from "../../core/model/entity.ts";
import { canonicalJson } from "../../core/model/json.ts";
import { MapStore } from "../../core/model/map-store.ts";
import { Overlay } from "../../core/model/overlay.ts";
import type { RoomDefinition } from "../../core/model/room.ts";
import type { LoggedCommit } from "./history.ts";

/** An entity as one text, to be compared. */
export function rowText(stored: Pick<StoredEntity, "kind" | "id" | "revision" | "value">): string {
  const { kind, id, revision, value } = stored;
  return canonicalJson([kind, id, revision, value]);
}

/** Live entities as sorted texts. */
export function rowTexts(entities: Iterable<StoredEntity>): string[] {
  return [...entities]
    .filter(({ deleted }) => !deleted)
    .map(rowText)
    .toSorted();
}

/** What a room holds after these commits, by its events alone: with nothing of the engine that made them. */
export function fold(room: RoomDefinition, log: readonly LoggedCommit[]): MapStore {
  const store = new MapStore();
  for (const { seq, actor, at, events } of log) {
    const overlay = new Overlay(store);
    for (const { type, data } of events) {
      const definition = room.events.get(type);
      if (!definition) throw new Error(`The room knows no event ${type}`);
      definition.apply(overlay, data, { at, actor });
    }
    for (const stored of overlay.touched()) store.write({ ...stored, seq });
  }
  return store;
}

/** The events of a commit that somebody with these rights is sent, as they travel. */
export function visibleEvents(room: RoomDefinition, grants: Grants): (commit: LoggedCommit) => string[] {
  return ({ events }) =>
    events.filter(({ type, data }) => sees(grants, room.events.get(type)?.audience(data) ?? null)).map(wireText(room));
}

/** An event as it travels. */
export function wireText(room: RoomDefinition): (event: LoggedCommit["events"][number]) => string {
  return ({ type, data }) => {
    const wire = room.events.get(type)?.wire;
    return canonicalJson([type, wire ? wire.from(data) : data]);
  };
}

/** The resident entities of a store that somebody with these rights may see: what their browser should hold. */
export function visibleRows(room: RoomDefinition, store: MapStore, grants: Grants): string[] {
  const visible = [...store.all()].filter((stored) => {
    const kind = room.entities.get(stored.kind);
    return kind?.resident && !stored.deleted && sees(grants, kind.audience?.(stored.value) ?? null);
  });
  return rowTexts(visible);
}

function sees(grants: Grants, audience: Audience | null): boolean {
  return audience === null || can(grants, audience.needs, audience.campaign_id);
}
