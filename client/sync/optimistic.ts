import type { Actor, Grants } from "../../core/model/access.ts";
import { actorRef, can } from "../../core/model/access.ts";
import type { CommandDefinition, DecideContext } from "../../core/model/command.ts";
import type { StoredEntity } from "../../core/model/entity.ts";
import type { EmittedEvent } from "../../core/model/event.ts";
import { Overlay } from "../../core/model/overlay.ts";
import type { EntitySource } from "../../core/model/overlay.ts";
import { isRefusal } from "../../core/model/refusal.ts";
import type { ReadTx } from "../../core/model/transaction.ts";
import type { RoomDefinition } from "../../core/model/room.ts";
import type { Me } from "../../core/protocol/frames.ts";
import { ulid } from "./ids.ts";
import type { PendingCommand } from "./pending.ts";
import { StagedStore } from "./staged-store.ts";

/** Who this browser is in a room, as `decide` wants it. */
export interface Standing {
  readonly actor: Actor;
  readonly grants: Grants;
  readonly workspace_id: string;
  readonly campaign_id: string | undefined;
}

const ACTOR_KINDS = ["member", "api_key", "webhook", "system"] as const;

/** Reads the room's welcome. The limits of a member to named campaigns stay with the room: the browser's answer is a guess. */
export function standingOf(me: Me, room: string): Standing {
  const colon = me.actor.indexOf(":");
  const kind = ACTOR_KINDS.find((each) => each === me.actor.slice(0, colon)) ?? "member";
  const [workspace_id = "", campaign_id] = room.split("/");
  return {
    actor: { kind, id: me.actor.slice(colon + 1) },
    grants: me.role ? { kind: "role", role: me.role } : { kind: "scopes", scopes: me.permissions },
    workspace_id,
    campaign_id,
  };
}

/** The confirmed state with every pending command tried on top of it. */
export interface View {
  readonly tx: ReadTx;
  /** {@link rowKey} of each row that pending commands changed. */
  readonly guessed: ReadonlySet<string>;
  /** The rows that the last pending command changed. */
  readonly latest: readonly StoredEntity[];
}

/** Names an entity among all kinds. */
export function rowKey(kind: string, id: string): string {
  return `${kind}/${id}`;
}

interface Guess {
  readonly pending: readonly PendingCommand[];
  /** Null before the first welcome: then nothing is guessed. */
  readonly standing: Standing | null;
}

/**
 * Runs the same `decide` and `apply` as the room. A command that is refused or fails here changes nothing in view
 * and simply waits: the room has the last word.
 */
export function project(room: RoomDefinition, confirmed: EntitySource, { pending, standing }: Guess): View {
  const staged = new StagedStore(confirmed);
  const guessed = new Set<string>();
  let latest: readonly StoredEntity[] = [];
  for (const entry of pending) {
    latest =
      standing && entry.command.optimistic && !entry.metadata?.dry_run
        ? attempt(room, { staged, entry, standing })
        : [];
    for (const stored of latest) {
      staged.write(stored);
      guessed.add(rowKey(stored.kind, stored.id));
    }
  }
  return { tx: new Overlay(staged), guessed, latest };
}

function attempt(
  room: RoomDefinition,
  work: { staged: StagedStore; entry: PendingCommand; standing: Standing },
): StoredEntity[] {
  const { staged, entry, standing } = work;
  try {
    const overlay = new Overlay(staged);
    const events = eventsOf(entry, overlay, standing);
    const facts = { at: entry.now, actor: actorRef(standing.actor) };
    for (const event of events) {
      const definition = room.events.get(event.type);
      if (!definition) return [];
      definition.apply(overlay, definition.wire ? definition.wire.from(event.data) : event.data, facts);
    }
    return overlay.touched().filter((stored) => room.entities.get(stored.kind)?.resident === true);
  } catch {
    // A guess that cannot be made here (it needs what browsers do not hold) is no error: the command waits for the room.
    return [];
  }
}

function eventsOf(entry: PendingCommand, overlay: Overlay, standing: Standing): readonly EmittedEvent[] {
  const command: CommandDefinition = entry.command;
  if (!can(standing.grants, command.needs(entry.input))) return [];
  const decision = command.decide(overlay, entry.input, contextOf(entry, standing));
  if (isRefusal(decision)) return [];
  return "events" in decision ? decision.events : decision;
}

function contextOf(entry: PendingCommand, standing: Standing): DecideContext {
  return {
    ...standing,
    now: entry.now,
    id(prefix, n = 0) {
      const key = `${prefix}:${n}`;
      const known = entry.ids.get(key);
      if (known) return known;
      const made = `${prefix}_${ulid(Date.parse(entry.now))}`;
      entry.ids.set(key, made);
      return made;
    },
    secret() {
      throw new Error("A browser makes no secrets");
    },
  };
}
