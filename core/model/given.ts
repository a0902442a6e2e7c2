import { actorRef, can } from "./access.ts";
import type { Actor, Grants, Role } from "./access.ts";
import type { CommandCall, CommandDefinition, DecideContext } from "./command.ts";
import type { Entity, EntityKind } from "./entity.ts";
import type { CommitFacts, EmittedEvent, EventDefinition } from "./event.ts";
import { MapStore } from "./map-store.ts";
import { Overlay } from "./overlay.ts";
import { isRefusal, refuse } from "./refusal.ts";
import type { Refusal, RefusalCode } from "./refusal.ts";
import type { Identity } from "./room.ts";
import { badInput, noTarget } from "./schema-issues.ts";
import type { ReadTx } from "./transaction.ts";

/** When a scenario takes place unless it says otherwise: Friday noon UTC. */
export const NOON = "2026-11-20T12:00:00.000Z";
export const WORKSPACE = "ws_01J00000000000000000000000";
export const CAMPAIGN = "cmp_01J00000000000000000000000";
/** The member who acts unless the scenario says otherwise. */
export const ACTING_MEMBER = "mem_01J00000000000000000000000";

/** An id of the right shape for tests: `testId("mb", 7)` is `mb_01J…7`. */
export function testId(prefix: string, n: number): string {
  return `${prefix}_01J${String(n).padStart(23, "0")}`;
}

interface WhenOptions {
  /** A role, or exact grants. Default: owner. */
  as?: Role | Grants;
  actor?: Actor;
  identity?: Identity;
  now?: string;
  dry_run?: boolean;
  expected_revision?: number;
}

/** What a command led to. */
export interface Outcome {
  readonly refusal: Refusal | null;
  /** The code of the refusal, null if it was carried out. */
  readonly code: RefusalCode | null;
  readonly events: readonly EmittedEvent[];
  readonly once: Readonly<Record<string, unknown>> | null;
  /** The command that would undo it, computed from the state before. */
  readonly inverse: CommandCall | null;
}

/**
 * A room in memory for the tests of verbs: `given().having(campaigns, aCampaign).when(renameCampaign, input, { as: "viewer" })`.
 * It runs what the engine runs (schema, permission, revision, decide, apply, commit) with a fixed clock, and checks the
 * contracts of definitions on the way: only declared events and refusals, data and entities that fit their schemas,
 * and an `apply` that works in a browser, which holds resident kinds and wire data only.
 */
export class Scenario {
  readonly #store = new MapStore();
  readonly #browser = new MapStore();
  readonly #campaignId: string | undefined;
  #seq = 0;

  constructor(campaignId: string | undefined) {
    this.#campaignId = campaignId;
  }

