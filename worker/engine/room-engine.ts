import { actorRef, can, SYSTEM_ACTOR } from "../../core/model/access.ts";
import type { Permission } from "../../core/model/access.ts";
import type { CommandCall } from "../../core/model/command.ts";
import { refuse } from "../../core/model/refusal.ts";
import type { Refusal } from "../../core/model/refusal.ts";
import type { Admission, Identity, RoomDefinition } from "../../core/model/room.ts";
import type { ReadTx } from "../../core/model/transaction.ts";
import type { WireRow } from "../../core/protocol/frames.ts";
import { Access } from "./access.ts";
import { CommitLog } from "./commit-log.ts";
import { Fanout } from "./fanout.ts";
import { Join } from "./join.ts";
import { Outbox } from "./outbox.ts";
import type { Outcome, ReadRefused, RoomRead, Standing } from "./outcome.ts";
import { runPipeline } from "./pipeline.ts";
import type {
  Alarm,
  Clock,
  Correlation,
  Logger,
  LogRow,
  OutboxConsumer,
  Randomness,
  RoomStorage,
  SessionState,
  Sink,
  Tap,
} from "./ports.ts";
import { Session, Sessions } from "./sessions.ts";
import { runDueTimers } from "./timers.ts";
import { TokenBuckets } from "./token-bucket.ts";
import type { Rate } from "./token-bucket.ts";
import { describeMe, Visibility, wireRow } from "./visibility.ts";

/** If a room is gone before its outbox is empty, it wakes after this long to finish. */
const SAFETY_ALARM_MS = 15_000;

