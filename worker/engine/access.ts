import type { Admission, Identity, RoomDefinition } from "../../core/model/room.ts";
import type { CommitLog } from "./commit-log.ts";

/** Who is who in a room, asked of its own entities and remembered until one of those changes. */
export class Access {
  readonly #room: RoomDefinition;
  readonly #log: CommitLog;
  readonly #known = new Map<string, Admission | null>();

  constructor(room: RoomDefinition, log: CommitLog) {
    this.#room = room;
    this.#log = log;
  }

  admit(identity: Identity): Admission | null {
    const key = JSON.stringify([identity.kind, identity.session_id, identity.subject]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const admission = this.#room.admit(this.#log.overlay(), identity);
    if (this.#known.size > 1000) this.#known.clear();
    this.#known.set(key, admission);
    return admission;
  }

  /** Forgets everything: a member, a key or a sign-out changed. */
  clear(): void {
    this.#known.clear();
  }
}
