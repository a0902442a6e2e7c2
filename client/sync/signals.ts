import type { RoomDefinition } from "../../core/model/room.ts";
import type { SignalDefinition } from "../../core/model/signal.ts";
import { guarded } from "./notifier.ts";

type SignalListener = (data: unknown) => void;

/** Hands signals to those who listen for them. One that throws stops no other. */
export class SignalHub {
  readonly #room: RoomDefinition;
  readonly #report: (error: unknown) => void;
  readonly #listeners = new Map<string, Set<SignalListener>>();

  constructor(room: RoomDefinition, report: (error: unknown) => void) {
    this.#room = room;
    this.#report = report;
  }

  on<D>(signal: SignalDefinition<D>, listener: (data: D) => void): () => void {
    // Called with what the schema of the same signal made, see emit.
    const entry: SignalListener = (data) => listener(data as D);
    const listeners = this.#listeners.get(signal.name) ?? new Set();
    this.#listeners.set(signal.name, listeners.add(entry));
    return () => listeners.delete(entry);
  }

  /** A signal that is unknown or does not fit its schema is reported and dropped: there is nothing to repair. */
  emit(name: string, data: unknown): void {
    const definition = this.#room.signals.get(name);
    if (!definition) return this.#report(new Error(`Unknown signal ${name}`));
    const parsed = definition.data.safeParse(data);
    if (!parsed.success) return this.#report(new Error(`Signal ${name}: ${parsed.error.message}`));
    for (const listener of this.#listeners.get(name) ?? []) guarded(() => listener(parsed.data), this.#report);
  }
}