/** What a room engine is made of. Everything outside is a port, so that it runs with fakes and a fake clock. */
export interface EngineDeps {
  readonly room: RoomDefinition;
  /** `{workspace_id}` or `{workspace_id}/{campaign_id}` */
  readonly name: string;
  readonly workspace_id: string;
  readonly campaign_id: string | undefined;
  readonly storage: RoomStorage;
  readonly clock: Clock;
  readonly alarm: Alarm;
  readonly random: Randomness;
  readonly logger: Logger;
  readonly rates: { readonly person: Rate; readonly api_key: Rate };
  /** Kinds of entities that decide who may do what; a change re-checks every session. */
  readonly access_kinds: ReadonlySet<string>;
  /** Who an identity is in a room that is about to be created by them. */
  founder(identity: Identity, memberId: string): Admission | null;
  /** Who follows the log, given the room's state and who else asked to (taps). */
  consumers(opened: { tx(): ReadTx; read: CommitLog["read"]; taps: readonly Tap[] }): OutboxConsumer[];
}

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
  readonly #buckets = new TokenBuckets();
  #opened: Opened | null = null;
  #alarmAt: number | null = null;

  constructor(deps: EngineDeps) {
    this.#deps = deps;
    this.#visibility = new Visibility(deps.room);
    if (deps.storage.exists()) this.#opened = this.#open();
  }

  /** Whether the room was created. */
  get exists(): boolean {
    return this.#opened !== null;
  }

  /** The room's committed state, for reading. */
  tx(): ReadTx {
    return this.#mustBeOpen().log.overlay();
  }

  get position(): { epoch: number; seq: number; tip: string } {
    return this.#mustBeOpen().log.position;
  }

  /** Figures for diagnostics and tests. */
  figures(): { sessions: number; head: number; lag: number; cursors: Record<string, number> } {
    const { log, outbox } = this.#mustBeOpen();
    return { sessions: this.#sessions.size, head: log.head, lag: outbox.lag(), cursors: outbox.cursors() };
  }

  /** Carries out a command of somebody outside. Never throws: a mistake of ours becomes INTERNAL. */
  execute(identity: Identity, envelope: unknown, correlation: Correlation): Outcome {
    const started = this.#deps.clock.now();
    let outcome: Outcome;
    try {
      outcome = this.#execute(identity, envelope, correlation);
    } catch (error) {
      this.#deps.logger.log("error", "command failed", {
        room: this.#deps.name,
        correlation_id: correlation.id,
        error: describe(error),
      });
      const refusal = refuse("INTERNAL", "Something went wrong on our side", {
        details: { correlation_id: correlation.id },
      });
      outcome = {
        ok: false,
        type: field(envelope, "type")?.replace(/:requested$/, "") ?? null,
        id: field(envelope, "id"),
        refusal,
      };
    }
    this.#deps.logger.log("info", "command", {
      room: this.#deps.name,
      correlation_id: correlation.id,
      type: outcome.type,
      outcome: outcome.ok ? (outcome.replayed ? "replayed" : outcome.dry_run ? "dry_run" : "ok") : outcome.refusal.code,
      ...(outcome.ok && { seq: outcome.seq }),
      ms: this.#deps.clock.now() - started,
    });
    return outcome;
  }

  /** Carries out a command of the room itself: a timer, a mirror, its own birth. */
  executeAsRoom(call: CommandCall, commandId: string): Outcome {
    const identity: Identity = { kind: "system", subject: SYSTEM_ACTOR.id, session_id: null };
    return this.execute(
      identity,
      { type: `${call.type}:requested`, id: commandId, payload: call.payload },
      { id: commandId, via: "system" },
    );
  }

  /** Takes a new connection. Closes it, and returns null, if the identity is nobody here. */
  accept(sink: Sink, state: SessionState): Session | null {
    const admission = this.#opened?.access.admit(state.identity) ?? null;
    const session = new Session(sink, state, admission ?? NOBODY);
    if (!admission) {
      this.#sessions.close(session, this.#signedOut(state.identity) ? "SIGNED_OUT" : "NOT_FOUND");
      return null;
    }
    if (session.expired(this.#deps.clock.now())) {
      this.#sessions.close(session, "TOKEN_EXPIRED");
      return null;
    }
    this.#sessions.add(session);
    return session;
  }

  /** Finds an open session again, also after hibernation, from what its sink remembered. */
  session(sinkId: string): Session | undefined {
    return this.#sessions.get(sinkId);
  }

  /** A connection ended. */
  drop(sinkId: string): void {
    this.#sessions.drop(sinkId);
  }

  /** After a wake with open sockets: if a commit is so recent that its frame may have been lost, tells readers the head. */
  announceHead(): void {
    const { log } = this.#mustBeOpen();
    const [last] = log.rows(log.head - 1, 1);
    if (!last || this.#deps.clock.now() - Date.parse(last.at) > 5_000) return;
    const { epoch, seq, tip } = log.position;
    for (const session of this.#sessions.all()) {
      if (session.receives(this.#deps.clock.now()))
        this.#sessions.send(session, { type: "commits", epoch, from: seq, to: seq, tip, commits: [] });
    }
  }

  get join(): Join {
    return this.#mustBeOpen().join;
  }

  get sessions(): Sessions {
    return this.#sessions;
  }

  /** A session shows a new token. It must prove the same person. */
  renew(session: Session, identity: Identity, expiresAt: number | null): boolean {
    const admission = this.#mustBeOpen().access.admit(identity);
    if (!admission || actorRef(admission.actor) !== actorRef(session.admission.actor)) {
      this.#sessions.close(session, "UNAUTHENTICATED");
      return false;
    }
    session.admission = admission;
    session.remember({ identity, expires_at: expiresAt });
    this.#arm();
    return true;
  }

  /** Entities of one kind as the reader may see them. */
  read(identity: Identity, kind: string, id?: string): RoomRead | ReadRefused {
    const admission = this.#opened?.access.admit(identity);
    const definition = this.#deps.room.entities.get(kind);
    if (!this.#opened || !admission || !definition?.resident) return { ok: false, refusal: notFound() };
    const rows: WireRow[] = [];
    for (const stored of this.#opened.log.scan(kind)) {
      if (stored.deleted || (id !== undefined && !answersTo(stored.value, id))) continue;
      if (this.#visibility.seesRow(admission.grants, stored)) rows.push(wireRow(stored));
    }
    if (id !== undefined && rows.length === 0) return { ok: false, refusal: notFound() };
    const { epoch, seq } = this.#opened.log.position;
    return { ok: true, as_of: { epoch, seq, at: new Date(this.#deps.clock.now()).toISOString() }, rows };
  }

  /** Whether an identity may read something that is answered elsewhere. */
  standing(identity: Identity, needs: Permission, campaignId?: string): Standing | ReadRefused {
    const admission = this.#opened?.access.admit(identity);
    if (!admission) return { ok: false, refusal: notFound() };
    if (!can(admission.grants, needs, campaignId)) {
      return {
        ok: false,
        refusal: campaignId ? notFound() : refuse("PERMISSION_DENIED", `This needs the permission ${needs}`),
      };
    }
    return { ok: true, actor: actorRef(admission.actor), me: describeMe(admission), grants: admission.grants };
  }

  /** Tells everybody who may see it, now and never again. */
  signal(name: string, data: unknown): void {
    const definition = this.#deps.room.signals.get(name);
    if (!definition || !this.#opened) throw new Error(`This room has no signal ${name}`);
    const parsed = definition.data.parse(data);
    const audience = definition.audience(parsed);
    for (const session of this.#sessions.all()) {
      if (!session.receives(this.#deps.clock.now()) || !this.#visibility.seesSignal(session.admission.grants, audience))
        continue;
      this.#sessions.send(session, { type: "signal", name, data: parsed });
    }
  }

  /** Lets another object follow this room from now on. */
  follow(tap: Tap): void {
    const opened = this.#mustBeOpen();
    this.#deps.storage.transact(() => this.#deps.storage.writeTap(tap));
    this.#addConsumers(opened, opened.log.head);
  }

  /** Deletes history up to `upTo` that is older than `before` (ISO-8601) and known to every consumer. */
  prune(upTo: number, before: string): void {
    const { log, outbox } = this.#mustBeOpen();
    log.prune(Math.min(upTo, log.head - outbox.lag()), before);
  }

  /** After a restore: positions held outside no longer count. */
  startEpoch(): void {
    this.#mustBeOpen().log.startEpoch();
  }

  /** The alarm rang: due timers, expired sessions, an unfinished outbox. Never throws, since the platform gives up after six failures. */
  async alarm(): Promise<void> {
    this.#alarmAt = null;
    if (!this.#opened) return;
    try {
      if (this.#opened.outbox.lag() > 0) this.#armAt(this.#deps.clock.now() + SAFETY_ALARM_MS);
      const now = this.#deps.clock.now();
      for (const session of [...this.#sessions.all()])
        if (session.expired(now)) this.#sessions.close(session, "TOKEN_EXPIRED");
      const { room, storage } = this.#deps;
      runDueTimers({ room, storage, log: this.#opened.log }, now, (call, id) => this.executeAsRoom(call, id).ok);
      await this.#opened.outbox.drain();
    } catch (error) {
      this.#deps.logger.log("error", "alarm failed", { room: this.#deps.name, error: describe(error) });
      this.#armAt(this.#deps.clock.now() + SAFETY_ALARM_MS);
    }
    this.#arm();
  }

  #execute(identity: Identity, envelope: unknown, correlation: Correlation): Outcome {
    if (!this.#opened) return this.#found(identity, envelope, correlation);
    const admission = this.#opened.access.admit(identity);
    if (!admission) return { ok: false, type: null, id: field(envelope, "id"), refusal: notFound() };
    const limited = this.#limit(identity, admission);
    if (limited) return { ok: false, type: field(envelope, "type"), id: field(envelope, "id"), refusal: limited };
    const { outcome, row } = runPipeline(
      this.#pipelineDeps(this.#opened),
      { identity, admission, correlation },
      envelope,
    );
    if (row) this.#committed(this.#opened, row);
    return outcome;
  }

  /** A command to a room that does not exist: only one that creates it, and only as a whole. */
  #found(identity: Identity, envelope: unknown, correlation: Correlation): Outcome {
    const type = field(envelope, "type")?.replace(/:requested$/, "") ?? "";
    const command = this.#deps.room.commands.get(type);
    const { storage, random, name } = this.#deps;
    const founder =
      identity.kind === "system"
        ? { actor: SYSTEM_ACTOR, grants: { kind: "system" } as const }
        : this.#deps.founder(identity, `mem_${random.ulidFrom(`${name} founder ${identity.subject}`)}`);
    if (!command?.creates_room || !founder)
      return { ok: false, type: null, id: field(envelope, "id"), refusal: notFound() };
    let result: ReturnType<typeof runPipeline> | null = null;
    try {
      storage.transact(() => {
        storage.createSchema({ epoch: 1, room: name, cursors: {} });
        const opened = this.#open();
        result = runPipeline(this.#pipelineDeps(opened), { identity, admission: founder, correlation }, envelope);
        if (!result.row) throw new NotFounded();
        this.#opened = opened;
      });
    } catch (error) {
      this.#opened = null;
      if (!(error instanceof NotFounded)) throw error;
    }
    const made = result as ReturnType<typeof runPipeline> | null;
    if (!made) throw new Error("The room was not created");
    if (made.row && this.#opened) this.#committed(this.#opened, made.row);
    return made.outcome;
  }

  #committed(opened: Opened, row: LogRow): void {
    if (row.touched.some(([kind]) => this.#deps.access_kinds.has(kind))) this.#recheckSessions(opened, row);
    else opened.fanout.enqueue(row);
    opened.outbox.notify();
    if (opened.outbox.lag() > 0) this.#armAt(this.#deps.clock.now() + SAFETY_ALARM_MS, "keep");
    this.#arm();
  }

  /** Rights changed: who lost them leaves before anything more is sent; the commit goes out under the old rights; then each is told what it gained and lost. */
  #recheckSessions(opened: Opened, row: LogRow): void {
    opened.access.clear();
    const changed: { session: Session; before: Admission; after: Admission }[] = [];
    for (const session of [...this.#sessions.all()]) {
      const before = session.admission;
      const after = opened.access.admit(session.state.identity);
      if (!after)
        this.#sessions.close(session, this.#signedOut(session.state.identity) ? "SIGNED_OUT" : "ACCESS_REVOKED");
      else if (JSON.stringify(after) !== JSON.stringify(before)) changed.push({ session, before, after });
    }
    opened.fanout.enqueue(row);
    if (changed.length === 0) return;
    opened.fanout.flush();
    for (const { session, before, after } of changed) {
      session.admission = after;
      if (!session.state.live) continue;
      const put: WireRow[] = [];
      const forget: [string, string][] = [];
      for (const stored of opened.log.residents()) {
        const saw = this.#visibility.seesRow(before.grants, stored);
        const sees = this.#visibility.seesRow(after.grants, stored);
        if (sees && !saw) put.push(wireRow(stored));
        if (saw && !sees) forget.push([stored.kind, stored.id]);
      }
      this.#sessions.send(session, { type: "access", seq: opened.log.head, me: describeMe(after), put, forget });
    }
  }

  #open(): Opened {
    const { room, storage, random, clock, logger, name } = this.#deps;
    const log = new CommitLog(room, storage, random);
    const fanout = new Fanout({ log, sessions: this.#sessions, visibility: this.#visibility, clock });
    const join = new Join({ log, sessions: this.#sessions, fanout, visibility: this.#visibility, clock, room: name });
    const outbox = new Outbox({
      log,
      clock,
      logger,
      random: () => Math.random(),
      park: (row) => storage.transact(() => storage.park(row)),
      wakeAt: (at) => this.#armAt(at),
    });
    const opened = { log, access: new Access(room, log), fanout, join, outbox };
    this.#addConsumers(opened, 0);
    return opened;
  }

  #addConsumers(opened: Opened, from: number): void {
    const known = opened.outbox.cursors();
    const parts = {
      tx: () => opened.log.overlay(),
      read: opened.log.read.bind(opened.log),
      taps: this.#deps.storage.taps(),
    };
    for (const consumer of this.#deps.consumers(parts))
      if (known[consumer.name] === undefined) opened.outbox.add(consumer, from);
  }

  #limit(identity: Identity, admission: Admission): Refusal | null {
    if (identity.kind === "system") return null;
    const rate = identity.kind === "api_key" ? this.#deps.rates.api_key : this.#deps.rates.person;
    const waitMs = this.#buckets.take(
      `${actorRef(admission.actor)} ${identity.session_id ?? ""}`,
      rate,
      this.#deps.clock.now(),
    );
    if (waitMs === 0) return null;
    return refuse("RATE_LIMITED", "Too many commands", { details: { retry_after: Math.ceil(waitMs / 1000) } });
  }

  #signedOut(identity: Identity): boolean {
    return (
      identity.session_id !== null && this.#opened?.log.read("session_revocation", identity.session_id) !== undefined
    );
  }

  #pipelineDeps(opened: Opened): Parameters<typeof runPipeline>[0] {
    const { room, clock, random, workspace_id, campaign_id } = this.#deps;
    return { room, clock, random, workspace_id, campaign_id, log: opened.log };
  }

  /** Sets the alarm for the next thing that has a time: a timer or the end of a token. */
  #arm(): void {
    const timer = this.#deps.storage.nextTimer();
    if (timer !== null) this.#armAt(Date.parse(timer));
    const expiry = this.#sessions.nextExpiry();
    if (expiry !== null) this.#armAt(expiry);
  }

  /** Arms for `at` if nothing earlier is armed; `keep` leaves any armed alarm as it is. Each setting is a row written. */
  #armAt(at: number, how: "earlier" | "keep" = "earlier"): void {
    if (this.#alarmAt !== null && (how === "keep" || this.#alarmAt <= at)) return;
    this.#alarmAt = at;
    this.#deps.alarm.set(at);
  }

  #mustBeOpen(): Opened {
    if (!this.#opened) throw new Error(`The room ${this.#deps.name} does not exist`);
    return this.#opened;
  }
}

const NOBODY: Admission = { actor: { kind: "system", id: "nobody" }, grants: { kind: "scopes", scopes: [] } };

/** Undoes the creation of a room whose creating command was refused. */
class NotFounded extends Error {}

function notFound(): Refusal {
  return refuse("NOT_FOUND", "Not found");
}

function answersTo(value: object, ref: string): boolean {
  return ["id", "external_id", "slug"].some((name) => Reflect.get(value, name) === ref);
}

function field(envelope: unknown, name: "type" | "id"): string | null {
  if (typeof envelope !== "object" || envelope === null) return null;
  const value: unknown = Reflect.get(envelope, name);
  return typeof value === "string" && value.length <= 255 ? value : null;
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
