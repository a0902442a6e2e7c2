import type { Grants } from "../../core/model/access.ts";
import type { Admission, Identity } from "../../core/model/room.ts";
import type { WireRow } from "../../core/protocol/frames.ts";
import type { Access } from "./access.ts";
import type { CommitLog } from "./commit-log.ts";
import type { Fanout } from "./fanout.ts";
import type { Join } from "./join.ts";
import type { Session, Sessions } from "./sessions.ts";
import { describeMe, inChunks, wireRow } from "./visibility.ts";
import type { OutgoingCommit, Visibility } from "./visibility.ts";

/** What a re-check of sessions works with. */
export interface AccessChangeDeps {
  readonly log: CommitLog;
  readonly access: Access;
  readonly sessions: Sessions;
  readonly visibility: Visibility;
  readonly fanout: Fanout;
  readonly join: Join;
  /** Milliseconds since 1970. */
  readonly now: number;
}

interface Change {
  readonly session: Session;
  readonly before: Admission;
}

/**
 * After a commit that may have changed who may do what. Who lost access leaves before anything more is sent.
 * Then the commit goes out, to those whose rights changed only as far as they might see it before and still may;
 * then each of them is told what it gained, as of this commit, and what to forget.
 */
export function recheckSessions(deps: AccessChangeDeps, commit: OutgoingCommit): void {
  const { access, sessions, fanout, join } = deps;
  access.clear();
  const changed: Change[] = [];
  for (const session of sessions.all()) {
    if (session.expired(deps.now)) {
      sessions.close(session, "TOKEN_EXPIRED");
      continue;
    }
    const before = session.admission;
    const after = access.admit(session.state.identity);
    if (!after)
      sessions.close(session, isSignedOut(deps.log, session.state.identity) ? "SIGNED_OUT" : "ACCESS_REVOKED");
    else if (JSON.stringify(after) !== JSON.stringify(before)) {
      session.admission = after;
      changed.push({ session, before });
    }
  }
  if (changed.length === 0) {
    fanout.enqueue(commit);
    return;
  }
  fanout.hold(commit);
  fanout.flush(new Map<Session, Grants>(changed.map(({ session, before }) => [session, before.grants])));
  for (const change of changed) {
    if (change.session.state.live) tellDifference(deps, change);
    else join.rightsChanged(change.session);
  }
}

/** Whether this sign-in was ended, rather than unknown all along. */
export function isSignedOut(log: CommitLog | undefined, { session_id }: Identity): boolean {
  return session_id !== null && log?.read("session_revocation", session_id) !== undefined;
}

function tellDifference({ log, sessions, visibility }: AccessChangeDeps, { session, before }: Change): void {
  const { grants } = session.admission;
  const put: WireRow[] = [];
  const forget: [string, string][] = [];
  for (const stored of log.residents()) {
    const saw = visibility.seesRow(before.grants, stored);
    const sees = visibility.seesRow(grants, stored);
    if (sees && !saw) put.push(wireRow(stored));
    if (saw && !sees) forget.push([stored.kind, stored.id]);
  }
  const me = describeMe(session.admission);
  for (const [part, rows] of inChunks(put).entries()) {
    sessions.send(session, { type: "access", seq: log.head, me, put: rows, forget: part === 0 ? forget : [] });
  }
}
