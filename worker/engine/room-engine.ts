import { actorRef, SYSTEM_ACTOR } from "../../core/model/access.ts";
import type { Permission } from "../../core/model/access.ts";
import type { CommandCall } from "../../core/model/command.ts";
import { refuse } from "../../core/model/refusal.ts";
import type { Refusal } from "../../core/model/refusal.ts";
import type { Admission, Identity, RoomDefinition } from "../../core/model/room.ts";
import type { ReadTx } from "../../core/model/transaction.ts";
import type { CloseReason } from "../../core/protocol/close-codes.ts";
import { isSignedOut, recheckSessions } from "./access-changes.ts";
import { Access } from "./access.ts";
import { CommandRates } from "./command-rates.ts";
import { CommitLog } from "./commit-log.ts";
import { Fanout } from "./fanout.ts";
import { foundRoom } from "./founding.ts";
import { stateAt } from "./history.ts";
import type { PastState } from "./history.ts";
import { Join } from "./join.ts";
import { Outbox } from "./outbox.ts";
import type { Outcome, ReadRefused, RoomRead, Standing } from "./outcome.ts";
import { claimed, runPipeline } from "./pipeline.ts";
import type { Committed, PipelineDeps } from "./pipeline.ts";
import type { EngineDeps } from "./engine-deps.ts";
import type { Correlation, OutboxConsumer, SessionState, Sink, Tap } from "./ports.ts";
import { notFound, readRows, standingOf } from "./reads.ts";
import { Session, Sessions } from "./sessions.ts";
import { broadcastSignal } from "./signals.ts";
import { runDueTimers } from "./timers.ts";
import { Visibility } from "./visibility.ts";
import type { OutgoingCommit } from "./visibility.ts";
import { Wakeups } from "./wakeups.ts";
import { within } from "./within.ts";

/** An alarm waits this long for the outbox; what takes longer goes on without it, and the next alarm is not kept waiting. */
const ALARM_PATIENCE_MS = 10_000;
/** After a wake, a commit no older than this may have been on its way to readers when the room went away. */
const ANNOUNCE_WITHIN_MS = 5_000;
/** History younger than this is never pruned. */
const MIN_HISTORY_MS = 7 * 24 * 60 * 60 * 1000;

/** The parts of a room that exists. */
interface Opened {
  readonly log: CommitLog;
  readonly access: Access;
  readonly fanout: Fanout;
  readonly join: Join;
  readonly outbox: Outbox;
}

/** One room: authoritative state, ordered log, sessions, outbox. Commands are carried out synchronously, one at a time. */
export class RoomEngine {
  readonly #deps: EngineDeps;
  readonly #sessions = new Sessions();
  readonly #visibility: Visibility;
  readonly #wakeups: Wakeups;
  readonly #rates: CommandRates;
  #opened: Opened | null = null;

