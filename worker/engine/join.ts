import type { Hello, Position, WireRow } from "../../core/protocol/frames.ts";
import { MAX_UNREPORTED_BYTES, PROTOCOL_VERSION, SNAPSHOT_WINDOW } from "../../core/protocol/version.ts";
import type { CommitLog } from "./commit-log.ts";
import type { Fanout } from "./fanout.ts";
import type { Clock, Logger, LogRow } from "./ports.ts";
import type { Session, Sessions, SnapshotTransfer } from "./sessions.ts";
import { describeMe, inChunks, wireRow } from "./visibility.ts";
import type { Visibility } from "./visibility.ts";

/** Further behind than this, a snapshot is cheaper than the commits. */
const MAX_DELTA_COMMITS = 5_000;
/** A delta is not paced, so it is no longer than what may be under way unreported. */
const MAX_DELTA_CHARS = MAX_UNREPORTED_BYTES;
/** How many commits one frame of a delta holds. */
const DELTA_FRAME_COMMITS = 250;

/** What joining works with. */
export interface JoinDeps {
  readonly log: CommitLog;
  readonly sessions: Sessions;
  readonly fanout: Fanout;
  readonly visibility: Visibility;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly room: string;
}

function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}

/** Brings a session from whatever it knows to the head of the log, then lets it go live. */
export class Join {
  readonly #deps: JoinDeps;
  /** Encoded snapshots of the head, shared by everybody with the same view who joins before the next commit. */
  #shared = { seq: -1, byView: new Map<string, readonly string[]>() };

  constructor(deps: JoinDeps) {
    this.#deps = deps;
  }

  /** Answers `hello`. A client that says it again resumes on the same socket. */
  hello(session: Session, hello: Hello): void {
    if (hello.protocol !== PROTOCOL_VERSION) this.#deps.sessions.close(session, "UNSUPPORTED_PROTOCOL");
    else this.#guarded(session, () => this.#answer(session, hello));
  }

