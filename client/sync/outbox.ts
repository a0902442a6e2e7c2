import type { CommandDefinition } from "../../core/model/command.ts";
import type { Metadata } from "../../core/protocol/envelope.ts";
import type { FailedFrame, SuccessFrame, WireError } from "../../core/protocol/frames.ts";
import type { Clock } from "./clock.ts";
import { prepareCommand } from "./command-frame.ts";
import type { Entropy } from "./ids.ts";
import { ulid } from "./ids.ts";
import { PendingList } from "./pending.ts";
import type { CommandOutcome, PendingCommand } from "./pending.ts";

/** Refusals that say nothing about the command: the same one is sent again after a while. */
const TRANSIENT = new Set(["RATE_LIMITED", "UNAVAILABLE"]);
const RETRY_MS = 1_000;
const MAX_RETRY_MS = 30_000;
const MAX_TRIES = 6;

export interface RunOptions {
  readonly expected_revision?: number;
  /** Ask what would happen; nothing changes, here or there. */
  readonly dry_run?: boolean;
}

interface OutboxOptions {
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** Sends if the room listens; what it drops is sent again after the next welcome. */
  send(text: string): void;
}

/** Gives commands to the room until each is answered: sent at once if possible, and again after every welcome, with the same id. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #pending = new PendingList();
  readonly #tries = new Map<string, number>();

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  get entries(): readonly PendingCommand[] {
    return this.#pending.entries;
  }

  /** Commands whose answer is still to come. */
  get unanswered(): number {
    return this.#pending.unanswered().length;
  }

  /** The promise never rejects: a refusal is an outcome. */
  run(command: CommandDefinition, payload: unknown, options: RunOptions): Promise<CommandOutcome> {
    const { clock, entropy } = this.#options;
    const id = `cmd_${ulid(clock.now(), entropy)}`;
    const metadata = metadataOf(options);
    const prepared = prepareCommand(command, { id, payload, metadata });
    if ("code" in prepared) return Promise.resolve(failure(command.type, id, prepared));
    return new Promise((resolve) => {
      const now = new Date(clock.now()).toISOString();
      this.#pending.add({
        id,
        command,
        payload,
        metadata,
        ...prepared,
        now,
        ids: new Map(),
        acknowledged: null,
        resolve,
      });
      this.#options.send(prepared.text);
    });
  }

  resend(): void {
    for (const entry of this.#pending.unanswered()) this.#options.send(entry.text);
  }

  /** Takes an answer; `applied` is the `seq` this client has applied. False if nothing waited for it. */
  answered(frame: SuccessFrame | FailedFrame, applied: number): boolean {
    const entry = this.#pending.find(frame.id);
    if (!entry || entry.acknowledged !== null) return false;
    if ("error" in frame) {
      if (this.#retries(entry, frame.error)) return false;
      this.#settle(entry, { ok: false, type: frame.type, id: frame.id, error: frame.error });
      return true;
    }
    const { type, id, seq, data, replayed, dry_run } = frame;
    if (dry_run || seq <= applied) this.#pending.drop(id);
    else this.#pending.acknowledge(id, seq);
    this.#tries.delete(id);
    entry.resolve({ ok: true, type, id, seq, data, replayed, dry_run });
    return true;
  }

  applied(seq: number): void {
    this.#pending.applied(seq);
  }

  /** A new epoch counts anew: its snapshot is the truth about everything that was answered. */
  forgetAnswered(): void {
    this.#pending.forgetAnswered();
  }

  /** Ends everything that waits. */
  abandon(error: WireError): void {
    for (const entry of this.#pending.clear()) {
      if (entry.acknowledged === null) entry.resolve(failure(entry.command.type, entry.id, error));
    }
    this.#tries.clear();
  }

  #settle(entry: PendingCommand, outcome: CommandOutcome): void {
    this.#pending.drop(entry.id);
    this.#tries.delete(entry.id);
    entry.resolve(outcome);
  }

  #retries(entry: PendingCommand, error: WireError): boolean {
    const tries = (this.#tries.get(entry.id) ?? 0) + 1;
    if (!TRANSIENT.has(error.code) || tries >= MAX_TRIES) return false;
    this.#tries.set(entry.id, tries);
    const told = error.details?.retry_after;
    const wait = typeof told === "number" ? told * 1000 : RETRY_MS * 2 ** (tries - 1);
    this.#options.clock.after(Math.min(MAX_RETRY_MS, wait), () => {
      if (this.#pending.find(entry.id)?.acknowledged === null) this.#options.send(entry.text);
    });
    return true;
  }
}

function metadataOf({ expected_revision, dry_run }: RunOptions): Metadata | undefined {
  if (expected_revision === undefined && !dry_run) return undefined;
  return { ...(expected_revision === undefined ? {} : { expected_revision }), ...(dry_run ? { dry_run } : {}) };
}

function failure(type: string, id: string, error: WireError): CommandOutcome {
  return { ok: false, type: `${type}:failed`, id, error };
}