  /** Opens the room if it was ever created, and goes on delivering what was left undelivered. Sets no alarm: one may be ringing. */
  constructor(deps: EngineDeps) {
    this.#deps = deps;
    this.#visibility = new Visibility(deps.room);
    this.#rates = new CommandRates(deps.rates);
    this.#wakeups = new Wakeups(deps.alarm, deps.clock, () => this.#neededAt());
    if (!deps.storage.exists()) return;
    this.#opened = this.#open();
    if (this.#opened.log.memory.epoch < deps.epoch) this.startEpoch(deps.epoch);
    this.#opened.outbox.notify();
  }

  get kind(): RoomDefinition["kind"] {
    return this.#deps.room.kind;
  }

  /** Whether the room was created. */
  get exists(): boolean {
    return this.#opened !== null;
  }

  get join(): Join {
    return this.#mustBeOpen().join;
  }

  get sessions(): Sessions {
    return this.#sessions;
  }

  get position(): { epoch: number; seq: number; tip: string } {
    return this.#mustBeOpen().log.position;
  }

  /** The room's committed state, for reading. */
  tx(): ReadTx {
    return this.#mustBeOpen().log.overlay();
  }

  /** Figures for diagnostics and tests. */
  figures(): { sessions: number; head: number; lag: number; cursors: Record<string, number> } {
    const { log, outbox } = this.#mustBeOpen();
    return { sessions: this.#sessions.size, head: log.head, lag: outbox.lag(), cursors: outbox.cursors() };
  }

  /** Carries out a command of somebody outside. Never throws: a mistake of ours becomes INTERNAL. */
  execute(identity: Identity, envelope: unknown, correlation: Correlation): Outcome {
    const { clock, logger, name } = this.#deps;
    const started = clock.now();
    let outcome: Outcome;
    try {
      outcome = this.#execute(identity, envelope, correlation);
    } catch (error) {
      this.#mistake("command failed", error, { correlation_id: correlation.id });
      const details = { correlation_id: correlation.id };
      outcome = declined(envelope, refuse("INTERNAL", "Something went wrong on our side", { details }));
    }
    logger.log("info", "command", {
      room: name,
      correlation_id: correlation.id,
      type: outcome.type,
      outcome: outcome.ok ? (outcome.replayed ? "replayed" : outcome.dry_run ? "dry_run" : "ok") : outcome.refusal.code,
      ...(outcome.ok && { seq: outcome.seq }),
      ms: clock.now() - started,
    });
    return outcome;
  }

  /** Carries out a command of the room itself: a timer, a mirror, its own birth. */
  executeAsRoom(call: CommandCall, commandId: string): Outcome {
    const identity: Identity = { kind: "system", subject: SYSTEM_ACTOR.id, session_id: null };
    const envelope = { type: `${call.type}:requested`, id: commandId, payload: call.payload };
    return this.execute(identity, envelope, { id: commandId, via: "system" });
  }

  /** Takes a new connection, or one that outlived this object's sleep. Closes it, and returns null, if the identity is nobody here. */
  accept(sink: Sink, state: SessionState): Session | null {
    const admission = this.#opened?.access.admit(state.identity) ?? null;
    const session = new Session(sink, state, admission ?? NOBODY);
    if (!admission) {
      this.#sessions.close(session, isSignedOut(this.#opened?.log, state.identity) ? "SIGNED_OUT" : "NOT_FOUND");
      return null;
    }
    if (session.expired(this.#deps.clock.now())) {
      this.#sessions.close(session, "TOKEN_EXPIRED");
      return null;
    }
    this.#sessions.add(session);
    // A session that was live before has its alarm already, and a wake must not move the alarm that caused it.
    if (!state.live) this.#arm();
    return session;
  }

  /** Finds an open session again. One whose token is over is closed instead: it may do nothing more. */
  session(sinkId: string): Session | undefined {
    const session = this.#sessions.get(sinkId);
    if (!session?.expired(this.#deps.clock.now())) return session;
    this.#sessions.close(session, "TOKEN_EXPIRED");
    return undefined;
  }

  /** A connection ended. */
  drop(sinkId: string): void {
    this.#sessions.drop(sinkId);
  }

  /** After a wake with open sockets: if a commit is so recent that its frame may have been lost, tells readers the head. */
  announceHead(): void {
    const { log, fanout } = this.#mustBeOpen();
    const [last] = log.rows(log.head - 1, 1);
    if (last && this.#deps.clock.now() - Date.parse(last.at) <= ANNOUNCE_WITHIN_MS) fanout.announceHead();
  }

  /** A session shows a new token. It must prove the same person. */
  renew(session: Session, identity: Identity, expiresAt: number | null): boolean {
    const admission = this.#mustBeOpen().access.admit(identity);
    if (!admission || actorRef(admission.actor) !== actorRef(session.admission.actor)) {
      this.#sessions.close(session, "UNAUTHENTICATED");
      return false;
    }
    session.remember({ identity, expires_at: expiresAt });
    this.#sessions.expiryChanged();
    this.#arm();
    return true;
  }

  /** Entities of one kind as the reader may see them; with an id, external id or slug that one alone. */
  read(identity: Identity, kind: string, id?: string): RoomRead | ReadRefused {
    const admission = this.#opened?.access.admit(identity);
    if (!this.#opened || !admission) return { ok: false, refusal: notFound() };
    const { room, clock } = this.#deps;
    const deps = { room, log: this.#opened.log, visibility: this.#visibility, now: clock.now() };
    return readRows(deps, admission, { kind, ref: id });
  }

  /** Whether an identity may read something that is answered elsewhere. */
  standing(identity: Identity, needs: Permission, campaignId?: string): Standing | ReadRefused {
    const admission = this.#opened?.access.admit(identity);
    return admission ? standingOf(admission, needs, campaignId) : { ok: false, refusal: notFound() };
  }

  /** The room's resident entities as they were at `seq`, if history reaches back that far. */
  stateAt(seq: number): PastState {
    const { room, storage } = this.#deps;
    return stateAt({ room, storage, log: this.#mustBeOpen().log }, seq);
  }

  /** Tells everybody who may see it, now and never again. Throws for a signal that the room or its schema does not know. */
  signal(name: string, data: unknown): void {
    this.#mustBeOpen();
    const { room, clock } = this.#deps;
    broadcastSignal({ room, sessions: this.#sessions, visibility: this.#visibility, now: clock.now() }, name, data);
  }

  /** Lets another object follow this room from now on; one that follows already goes on where it is. */
  follow(tap: Tap): void {
    const { log, outbox } = this.#mustBeOpen();
    const known = outbox.cursors();
    const taps = [...this.#deps.storage.taps(), tap];
    const fresh = this.#consumers(log, taps).filter(({ name }) => known[name] === undefined);
    if (fresh.length === 0) return;
    log.addTap(tap, { ...known, ...Object.fromEntries(fresh.map(({ name }) => [name, log.head])) });
    for (const consumer of fresh) outbox.add(consumer, log.head);
  }

  /** Deletes history up to about `upTo` that is older than `before` (ISO-8601), a week at least, and known to every consumer. */
  prune(upTo: number, before: string): void {
    const { log, outbox } = this.#mustBeOpen();
    const latest = new Date(this.#deps.clock.now() - MIN_HISTORY_MS).toISOString();
    log.prune(Math.min(upTo, log.head - outbox.lag()), before < latest ? before : latest);
  }

  /** After a restore: positions held outside no longer count, readers come back for a snapshot, consumers begin anew. */
  startEpoch(epoch = this.position.epoch + 1): void {
    const { log, join, outbox } = this.#mustBeOpen();
    log.startEpoch(epoch);
    join.headMoved();
    this.#sendAway("RESTARTING");
    outbox.rewind();
    this.#arm();
  }

  /** The alarm rang: due timers, expired sessions, an unfinished outbox. Never throws, since the platform gives up after six failures. */
  async alarm(): Promise<void> {
    const opened = this.#opened;
    if (!opened) return;
    const { room, storage, clock } = this.#deps;
    const execute = (call: CommandCall, id: string): void => void this.executeAsRoom(call, id);
    this.#attempt("alarm not set again", () => this.#wakeups.rang());
    this.#attempt("expired sessions not closed", () => this.#sessions.closeExpired(clock.now()));
    this.#attempt("timers failed", () => runDueTimers({ room, storage, log: opened.log, execute }, clock.now()));
    try {
      await within(clock, ALARM_PATIENCE_MS, opened.outbox.drain());
    } catch (error) {
      this.#mistake("outbox failed", error);
    }
    const keepSince = new Date(clock.now() - this.#deps.history_ms).toISOString();
    this.#attempt("history not pruned", () => this.prune(opened.log.head, keepSince));
    this.#arm();
  }

  #execute(identity: Identity, envelope: unknown, correlation: Correlation): Outcome {
    const opened = this.#opened;
    if (!opened) return this.#found(identity, envelope, correlation);
    const admission = opened.access.admit(identity);
    if (!admission) return declined(envelope, notFound());
    const now = this.#deps.clock.now();
    const limited = this.#rates.count(identity, admission, now);
    if (limited) return declined(envelope, limited);
    const caller = { identity, admission, correlation };
    const { outcome, committed } = runPipeline(this.#pipelineDeps(opened), caller, envelope);
    if (committed) this.#committed(opened, committed);
    if (outcome.ok && outcome.replayed) this.#rates.replayed(identity, admission, now);
    return outcome;
  }

  /** A command to a room that does not exist: only one that creates it, and only as a whole. */
  #found(identity: Identity, envelope: unknown, correlation: Correlation): Outcome {
    const { room, storage, random, name, epoch } = this.#deps;
    const founder =
      identity.kind === "system"
        ? { actor: SYSTEM_ACTOR, grants: { kind: "system" } as const }
        : this.#deps.founder(identity, `mem_${random.ulidFrom(`${name} founder ${identity.subject}`)}`);
    if (!founder || !room.commands.get(claimed(envelope, "type") ?? "")?.creates_room)
      return declined(envelope, notFound());
    const founding = foundRoom(
      {
        storage,
        name,
        epoch,
        open: () => this.#open(),
        run: (opened, admission) =>
          runPipeline(this.#pipelineDeps(opened), { identity, admission, correlation }, envelope),
      },
      founder,
    );
    if (!founding.founded) return founding.outcome;
    this.#opened = founding.opened;
    this.#committed(founding.opened, founding.committed);
    return founding.outcome;
  }

  /** What follows from a commit. Nothing that goes wrong here undoes it or keeps its sender from the answer. */
  #committed(opened: Opened, { row, outgoing }: Committed): void {
    opened.join.headMoved();
    if (row.touched.some(([kind]) => this.#deps.access_kinds.has(kind))) this.#recheck(opened, outgoing);
    else this.#attempt("commit not sent", () => opened.fanout.enqueue(outgoing));
    this.#attempt("outbox not started", () => opened.outbox.notify(row));
    this.#arm();
  }

  /** If it cannot be told who may still be here, nobody stays: whoever may come back is looked at anew. */
  #recheck(opened: Opened, commit: OutgoingCommit): void {
    const now = this.#deps.clock.now();
    try {
      recheckSessions({ ...opened, sessions: this.#sessions, visibility: this.#visibility, now }, commit);
    } catch (error) {
      this.#mistake("rights not checked", error);
      this.#sendAway("UNAVAILABLE");
    }
  }

  #sendAway(why: CloseReason): void {
    for (const session of this.#sessions.all()) this.#sessions.close(session, why);
  }

  #open(): Opened {
    const { room, storage, random, clock, logger, name } = this.#deps;
    const log = new CommitLog(room, storage, random);
    const parts = { room: name, log, clock, logger, sessions: this.#sessions, visibility: this.#visibility };
    const fanout = new Fanout(parts);
    const join = new Join({ ...parts, fanout });
    const outbox = new Outbox({
      ...parts,
      random: () => fractionOf(random.digest(`${name} ${clock.now()}`)),
      park: (row) => storage.transact(() => storage.park(row)),
      rearm: () => this.#arm(),
    });
    for (const consumer of this.#consumers(log, storage.taps())) outbox.add(consumer);
    return { log, access: new Access(room, log), fanout, join, outbox };
  }

  #consumers(log: CommitLog, taps: readonly Tap[]): OutboxConsumer[] {
    return this.#deps.consumers({ tx: () => log.overlay(), read: log.read.bind(log), taps });
  }

  #pipelineDeps({ log }: Opened): PipelineDeps {
    const { room, clock, random, workspace_id, campaign_id } = this.#deps;
    return { room, clock, random, workspace_id, campaign_id, log, visibility: this.#visibility };
  }

  /** The earliest time at which this room must be awake: a timer, the end of a token, or something to deliver. */
  #neededAt(): number | null {
    if (!this.#opened) return null;
    const { log, outbox } = this.#opened;
    const timer = log.nextTimer === null ? null : Date.parse(log.nextTimer);
    const times = [timer, this.#sessions.nextExpiry(), outbox.wakeAt()].filter((at) => at !== null);
    return times.length > 0 ? Math.min(...times) : null;
  }

  #arm(): void {
    this.#attempt("alarm not set", () => this.#wakeups.arm());
  }

  #attempt(failure: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#mistake(failure, error);
    }
  }

  #mistake(message: string, error: unknown, facts: Readonly<Record<string, unknown>> = {}): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#deps.logger.log("error", message, { room: this.#deps.name, ...facts, error: text });
  }

  #mustBeOpen(): Opened {
    if (!this.#opened) throw new Error(`The room ${this.#deps.name} does not exist`);
    return this.#opened;
  }
}

const NOBODY: Admission = { actor: { kind: "system", id: "nobody" }, grants: { kind: "scopes", scopes: [] } };

function declined(envelope: unknown, refusal: Refusal): Outcome {
  return { ok: false, type: claimed(envelope, "type"), id: claimed(envelope, "id"), refusal };
}

/** 0..1, different for each room and moment, the same when a simulation is run again. */
function fractionOf(digest: string): number {
  return Number.parseInt(digest.slice(0, 8), 16) / 2 ** 32;
}