  /** The client took one snapshot chunk: send the next, or the commits since and go live. */
  chunkTaken(session: Session): void {
    this.#guarded(session, () => {
      session.acknowledged();
      if (session.transfer) {
        this.#pump(session);
      } else if (!session.state.live && session.state.client_id !== null) {
        // The room was evicted in the middle of this snapshot and no longer has the rest of it.
        this.#startSnapshot(session);
      }
    });
  }

  /** Answers a request for the state: the whole of it, to the asker alone, all at one `seq`. */
  state(session: Session): WireRow[] {
    return this.#visibleRows(session);
  }

  /** Begins a snapshot anew whose reader may now see other rows than when it was made. */
  rightsChanged(session: Session): void {
    if (session.transfer) this.#guarded(session, () => this.#startSnapshot(session));
  }

  /** The head moved, or its epoch changed: snapshots of the old one are of no more use. */
  headMoved(): void {
    if (this.#shared.byView.size > 0) this.#shared = { seq: -1, byView: new Map() };
  }

  #answer(session: Session, hello: Hello): void {
    const { log, fanout, sessions } = this.#deps;
    fanout.flush();
    session.transfer = null;
    session.remember({ client_id: hello.client_id, live: false });
    const { epoch, seq, tip = "" } = hello;
    const known: Position | null = epoch !== undefined && seq !== undefined ? { epoch, seq, tip } : null;
    const delta = known && log.holds(known) ? this.#resumeFrom(session, known.seq) : null;
    // Who says hello again and again, and reads nothing, gets no more than who says it once.
    if (!delta) {
      const transfer = this.#startSnapshot(session);
      if (transfer.sent === 0) sessions.close(session, "SLOW_READER");
    } else if (session.unreadBytes + lengthOf(delta) > MAX_UNREPORTED_BYTES) sessions.close(session, "SLOW_READER");
    else {
      this.#welcome(session, "delta");
      this.#goLive(session, delta);
    }
  }

  #welcome(session: Session, mode: "delta" | "snapshot"): void {
    const { log, sessions, clock, room } = this.#deps;
    sessions.send(session, {
      type: "welcome",
      protocol: PROTOCOL_VERSION,
      room,
      ...log.position,
      mode,
      recovered: mode === "delta",
      history_start: log.historyStart,
      server_time: new Date(clock.now()).toISOString(),
      me: describeMe(session.admission),
    });
  }

  #startSnapshot(session: Session): SnapshotTransfer {
    this.#welcome(session, "snapshot");
    const transfer: SnapshotTransfer = { chunks: this.#snapshot(session), seq: this.#deps.log.head, sent: 0, acked: 0 };
    session.transfer = transfer;
    this.#pump(session);
    return transfer;
  }

  #pump(session: Session): void {
    const { transfer } = session;
    if (!transfer) return;
    while (transfer.sent < transfer.chunks.length && transfer.sent - transfer.acked < SNAPSHOT_WINDOW) {
      const chunk = transfer.chunks[transfer.sent] ?? "";
      // Bytes that an earlier hello sent are still under way.
      if (session.unreadBytes + chunk.length > MAX_UNREPORTED_BYTES) return;
      transfer.sent++;
      if (!this.#deps.sessions.sendText(session, chunk)) return;
    }
    if (transfer.acked < transfer.chunks.length) return;
    session.transfer = null;
    this.#deps.fanout.flush();
    const delta = this.#deltaFrames(session, transfer.seq);
    session.forgetUnreported();
    if (delta) this.#goLive(session, delta);
    else this.#startSnapshot(session);
  }

  /** Sends the commits up to the head; from then on fan-out has the session. */
  #goLive(session: Session, frames: readonly string[]): void {
    const { log, sessions } = this.#deps;
    for (const text of frames) {
      if (!sessions.sendText(session, text)) return;
      session.sentUpTo(log.head, text.length);
    }
    session.remember({ live: true });
  }

  /** The commits a returning reader missed; null if only a snapshot is right for them. */
  #resumeFrom(session: Session, after: number): string[] | null {
    const { log, logger, room } = this.#deps;
    if (log.head - after > MAX_DELTA_COMMITS) return null;
    const { id } = session.admission.actor;
    // Whoever was given other rights meanwhile holds other rows.
    const changesRights = (row: LogRow): boolean => row.touched.some(([, touchedId]) => touchedId === id);
    const [at] = log.rows(after - 1, 1);
    try {
      // The commit at their very position is looked at too: what it changed is told after it, and may have been cut off.
      if (at?.seq === after && changesRights(at)) return null;
      return this.#deltaFrames(session, after, changesRights);
    } catch (error) {
      logger.log("error", "delta failed", { room, error: String(error) });
      return null;
    }
  }

  /** Encoded commits after a `seq` as this reader may see them; null if they are too long or `stops` at one of them. */
  #deltaFrames(session: Session, after: number, stops?: (row: LogRow) => boolean): string[] | null {
    const { log, visibility } = this.#deps;
    const { epoch } = log.position;
    const frames: string[] = [];
    let size = 0;
    for (let from = after; from < log.head;) {
      const rows = log.rows(from, DELTA_FRAME_COMMITS);
      const to = rows.at(-1)?.seq ?? log.head;
      if (stops && rows.some(stops)) return null;
      const outgoing = rows.map((row) => visibility.outgoing(row));
      const commits = visibility.commitsFor([session.admission.grants], outgoing);
      const text = session.sink.codec.encode({ type: "commits", epoch, from, to, tip: log.tipAt(to), commits });
      if ((size += text.length) > MAX_DELTA_CHARS) return null;
      frames.push(text);
      from = to;
    }
    return frames;
  }

  #visibleRows(session: Session): WireRow[] {
    const rows: WireRow[] = [];
    for (const stored of this.#deps.log.residents()) {
      if (this.#deps.visibility.seesRow(session.admission.grants, stored)) rows.push(wireRow(stored));
    }
    return rows;
  }

  #snapshot(session: Session): readonly string[] {
    const { log } = this.#deps;
    if (this.#shared.seq !== log.head) this.#shared = { seq: log.head, byView: new Map() };
    const { codec } = session.sink;
    const view = `${codec.name} ${JSON.stringify(session.admission.grants)}`;
    let chunks = this.#shared.byView.get(view);
    if (!chunks) {
      const groups = inChunks(this.#visibleRows(session));
      const { length } = groups;
      chunks = groups.map((rows, chunk) =>
        codec.encode({ type: "snapshot", ...log.position, chunk, chunks: length, rows }),
      );
      this.#shared.byView.set(view, chunks);
    }
    return chunks;
  }

  /** A mistake of ours is logged and the reader sent away to come back, rather than left waiting for an answer. */
  #guarded(session: Session, work: () => void): void {
    try {
      work();
    } catch (error) {
      const { logger, sessions, room } = this.#deps;
      logger.log("error", "join failed", { room, error: error instanceof Error ? error.stack : String(error) });
      session.transfer = null;
      sessions.close(session, "UNAVAILABLE");
    }
  }
}
