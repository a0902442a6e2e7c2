import type { Grants } from "../../core/model/access.ts";
import type { Refusal } from "../../core/model/refusal.ts";
import type { Me, WireRow } from "../../core/protocol/frames.ts";

/** A command carried out. */
export interface Answer {
  readonly ok: true;
  /** The command's base type. */
  readonly type: string;
  readonly id: string;
  /** Where it was committed; for a dry run, the head it was tried on. */
  readonly seq: number;
  readonly data: unknown;
  readonly answers: "ok" | "created" | "accepted";
  readonly replayed?: true;
  readonly dry_run?: true;
}

/** A command refused; nothing was written. `type` and `id` are null if the envelope did not hold them. */
export interface Declined {
  readonly ok: false;
  readonly type: string | null;
  readonly id: string | null;
  readonly refusal: Refusal;
}

export type Outcome = Answer | Declined;

/** Entities read from the room itself, as of one `seq`. */
export interface RoomRead {
  readonly ok: true;
  readonly as_of: { readonly epoch: number; readonly seq: number; readonly at: string };
  readonly rows: readonly WireRow[];
}

/** What an identity may do in a room: for reads that are answered elsewhere (D1). */
export interface Standing {
  readonly ok: true;
  readonly actor: string;
  readonly me: Me;
  readonly grants: Grants;
}

export interface ReadRefused {
  readonly ok: false;
  readonly refusal: Refusal;
}
