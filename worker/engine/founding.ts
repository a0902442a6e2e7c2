import type { Admission } from "../../core/model/room.ts";
import type { Outcome } from "./outcome.ts";
import type { Committed, PipelineResult } from "./pipeline.ts";
import type { RoomStorage } from "./ports.ts";

/** What creating a room works with. `O` is the engine's idea of an open room. */
export interface FoundingDeps<O> {
  readonly storage: RoomStorage;
  /** `{workspace_id}` or `{workspace_id}/{campaign_id}` */
  readonly name: string;
  readonly epoch: number;
  /** Opens the room on the schema just made. */
  open(): O;
  run(opened: O, founder: Admission): PipelineResult;
}

/** A room that came into being, or why it did not. */
export type Founding<O> =
  | { readonly founded: true; readonly opened: O; readonly outcome: Outcome; readonly committed: Committed }
  | { readonly founded: false; readonly outcome: Outcome };

/** Undoes the creation of a room whose creating command was refused. */
class NotFounded extends Error {
  readonly outcome: Outcome;
  constructor(outcome: Outcome) {
    super("The room was not created");
    this.outcome = outcome;
  }
}

/** Creates a room by its first command, schema and all, in one transaction: a refusal or an exception leaves nothing behind. */
export function foundRoom<O>(deps: FoundingDeps<O>, founder: Admission): Founding<O> {
  const { storage, name, epoch } = deps;
  try {
    return storage.transact(() => {
      storage.createSchema({ epoch, room: name, cursors: {} });
      const opened = deps.open();
      const { outcome, committed } = deps.run(opened, founder);
      if (!committed) throw new NotFounded(outcome);
      return { founded: true, opened, outcome, committed };
    });
  } catch (error) {
    if (error instanceof NotFounded) return { founded: false, outcome: error.outcome };
    throw error;
  }
}
