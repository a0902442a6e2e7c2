import type { Actor, Grants } from "./access.ts";
import type { CommandDefinition } from "./command.ts";
import type { EntityKind } from "./entity.ts";
import type { EventDefinition } from "./event.ts";
import type { SignalDefinition } from "./signal.ts";
import type { ReadTx } from "./transaction.ts";
import type { ViewDefinition } from "./view.ts";

/** One part of the domain: its entity kinds, events, commands, signals and views. */
export interface DomainModule {
  readonly name: string;
  readonly entities: readonly EntityKind[];
  readonly events: readonly EventDefinition[];
  readonly commands: readonly CommandDefinition[];
  readonly signals: readonly SignalDefinition[];
  readonly views?: readonly ViewDefinition[];
}

/** Who a token or key proves somebody to be, before a room says what they may do. */
export interface Identity {
  readonly kind: "user" | "api_key" | "system";
  /** The token's subject, or the hash of the API key. */
  readonly subject: string;
  /** The sign-in session, for revocation; null for keys. */
  readonly session_id: string | null;
}

/** Whom an identity is in this room and what they hold; null: nobody here knows them. */
export interface Admission {
  readonly actor: Actor;
  readonly grants: Grants;
}

/** What a kind of room is: the modules that share one object, and who may enter. */
export interface RoomDefinition {
  readonly kind: "workspace" | "campaign";
  readonly modules: readonly DomainModule[];
  readonly entities: ReadonlyMap<string, EntityKind>;
  readonly events: ReadonlyMap<string, EventDefinition>;
  readonly commands: ReadonlyMap<string, CommandDefinition>;
  readonly signals: ReadonlyMap<string, SignalDefinition>;
  readonly views: ReadonlyMap<string, ViewDefinition>;
  admit(tx: ReadTx, identity: Identity): Admission | null;
}

interface RoomOptions {
  kind: "workspace" | "campaign";
  modules: readonly DomainModule[];
  admit(tx: ReadTx, identity: Identity): Admission | null;
}

/** Puts modules together into a room. Throws if two definitions share a name. */
export function defineRoom(options: RoomOptions): RoomDefinition {
  const { kind, modules, admit } = options;
  return {
    kind,
    modules,
    admit,
    entities: index(
      modules.flatMap((m) => m.entities),
      (e) => e.kind,
    ),
    events: index(
      modules.flatMap((m) => m.events),
      (e) => e.type,
    ),
    commands: index(
      modules.flatMap((m) => m.commands),
      (c) => c.type,
    ),
    signals: index(
      modules.flatMap((m) => m.signals),
      (s) => s.name,
    ),
    views: index(
      modules.flatMap((m) => m.views ?? []),
      (v) => v.name,
    ),
  };
}

function index<T>(items: readonly T[], name: (item: T) => string): ReadonlyMap<string, T> {
  const map = new Map<string, T>();
  for (const item of items) {
    if (map.has(name(item))) throw new Error(`"${name(item)}" is defined twice`);
    map.set(name(item), item);
  }
  return map;
}
