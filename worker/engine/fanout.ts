import type { Grants } from "../../core/model/access.ts";
import type { CommitLog } from "./commit-log.ts";
import type { Clock, Logger } from "./ports.ts";
import type { Session, Sessions } from "./sessions.ts";
import type { OutgoingCommit, Visibility } from "./visibility.ts";

/** Commits never wait longer than this to be sent. */
export const FLUSH_CAP_MS = 50;
/** Sends cost about this much each, so the window grows with the audience. */
const MS_PER_SOCKET = 0.1;

const NOBODY_CHANGED: ReadonlyMap<Session, Grants> = new Map();

/** What fan-out works with. */
export interface FanoutDeps {
  /** The room's name, for the log. */
  readonly room: string;
  readonly log: CommitLog;
  readonly sessions: Sessions;
  readonly visibility: Visibility;
  readonly clock: Clock;
  readonly logger: Logger;
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
  enqueue(commit: OutgoingCommit): void {
    const { clock, sessions } = this.#deps;
    this.hold(commit);
    if (this.#pending.length === 0) return;
    const window = windowFor(sessions.size);
    // Never more than the window from now: a clock that was set back must not hold commits.
    const dueIn = Math.min(window, this.#lastFlush + window - clock.now());
    if (dueIn <= 0) this.flush();
    else this.#cancelTimer ??= clock.after(dueIn, () => this.flush());
  }

  /** Takes a commit to send with the next {@link flush}, which the caller sees to. */
  hold(commit: OutgoingCommit): void {
    if (this.#deps.sessions.size > 0) this.#pending.push(commit);
    else this.#pending = [];
  }

  /** Tells live sessions how far the log is, so that whoever missed something notices. */
  announceHead(): void {
    const { log, sessions, clock } = this.#deps;
    const { epoch, seq, tip } = log.position;
    for (const session of sessions.all()) {
      if (session.receives(clock.now()))
        sessions.send(session, { type: "commits", epoch, from: seq, to: seq, tip, commits: [] });
    }
  }

  /** Sends what waits, now. A session in `before` gets only what it might see with those grants too. */
  flush(before: ReadonlyMap<Session, Grants> = NOBODY_CHANGED): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    const commits = this.#pending;
    const [first] = commits;
    const last = commits.at(-1);
    if (!first || !last) return;
    this.#pending = [];
    const now = (this.#lastFlush = this.#deps.clock.now());
    const { log, sessions, visibility, logger, room } = this.#deps;
    const { epoch, tip } = log.position;
    const texts = new Map<string, string>();
    const textFor = (session: Session): string => {
      const had = before.get(session);
      const grants = had ? [session.admission.grants, had] : [session.admission.grants];
      const { codec } = session.sink;
      const key = `${codec.name} ${visibility.key(grants, commits)}`;
      let text = texts.get(key);
      if (text === undefined) {
        const visible = visibility.commitsFor(grants, commits);
        text = codec.encode({ type: "commits", epoch, from: first.seq - 1, to: last.seq, tip, commits: visible });
        texts.set(key, text);
      }
      return text;
    };
    for (const session of sessions.all()) {
      if (!session.receives(now)) continue;
      try {
        const text = textFor(session);
        if (sessions.sendText(session, text) && session.sentUpTo(last.seq, text.length))
          sessions.close(session, "SLOW_READER");
      } catch (error) {
        // A mistake in one protocol's codec or one reader's rights is that reader's trouble alone; it comes back and resumes.
        logger.log("error", "commits not sent", { room, session: session.sink.id, error: String(error) });
        sessions.close(session, "UNAVAILABLE");
      }
    }
  }
}

/** How long commits may be held back so that a frame serves several of them. */
export function windowFor(sockets: number): number {
  return Math.min(FLUSH_CAP_MS, Math.ceil(sockets * MS_PER_SOCKET));
}
