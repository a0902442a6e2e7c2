import type { CommandDefinition } from "../../core/model/command.ts";
import type { Metadata } from "../../core/protocol/envelope.ts";
import type { WireError } from "../../core/protocol/frames.ts";

/** How a command ended. A refusal is a value: nothing here rejects. */
export type CommandOutcome =
  | {
      readonly ok: true;
      /** `{service}:{action}:v{n}:success` */
      readonly type: string;
      readonly id: string;
      readonly seq: number;
      readonly data: unknown;
      readonly replayed?: true | undefined;
      readonly dry_run?: true | undefined;
    }
  | { readonly ok: false; readonly type: string; readonly id: string; readonly error: WireError };

/** A command that the room has not confirmed, or whose commit has not arrived. */
export interface PendingCommand {
  readonly id: string;
  readonly command: CommandDefinition;
  /** As the caller gave it, parsed by the command's schema for `decide`. */
  readonly payload: unknown;
  readonly input: unknown;
  readonly metadata: Metadata | undefined;
  /** The frame, always the same text, so that a retry is the same command byte by byte. */
  readonly text: string;
  /** When it was issued (ISO-8601): the guess of its commit time. */
  readonly now: string;
  /** A random ULID for each `ctx.id(prefix, n)` it asked for. */
  readonly ids: Map<string, string>;
  /** Where it was committed, null while unanswered. */
  readonly acknowledged: number | null;
  readonly resolve: (outcome: CommandOutcome) => void;
}

/** Commands in the order they were given. The only queue of the client; an immutable list at each moment. */
export class PendingList {
  #entries: readonly PendingCommand[] = [];

  get entries(): readonly PendingCommand[] {
    return this.#entries;
  }

  find(id: string): PendingCommand | undefined {
    return this.#entries.find((entry) => entry.id === id);
  }

  unanswered(): readonly PendingCommand[] {
    return this.#entries.filter((entry) => entry.acknowledged === null);
  }

  add(entry: PendingCommand): void {
    this.#entries = [...this.#entries, entry];
  }

  /** Keeps it in view until the commits reach `seq`. */
  acknowledge(id: string, seq: number): void {
    this.#entries = this.#entries.map((entry) => (entry.id === id ? { ...entry, acknowledged: seq } : entry));
  }

  drop(id: string): void {
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
  }

  /** Drops what the confirmed state now holds. */
  applied(seq: number): void {
    if (this.#entries.some((entry) => entry.acknowledged !== null && entry.acknowledged <= seq)) {
      this.#entries = this.#entries.filter((entry) => entry.acknowledged === null || entry.acknowledged > seq);
    }
  }

  /** Drops everything that was answered: a new epoch counts anew, and its snapshot is the truth about them. */
  forgetAnswered(): void {
    this.#entries = this.unanswered();
  }

  clear(): readonly PendingCommand[] {
    const entries = this.#entries;
    this.#entries = [];
    return entries;
  }
}
