import type { CommandDefinition } from "../../core/model/command.ts";
import type { Entity, EntityKind } from "../../core/model/entity.ts";
import type { RoomDefinition } from "../../core/model/room.ts";
import type { SignalDefinition } from "../../core/model/signal.ts";
import type { ReadTx } from "../../core/model/transaction.ts";
import type { DownFrame, Me, Welcome } from "../../core/protocol/frames.ts";
import type { Clock } from "./clock.ts";
import { CONNECTING, nextConnection } from "./connection.ts";
import type { Connection, ConnectionInput } from "./connection.ts";
import { systemEntropy, ulid } from "./ids.ts";
import type { Entropy } from "./ids.ts";
import { Link } from "./link.ts";
import { Notifier } from "./notifier.ts";
import type { Listener } from "./notifier.ts";
import { project, rowKey, standingOf } from "./optimistic.ts";
import type { View } from "./optimistic.ts";
import { Outbox } from "./outbox.ts";
import type { RunOptions } from "./outbox.ts";
import type { CommandOutcome } from "./pending.ts";
import { ReaderReport } from "./reader-report.ts";
import { RecentChanges } from "./recent-changes.ts";
import { Replica } from "./replica.ts";
import { SignalHub } from "./signals.ts";
import type { OpenSocket, TokenProvider } from "./socket.ts";
import { TokenRenewal } from "./token-renewal.ts";

export interface RoomClientOptions {
  readonly room: RoomDefinition;
  /** Makes the connection with tokens from the given provider. */
  connect(token: TokenProvider): OpenSocket;
  readonly token: TokenProvider;
  readonly clock: Clock;
  readonly entropy?: Entropy;
  /** Told of every frame that had to be repaired and every subscriber that threw. */
  report(problem: unknown): void;
}

/**
 * One room as this browser sees it: what the room confirmed, with the commands still under way tried on top.
 * Reads are immutable snapshots that stay the same object until something changes.
 */
export class RoomClient {
  readonly room: RoomDefinition;
  readonly #clock: Clock;
  readonly #report: (problem: unknown) => void;
  readonly #notifier: Notifier;
  readonly #signals: SignalHub;
  readonly #replica: Replica;
  readonly #recent: RecentChanges;
  readonly #outbox: Outbox;
  readonly #readerReport: ReaderReport;
  readonly #renewal: TokenRenewal;
  readonly #link: Link;
  #connection: Connection = CONNECTING;
  #me: Me | null = null;
  /** The room's full name: `{workspace_id}` or `{workspace_id}/{campaign_id}`. */
  #name = "";
  /** The highest `seq` the room is known to have. */
  #head = 0;
  #view: View | null = null;
  #lists = new Map<string, { readonly view: View; readonly list: readonly Entity[] }>();

