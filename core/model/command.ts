import type { z } from "zod";
import type { Actor, Grants, Permission } from "./access.ts";
import type { EntityKind } from "./entity.ts";
import type { EmittedEvent, EventDefinition } from "./event.ts";
import type { Refusal, RefusalCode } from "./refusal.ts";
import type { Identity } from "./room.ts";
import type { ReadTx } from "./transaction.ts";

/** A command to send: its base type (`media_buy:update:v1`, without `:requested`) and payload. */
export interface CommandCall {
  readonly type: string;
  readonly payload: unknown;
}

/** What `decide` may know besides the room's entities. */
export interface DecideContext {
  /** ISO-8601 UTC; in a browser a guess, replaced on confirmation. */
  readonly now: string;
  readonly actor: Actor;
  readonly grants: Grants;
  /** What the actor's token or key proved; absent for the room itself and in a browser, so only commands that are not optimistic may need it. */
  readonly identity?: Identity | undefined;
  readonly workspace_id: string;
  /** The campaign this room is, if it is one. */
  readonly campaign_id?: string | undefined;
  /** A new id `{prefix}_{ULID}`, the same for every try of this command. `n` tells apart several of one prefix. */
  id(prefix: string, n?: number): string;
  /** A fresh random secret of 32 ASCII alphanumerics with its SHA-256 (hex). Never in a browser: such commands are not optimistic. */
  secret(): { readonly text: string; readonly hash: string };
}

/** What a command does: events, or a refusal. `once` joins the first answer only and is never stored (a new key's secret). */
export type Decision =
  | readonly EmittedEvent[]
  | { readonly events: readonly EmittedEvent[]; readonly once: Readonly<Record<string, unknown>> }
  | Refusal;

/** One verb, defined once. Everything else (socket, HTTP, reference, permission table, optimistic update) is derived from it. */
export interface CommandDefinition<I = unknown> {
  /** `{service}:{action}:v{version}` */
  readonly type: string;
  readonly about: string;
  readonly input: z.ZodType<I>;
  readonly example: unknown;
  readonly refuses: readonly RefusalCode[];
  readonly emits: readonly EventDefinition[];
  /** `created` answers 201 over HTTP, `accepted` 202 (long work has begun). */
  readonly answers: "ok" | "created" | "accepted";
  readonly optimistic: boolean;
  /** Whether it creates the room it is sent to. */
  readonly creates_room: boolean;
  needs(input: I): Permission;
  /** The campaign it concerns, in the workspace room; a member limited to other campaigns is refused. */
  concerns(input: I): string | undefined;
  /** The entity whose revision `expected_revision` is compared with. */
  target(input: I, tx: ReadTx): readonly [EntityKind, string] | null;
  /** The command that undoes it, from the state before; null if it cannot be undone. */
  inverse(input: I, before: ReadTx): CommandCall | null;
  decide(tx: ReadTx, input: I, context: DecideContext): Decision;
}

interface CommandOptions<I> {
  about: string;
  input: z.ZodType<I>;
  /** A payload that the schema accepts, shown in the reference. */
  example: NoInfer<I>;
  needs: Permission | ((input: I) => Permission);
  refuses: readonly RefusalCode[];
  emits: readonly EventDefinition[];
  answers?: "ok" | "created" | "accepted";
  optimistic?: boolean;
  creates_room?: boolean;
  concerns?(input: I): string | undefined;
  target?(input: I, tx: ReadTx): readonly [EntityKind, string] | null;
  inverse?(input: I, before: ReadTx): CommandCall | null;
  decide(tx: ReadTx, input: I, context: DecideContext): Decision;
}

/** Defines a command. It is optimistic unless it says otherwise. */
export function defineCommand<I>(type: string, options: CommandOptions<I>): CommandDefinition<I> {
  if (!/^[a-z_]+:[a-z_]+:v\d+$/.test(type)) throw new Error(`Command type "${type}" is not canonical`);
  const { needs } = options;
  return {
    type,
    about: options.about,
    input: options.input,
    example: options.example,
    refuses: options.refuses,
    emits: options.emits,
    answers: options.answers ?? "ok",
    optimistic: options.optimistic ?? true,
    creates_room: options.creates_room ?? false,
    needs: (input) => (typeof needs === "function" ? needs(input) : needs),
    concerns: (input) => options.concerns?.(input),
    target: (input, tx) => options.target?.(input, tx) ?? null,
    inverse: (input, before) => options.inverse?.(input, before) ?? null,
    decide: (tx, input, context) => options.decide(tx, input, context),
  };
}