  /** Puts entities into the room, as if earlier commits had. */
  having<E extends Entity>(kind: EntityKind<E>, ...entities: readonly E[]): this {
    const overlay = new CheckedOverlay(this.#store);
    for (const entity of entities) overlay.put(kind, entity);
    this.#commit(overlay, this.#store);
    if (!kind.resident) return this;
    const seen = new CheckedOverlay(this.#browser);
    for (const entity of entities) seen.put(kind, entity);
    this.#commit(seen, this.#browser);
    return this;
  }

  /** Sends a command. Throws if a definition breaks its own contract. */
  when<I>(command: CommandDefinition<I>, input: NoInfer<I>, options: WhenOptions = {}): Outcome {
    return this.send(command, input, options);
  }

  /** Sends a payload that may not fit the command's schema. */
  send<I>(command: CommandDefinition<I>, payload: unknown, options: WhenOptions = {}): Outcome {
    const before = this.tx;
    const parsed = command.input.safeParse(payload);
    if (!parsed.success) return refused(badInput(parsed.error));
    const input = parsed.data;
    const grants = grantsOf(options.as ?? "owner");
    if (!can(grants, command.needs(input), command.concerns(input)))
      return refused(refuse("PERMISSION_DENIED", command.needs(input)));
    const target = command.target(input, before);
    if (options.expected_revision !== undefined) {
      if (!target) return refused(noTarget(command.type));
      if (before.revision(...target) !== options.expected_revision) return refused(refuse("CONFLICT", "revision"));
    }
    const context = this.#context(grants, options);
    const decision = command.decide(before, input, context);
    if (isRefusal(decision)) {
      if (!command.refuses.includes(decision.code))
        throw new Error(`${command.type} refuses with undeclared ${decision.code}`);
      return refused(decision);
    }
    const { events, once } = "events" in decision ? decision : { events: decision, once: null };
    const inverse = command.inverse(input, before);
    if (!options.dry_run) this.#apply(command, events, { at: context.now, actor: actorRef(context.actor) });
    return { refusal: null, code: null, events, once, inverse };
  }

  /** The room's state now. */
  get tx(): ReadTx {
    return new Overlay(this.#store);
  }

  /** What a browser that sees everything holds now. */
  get browser(): ReadTx {
    return new Overlay(this.#browser);
  }

  /** A live entity, or undefined. */
  get<E extends Entity>(kind: EntityKind<E>, id: string): E | undefined {
    return this.tx.get(kind, id);
  }

  #apply(command: CommandDefinition, events: readonly EmittedEvent[], facts: CommitFacts): void {
    if (events.length === 0) throw new Error(`${command.type} decided on no event: refuse with NO_CHANGE instead`);
    const room = new CheckedOverlay(this.#store);
    const browser = new CheckedOverlay(this.#browser);
    for (const event of events) {
      const definition = command.emits.find((each) => each.type === event.type);
      if (!definition) throw new Error(`${command.type} emits undeclared ${event.type}`);
      const data = overJson(definition, event.data);
      definition.audience(data);
      definition.apply(room, data, facts);
      const { wire } = definition;
      definition.apply(browser, wire ? wire.data.parse(wire.from(data)) : data, facts);
    }
    this.#commit(room, this.#store);
    this.#commit(browser, this.#browser);
  }

  #commit(overlay: CheckedOverlay, store: MapStore): void {
    const seq = ++this.#seq;
    for (const stored of overlay.touched()) {
      if (store === this.#store || overlay.kinds.get(stored.kind)?.resident) store.write({ ...stored, seq });
    }
  }

  #context(grants: Grants, options: WhenOptions): DecideContext {
    const command = this.#seq + 1;
    return {
      now: options.now ?? NOON,
      actor: options.actor ?? { kind: "member", id: ACTING_MEMBER },
      grants,
      identity: options.identity,
      workspace_id: WORKSPACE,
      campaign_id: this.#campaignId,
      id: (prefix, n = 0) => testId(prefix, 1_000_000 + command * 1000 + n),
      secret: () => ({
        text: `fd_live_${String(command).padStart(32, "A")}`,
        hash: command.toString(16).padStart(64, "0"),
      }),
    };
  }
}

/** An overlay that refuses entities their schema refuses, and remembers the kinds it wrote. */
class CheckedOverlay extends Overlay {
  readonly kinds = new Map<string, EntityKind>();

  override put<E extends Entity>(kind: EntityKind<E>, entity: E): void {
    this.kinds.set(kind.kind, kind);
    kind.schema.parse(entity);
    super.put(kind, entity);
  }

  override delete(kind: EntityKind, id: string): void {
    this.kinds.set(kind.kind, kind);
    super.delete(kind, id);
  }
}

/** A campaign room (of {@link CAMPAIGN}) or, with `null`, a workspace room, empty. */
export function given(campaignId: string | null = CAMPAIGN): Scenario {
  return new Scenario(campaignId ?? undefined);
}

function overJson(definition: EventDefinition, data: unknown): unknown {
  return definition.data.parse(JSON.parse(JSON.stringify(data)));
}

function grantsOf(as: Role | Grants): Grants {
  return typeof as === "string" ? { kind: "role", role: as } : as;
}

function refused(refusal: Refusal): Outcome {
  return { refusal, code: refusal.code, events: [], once: null, inverse: null };
}
