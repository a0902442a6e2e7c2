import type { WireCommit } from "../../core/protocol/frames.ts";
import type { CommitLog } from "./commit-log.ts";
import type { Clock, LogRow } from "./ports.ts";
import type { Sessions } from "./sessions.ts";
import type { OutgoingCommit, Visibility } from "./visibility.ts";

/** Commits never wait longer than this to be sent. */
export const FLUSH_CAP_MS = 50;
/** Sends cost about this much each, so the window grows with the audience. */
const MS_PER_SOCKET = 0.1;

/** What fan-out works with. */
export interface FanoutDeps {
  readonly log: CommitLog;
  readonly sessions: Sessions;
  readonly visibility: Visibility;
  readonly clock: Clock;
}

/**
 * Sends commits to every live session: at once while the room is idle, coalesced under load.
 * A frame is encoded once per distinct view and codec. Readers who may see none of it still advance to `to`.
 */
export class Fanout {
  readonly #deps: FanoutDeps;
  #pending: OutgoingCommit[] = [];
  #lastFlush = Number.NEGATIVE_INFINITY;
  #cancelTimer: (() => void) | null = null;

  constructor(deps: FanoutDeps) {
    this.#deps = deps;
  }

  /** Takes a commit to send. Sends right away if the window since the last frame has passed. */
  enqueue(row: LogRow): void {
    const { clock, sessions, visibility } = this.#deps;
    if (sessions.size === 0) return;
    this.#pending.push(visibility.outgoing(row));
    const dueIn = this.#lastFlush + windowFor(sessions.size) - clock.now();
    if (dueIn <= 0) this.flush();
    else this.#cancelTimer ??= clock.after(dueIn, () => this.flush());
  }

  /** Sends what waits, now. */
  flush(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    const commits = this.#pending;
    const [first] = commits;
    const last = commits.at(-1);
    if (!first || !last) return;
    this.#pending = [];
    this.#lastFlush = this.#deps.clock.now();
    const texts = new Map<string, string>();
    for (const session of this.#deps.sessions.all()) {
      if (!session.receives(this.#lastFlush)) continue;
      const key = `${session.sink.codec.name} ${this.#deps.visibility.key(session.admission.grants, commits)}`;
      let text = texts.get(key);
      if (text === undefined) {
        const visible: WireCommit[] = [];
        for (const commit of commits) {
          const wire = this.#deps.visibility.commitFor(session.admission.grants, commit);
          if (wire) visible.push(wire);
        }
        const { epoch, tip } = this.#deps.log.position;
        text = session.sink.codec.encode({
          type: "commits",
          epoch,
          from: first.seq - 1,
          to: last.seq,
          tip,
          commits: visible,
        });
        texts.set(key, text);
      }
      this.#deps.sessions.sendText(session, text);
      if (session.sentUpTo(last.seq, text.length)) this.#deps.sessions.close(session, "SLOW_READER");
    }
  }
}

/** How long commits may be held back so that a frame serves several of them. */
export function windowFor(sockets: number): number {
  return Math.min(FLUSH_CAP_MS, Math.ceil(sockets * MS_PER_SOCKET));
}