  constructor(options: RoomClientOptions) {
    const { room, clock, report, entropy = systemEntropy } = options;
    this.room = room;
    this.#clock = clock;
    this.#report = report;
    this.#notifier = new Notifier(report);
    this.#signals = new SignalHub(room, report);
    this.#replica = new Replica(room);
    this.#recent = new RecentChanges(clock, () => this.#notifier.changed());
    this.#outbox = new Outbox({ clock, entropy, send: (text) => this.#link.ready && this.#link.sendText(text) });
    this.#readerReport = new ReaderReport(clock, (frame) => this.#link.send(frame));
    this.#renewal = new TokenRenewal({
      clock,
      token: options.token,
      send: (token) => this.#link.send({ type: "auth", token }),
    });
    this.#link = new Link({
      openSocket: options.connect(this.#renewal.provide),
      clock,
      clientId: ulid(clock.now(), entropy),
      position: () => this.#replica.position,
      events: {
        welcome: (frame) => this.#welcomed(frame),
        frame: (frame, length) => this.#received(frame, length),
        closed: (end) => this.#closed(end),
        repairing: (problem) => this.#repairing(problem),
      },
    });
  }

  start(): void {
    this.#link.start();
  }

  /** Ends it. What still waits for an answer is told so: it may or may not have happened. */
  stop(): void {
    this.#link.stop();
    this.#readerReport.stop();
    this.#renewal.stop();
    this.#recent.clear();
    this.#outbox.abandon({ code: "UNAVAILABLE", message: "The page left the room before the answer came" });
    this.#changed();
  }

  subscribe(listener: Listener): () => void {
    return this.#notifier.subscribe(listener);
  }

  onSignal<D>(signal: SignalDefinition<D>, listener: (data: D) => void): () => void {
    return this.#signals.on(signal, listener);
  }

  get connection(): Connection {
    return this.#connection;
  }

  /** Who the room takes this client for; null before the first welcome. */
  get me(): Me | null {
    return this.#me;
  }

  /** The last `seq` applied, null before any state. */
  get seq(): number | null {
    return this.#replica.position?.seq ?? null;
  }

  /** Commands whose answer is still to come. */
  get unanswered(): number {
    return this.#outbox.unanswered;
  }

  /** Everything in view, for functions that read a room: the same object until something changes, and good until then. */
  get tx(): ReadTx {
    return this.#viewed().tx;
  }

  get<E extends Entity>(kind: EntityKind<E>, id: string): E | undefined {
    return this.tx.get(kind, id);
  }

  /** All live entities of a kind, the same array until one of them changes. */
  list<E extends Entity>(kind: EntityKind<E>): readonly E[] {
    const view = this.#viewed();
    const known = this.#lists.get(kind.kind);
    let list: readonly Entity[] | undefined = known?.list;
    if (!list || known?.view !== view) {
      const fresh = this.tx.list(kind);
      if (!list || !sameItems(list, fresh)) list = fresh;
      this.#lists.set(kind.kind, { view, list });
    }
    // The cast is safe: the list was read through that kind.
    return list as readonly E[];
  }

  /** The revision the room has confirmed: what `expected_revision` is compared with. */
  revision(kind: EntityKind, id: string): number {
    return this.#replica.store.read(kind.kind, id)?.revision ?? 0;
  }

  /** Whether a command that changed this entity is still on its way. */
  isPending(kind: EntityKind, id: string): boolean {
    return this.#viewed().guessed.has(rowKey(kind.kind, id));
  }

  /** Who changed the entity in the last 400 ms, if anybody did. */
  recentChange(kind: EntityKind, id: string): { readonly by: string; readonly at: number } | null {
    return this.#recent.find(kind.kind, id);
  }

  /** Gives a command to the room; what it changes shows at once. The promise resolves with the room's answer and never rejects. */
  run<I>(command: CommandDefinition<I>, payload: NoInfer<I>, options: RunOptions = {}): Promise<CommandOutcome> {
    const answer = this.#outbox.run(command, payload, options);
    this.#changed();
    const by = this.#me?.actor ?? "";
    this.#recent.mark(this.#viewed().latest.map(({ kind, id }) => ({ kind, id, by })));
    return answer;
  }

  /** The browser went on- or offline. */
  networkChanged(online: boolean): void {
    this.#transition({ type: "network", at: this.#clock.now(), online });
    // Also if the old connection seems open: nobody knows whether it outlived the change of networks.
    if (online && this.#connection.phase !== "refused") this.#link.reconnect();
  }

  /** The page came back into view, perhaps from a long sleep: timers and sockets may be dead. */
  probe(): void {
    this.#link.probe();
  }

  #welcomed(frame: Welcome): void {
    this.#me = frame.me;
    this.#name = frame.room;
    this.#head = frame.seq;
    this.#readerReport.synchronize(frame.server_time, this.#link.helloAt);
    const position = this.#replica.position;
    if (frame.mode === "delta" && (position?.epoch !== frame.epoch || position.seq > frame.seq)) {
      return this.#link.restart(new Error("A delta was promised that does not follow on what is held"));
    }
    // While a snapshot is on its way the state held is not known to lead to the present one.
    if (frame.mode === "snapshot") this.#transition({ type: "progress", at: this.#clock.now(), behind: null });
    else this.#progressed();
    this.#outbox.resend();
    this.#changed();
  }

  #received(frame: DownFrame, length: number): void {
    if ("id" in frame) {
      if (this.#outbox.answered(frame, this.#replica.position?.seq ?? 0)) this.#changed();
      return;
    }
    try {
      this.#apply(frame, length);
    } catch (problem) {
      if (frame.type === "access") this.#link.restart(problem);
      else this.#link.repair(problem);
    }
  }

  #apply(frame: Exclude<DownFrame, { id: string }>, length: number): void {
    switch (frame.type) {
      case "commits": {
        // Between a hello and its welcome the room still sends what it will send again.
        if (!this.#link.ready) return;
        const { guessed } = this.#viewed();
        const changes = this.#replica.applyCommits(frame);
        // One's own change was shown when it was made.
        const mine = this.#me?.actor;
        this.#recent.mark(changes.filter(({ kind, id, by }) => by !== mine || !guessed.has(rowKey(kind, id))));
        this.#readerReport.received(length);
        this.#readerReport.applied(
          frame.to,
          frame.commits.map(([, , at]) => at),
        );
        return this.#progressed();
      }
      case "snapshot": {
        if (!this.#link.ready) return;
        const epoch = this.#replica.position?.epoch;
        const complete = this.#replica.takeChunk(frame);
        this.#link.send({ type: "snapshot_ack", chunk: frame.chunk });
        if (!complete) return;
        if (epoch !== frame.epoch) this.#outbox.forgetAnswered();
        return this.#progressed();
      }
      case "access":
        this.#me = frame.me;
        this.#replica.applyAccess(frame);
        return this.#changed();
      case "signal":
        return this.#signals.emit(frame.name, frame.data);
      case "error":
        return this.#report(new Error(`${frame.error.code}: ${frame.error.message}`));
      case "welcome":
      case "authenticated":
      case "pong":
        return;
    }
  }

  #progressed(): void {
    const seq = this.#replica.position?.seq ?? 0;
    this.#head = Math.max(this.#head, seq);
    this.#outbox.applied(seq);
    this.#transition({ type: "progress", at: this.#clock.now(), behind: this.#head - seq });
    this.#changed();
  }

  #repairing(problem: unknown): void {
    this.#report(problem);
    this.#transition({ type: "progress", at: this.#clock.now(), behind: null });
  }

  #closed({ code, reason, final }: { code: number; reason: string; final: boolean }): void {
    const at = this.#clock.now();
    this.#readerReport.stop();
    if (!final) return this.#transition({ type: "closed", at });
    this.#renewal.stop();
    // Who may not come back may not keep what was shown either.
    this.#replica.clear();
    this.#outbox.abandon({ code: "UNAVAILABLE", message: reason || "The room closed the connection" });
    this.#transition({ type: "refused", at, code, reason });
    this.#changed();
  }

  #transition(input: ConnectionInput): void {
    const next = nextConnection(this.#connection, input);
    if (next === this.#connection) return;
    this.#connection = next;
    this.#notifier.changed();
  }

  /** The view is computed anew when next looked at. */
  #changed(): void {
    this.#view = null;
    this.#notifier.changed();
  }

  #viewed(): View {
    const standing = this.#me && standingOf(this.#me, this.#name);
    this.#view ??= project(this.room, this.#replica.store, { pending: this.#outbox.entries, standing });
    return this.#view;
  }
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, at) => item === b[at]);
}
