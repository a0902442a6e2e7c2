import { actorRef, can, PERMISSIONS } from "../../../core/model/access.ts";
import type { Actor, Grants, Role } from "../../../core/model/access.ts";
import type { DecideContext } from "../../../core/model/command.ts";
import type { EmittedEvent, EventDefinition } from "../../../core/model/event.ts";
import { MapStore } from "../../../core/model/map-store.ts";
import { Overlay } from "../../../core/model/overlay.ts";
import { isRefusal, refuse } from "../../../core/model/refusal.ts";
import type { Refusal } from "../../../core/model/refusal.ts";
import type { RoomDefinition } from "../../../core/model/room.ts";
import { baseType, Envelope } from "../../../core/protocol/envelope.ts";
import type { DownFrame, Me, WireRow } from "../../../core/protocol/frames.ts";
import type { Clock } from "../clock.ts";

export interface LoggedCommit {
  readonly seq: number;
  readonly tip: string;
  readonly actor: string;
  readonly command_id: string;
  readonly at: string;
  readonly events: readonly EmittedEvent[];
  readonly data: unknown;
}

export interface Person {
  readonly actor: Actor;
  readonly role: Role;
}

/**
 * A room in memory that does what the real one promises its clients: one `seq` per command, the recorded answer to a
 * repeated id, deltas, snapshots and filtered events. It commits at once; {@link FakeSession} sends.
 */
export class FakeRoom {
  readonly definition: RoomDefinition;
  readonly clock: Clock;
  readonly name: string;
  epoch = 1;
  historyStart = 0;
  store = new MapStore();
  log: LoggedCommit[] = [];
  /** Called after each commit. */
  readonly onCommit = new Set<() => void>();
  /** Refuses the next commands with this, whatever they are. */
  refuseNext: Refusal[] = [];

  constructor(definition: RoomDefinition, clock: Clock, name = "ws_A/cmp_A") {
    this.definition = definition;
    this.clock = clock;
    this.name = name;
  }

  get head(): number {
    return this.log.at(-1)?.seq ?? 0;
  }

  get tip(): string {
    return this.log.at(-1)?.tip ?? "";
  }

  tipAt(seq: number): string | undefined {
    return seq === 0 ? "" : this.log.find((commit) => commit.seq === seq)?.tip;
  }

  execute(person: Person, payload: unknown): DownFrame {
    const envelope = Envelope.parse(payload);
    const type = baseType(envelope.type);
    const actor = actorRef(person.actor);
    const done = this.log.find((commit) => commit.command_id === envelope.id && commit.actor === actor);
    if (done) return { type: `${type}:success`, id: envelope.id, seq: done.seq, replayed: true, data: done.data };
    const result = this.refuseNext.shift() ?? this.#decide(person, envelope);
    if (isRefusal(result)) {
      const { code, message, details } = result;
      return { type: `${type}:failed`, id: envelope.id, error: { code, message, ...(details ? { details } : {}) } };
    }
    if (envelope.metadata?.dry_run)
      return { type: `${type}:success`, id: envelope.id, seq: this.head, dry_run: true, data: result };
    const data = { events: result.length };
    const seq = this.commit({ actor, command_id: envelope.id, events: result, data });
    return { type: `${type}:success`, id: envelope.id, seq, data };
  }

  /** Commits events; returns the `seq`. */
  commit(commit: Pick<LoggedCommit, "actor" | "command_id" | "events" | "data">): number {
    const overlay = new Overlay(this.store);
    const at = new Date(this.clock.now()).toISOString();
    for (const event of commit.events) {
      this.#event(event).apply(overlay, event.data, { at, actor: commit.actor });
    }
    const seq = this.head + 1;
    for (const stored of overlay.touched()) this.store.write({ ...stored, seq });
    this.log.push({ ...commit, seq, at, tip: `tip-${this.epoch}-${seq}-${commit.command_id.slice(-6)}` });
    for (const notify of this.onCommit) notify();
    return seq;
  }

  /** What a point-in-time restore does: the end of the log never happened, under a new epoch. */
  restoreTo(seq: number): void {
    const kept = this.log.filter((commit) => commit.seq <= seq);
    this.epoch += 1;
    this.store = new MapStore();
    this.log = [];
    for (const commit of kept) this.commit(commit);
  }

  me(person: Person): Me {
    const grants = grantsOf(person);
    return {
      actor: actorRef(person.actor),
      role: person.role,
      permissions: PERMISSIONS.filter((each) => can(grants, each)),
    };
  }

  visible(event: EmittedEvent, person: Person): boolean {
    const audience = this.#event(event).audience(event.data);
    return !audience || can(grantsOf(person), audience.needs, audience.campaign_id);
  }

  rows(person: Person): WireRow[] {
    const rows: WireRow[] = [];
    for (const { kind, id, revision, deleted, value } of this.store.all()) {
      const definition = this.definition.entities.get(kind);
      const audience = definition?.audience?.(value);
      if (!deleted && definition?.resident && (!audience || can(grantsOf(person), audience.needs))) {
        rows.push([kind, id, revision, { ...value }]);
      }
    }
    return rows;
  }

  #event({ type }: EmittedEvent): EventDefinition {
    const definition = this.definition.events.get(type);
    if (!definition) throw new Error(`The room has no event ${type}`);
    return definition;
  }

  #decide(person: Person, envelope: Envelope): readonly EmittedEvent[] | Refusal {
    const command = this.definition.commands.get(baseType(envelope.type));
    if (!command) return refuse("UNKNOWN_TYPE", `There is no ${envelope.type}`);
    const input = command.input.parse(envelope.payload);
    if (!can(grantsOf(person), command.needs(input))) return refuse("PERMISSION_DENIED", "Not with this role");
    const tx = new Overlay(this.store);
    const target = command.target(input, tx);
    const expected = envelope.metadata?.expected_revision;
    if (target && expected !== undefined && tx.revision(...target) !== expected)
      return refuse("CONFLICT", "It changed meanwhile");
    const decision = command.decide(tx, input, this.#context(person, envelope.id));
    return isRefusal(decision) ? decision : "events" in decision ? decision.events : decision;
  }

  #context(person: Person, commandId: string): DecideContext {
    const [workspace_id = "", campaign_id] = this.name.split("/");
    return {
      now: new Date(this.clock.now()).toISOString(),
      actor: person.actor,
      grants: grantsOf(person),
      workspace_id,
      campaign_id,
      id: (prefix, n = 0) => `${prefix}_${commandId}_${n}`,
      secret: () => ({ text: "hush", hash: "" }),
    };
  }
}

function grantsOf(person: Person): Grants {
  return { kind: "role", role: person.role };
}
