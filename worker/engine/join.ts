import type { Hello, WireCommit, WireRow } from "../../core/protocol/frames.ts";
import { PROTOCOL_VERSION, SNAPSHOT_CHUNK_BYTES, SNAPSHOT_WINDOW } from "../../core/protocol/version.ts";
import type { CommitLog } from "./commit-log.ts";
import type { Fanout } from "./fanout.ts";
import type { Clock } from "./ports.ts";
import type { Session, Sessions } from "./sessions.ts";
import { describeMe, wireRow } from "./visibility.ts";
import type { Visibility } from "./visibility.ts";

/** Further behind than this, a snapshot is cheaper than the commits. */
const MAX_DELTA_COMMITS = 5_000;
/** How many commits one frame of a delta holds. */
const DELTA_FRAME_COMMITS = 250;

/** What joining works with. */
export interface JoinDeps {
  readonly log: CommitLog;
  readonly sessions: Sessions;
  readonly fanout: Fanout;
  readonly visibility: Visibility;
  readonly clock: Clock;
  readonly room: string;
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
    const { log, sessions, fanout, clock, room } = this.#deps;
    if (hello.protocol !== PROTOCOL_VERSION) {
      sessions.close(session, "UNSUPPORTED_PROTOCOL");
      return;
    }
    fanout.flush();
    session.transfer = null;
    const known =
      hello.epoch !== undefined && hello.seq !== undefined
        ? { epoch: hello.epoch, seq: hello.seq, tip: hello.tip ?? "" }
        : null;
    const recovered =
      known !== null &&
      log.holds(known) &&
      log.head - known.seq <= MAX_DELTA_COMMITS &&
      !this.#rightsChanged(session, known.seq);
    const head = log.position;
    sessions.send(session, {
      type: "welcome",
      protocol: PROTOCOL_VERSION,
      room,
      ...head,
      mode: recovered ? "delta" : "snapshot",
      recovered,
      history_start: log.historyStart,
      server_time: new Date(clock.now()).toISOString(),
      me: describeMe(session.admission),
    });
    if (recovered) {
      this.#sendDelta(session, known.seq);
      this.#goLive(session, hello.client_id);
    } else {
      session.remember({ client_id: hello.client_id, live: false });
      session.transfer = { chunks: this.#snapshot(session), seq: head.seq, sent: 0, acked: 0 };
      this.#pump(session);
    }
  }

  /** The client took one snapshot chunk: send the next, or the commits since and go live. */
  chunkTaken(session: Session): void {
    if (!session.transfer) return;
    session.transfer.acked++;
    this.#pump(session);
  }

  /** Answers a request for the state: the whole of it, to the asker alone, all at one `seq`. */
  state(session: Session): WireRow[] {
    return this.#visibleRows(session);
  }

  #pump(session: Session): void {
    const { transfer } = session;
    if (!transfer) return;
    while (transfer.sent < transfer.chunks.length && transfer.sent - transfer.acked < SNAPSHOT_WINDOW) {
      const chunk = transfer.chunks[transfer.sent++];
      if (chunk !== undefined) this.#deps.sessions.sendText(session, chunk);
    }
    if (transfer.acked < transfer.chunks.length) return;
    session.transfer = null;
    this.#deps.fanout.flush();
    this.#sendDelta(session, transfer.seq);
    this.#goLive(session, session.state.client_id);
  }

  #goLive(session: Session, clientId: string | null): void {
    session.forgetUnreported();
    session.remember({ client_id: clientId, live: true });
  }

  #sendDelta(session: Session, after: number): void {
    const { log, sessions, visibility } = this.#deps;
    for (let from = after; from < log.head;) {
      const rows = log.rows(from, DELTA_FRAME_COMMITS);
      const to = rows.at(-1)?.seq ?? log.head;
      const commits: WireCommit[] = [];
      for (const row of rows) {
        const wire = visibility.commitFor(session.admission.grants, visibility.outgoing(row));
        if (wire) commits.push(wire);
      }
      const { epoch } = log.position;
      sessions.send(session, { type: "commits", epoch, from, to, tip: log.tipAt(to), commits });
      from = to;
    }
  }

  /** Whoever was given other rights meanwhile holds other rows: only a snapshot is right for them. */
  #rightsChanged(session: Session, after: number): boolean {
    const { id } = session.admission.actor;
    const rows = this.#deps.log.rows(after, MAX_DELTA_COMMITS);
    return rows.some((row) => row.touched.some(([, touchedId]) => touchedId === id));
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
    const view = `${session.sink.codec.name} ${JSON.stringify(session.admission.grants)}`;
    let chunks = this.#shared.byView.get(view);
    if (!chunks) {
      const groups = inChunks(this.#visibleRows(session));
      chunks = groups.map((rows, chunk) =>
        session.sink.codec.encode({ type: "snapshot", ...log.position, chunk, chunks: groups.length, rows }),
      );
      this.#shared.byView.set(view, chunks);
    }
    return chunks;
  }
}

/** Rows in groups of at most a chunk's size; at least one group, so that an empty room has a snapshot too. */
function inChunks(rows: readonly WireRow[]): WireRow[][] {
  const groups: WireRow[][] = [];
  let group: WireRow[] = [];
  let size = 0;
  for (const row of rows) {
    const length = JSON.stringify(row).length;
    if (group.length > 0 && size + length > SNAPSHOT_CHUNK_BYTES - 1024) {
      groups.push(group);
      group = [];
      size = 0;
    }
    group.push(row);
    size += length + 1;
  }
  groups.push(group);
  return groups;
}
