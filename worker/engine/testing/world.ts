import { createHash } from "node:crypto";
import type { Identity, RoomDefinition } from "../../../core/model/room.ts";
import type { ControlFrame, Position } from "../../../core/protocol/frames.ts";
import { PROTOCOL_VERSION } from "../../../core/protocol/version.ts";
import type { Metadata } from "../../../core/protocol/envelope.ts";
import type { Outcome } from "../outcome.ts";
import type { Logger, OutboxConsumer, Randomness, RoomStorage } from "../ports.ts";
import { RoomEngine } from "../room-engine.ts";
import type { EngineDeps } from "../engine-deps.ts";
import { ACCESS_KINDS, boardRoom } from "./board-room.ts";
import { FakeAlarm, FakeClock } from "./fake-clock.ts";
import { MemoryStorage } from "./memory-storage.ts";
import { Reader, RecordingSink } from "./reader.ts";

/** Fast enough never to be in a test's way. */
const NO_LIMIT = { perSecond: 1_000_000, burst: 1_000_000 };

const random: Randomness = {
  digest: (text) => createHash("sha256").update(text).digest("hex"),
  ulidFrom: (seed) => createHash("sha256").update(seed).digest("hex").slice(0, 26).toUpperCase(),
  secret: () => ({ text: "fd_live_secret", hash: "hash" }),
};

interface WorldOptions {
  readonly room?: RoomDefinition;
  readonly rates?: EngineDeps["rates"];
  readonly consumers?: EngineDeps["consumers"];
  readonly epoch?: number;
  readonly history_ms?: number;
}

/** Who sends a command, if there is more to say than a name. */
interface Sender {
  readonly who: string;
  readonly id?: string;
  readonly metadata?: Metadata;
  readonly kind?: Identity["kind"];
  readonly session_id?: string | null;
}

interface ConnectOptions {
  readonly session_id?: string | null;
  /** Milliseconds from now. */
  readonly expires_in?: number;
}

/** A room with everything round it: storage that survives, an object that need not, time, an alarm, readers. */
export class World<S extends RoomStorage = MemoryStorage> {
  readonly storage: S;
  readonly clock = new FakeClock();
  readonly alarm = new FakeAlarm();
  readonly logged: { level: string; message: string; facts: Readonly<Record<string, unknown>> }[] = [];
  readonly readers: Reader[] = [];
  engine: RoomEngine;
  readonly #options: WorldOptions;
  #commands = 0;
  #sinks = 0;

  constructor(storage: S, options: WorldOptions = {}) {
    this.storage = storage;
    this.#options = options;
    this.engine = this.#wake();
  }

  /** A board that exists, owned by ann. */
  static created(options: WorldOptions = {}): World {
    return World.createdOn(new MemoryStorage(), options);
  }

  /** The same on another storage. */
  static createdOn<S extends RoomStorage>(storage: S, options: WorldOptions = {}): World<S> {
    const world = new World(storage, options);
    world.must("ann", "board:create:v1", {});
    return world;
  }

  /** The errors that were logged. */
  get errors(): string[] {
    return this.logged.filter(({ level }) => level === "error").map(({ message }) => message);
  }

  /** Sends a command as it comes from outside. */
  run(sender: string | Sender, type: string, payload: unknown): Outcome {
    const from: Sender = typeof sender === "string" ? { who: sender } : sender;
    const { who, id = this.nextId(), metadata, kind = "user", session_id = null } = from;
    const envelope = { type: `${type}:requested`, id, payload, ...(metadata && { metadata }) };
    return this.engine.execute({ kind, subject: who, session_id }, envelope, { id: `correlation-${id}` });
  }

  /** Sends a command that is to succeed. Returns its `seq`. */
  must(who: string, type: string, payload: unknown): number {
    const outcome = this.run(who, type, payload);
    if (!outcome.ok) throw new Error(`${type}: ${outcome.refusal.code} ${outcome.refusal.message}`);
    return outcome.seq;
  }

  nextId(): string {
    return `command-${String(++this.#commands).padStart(8, "0")}`;
  }

  /** Opens a connection; nothing is said on it yet. */
  connect(who: string, options: ConnectOptions = {}): Reader {
    const reader: Reader = new Reader(this.#options.room ?? boardRoom, who, {
      sink: new RecordingSink(`sink-${++this.#sinks}`),
      answer: (frame) => this.receive(reader, frame),
    });
    this.readers.push(reader);
    this.#accept(reader, options);
    return reader;
  }

  /** Opens a connection and joins from nothing, up to the head. */
  join(who: string, options: ConnectOptions = {}): Reader {
    const reader = this.connect(who, options);
    this.hello(reader, null);
    reader.take();
    return reader;
  }

  /** A reader whose connection is gone opens another; nothing is said on it yet. */
  reconnect(reader: Reader, options: ConnectOptions = {}): void {
    reader.sink = new RecordingSink(`sink-${++this.#sinks}`);
    this.#accept(reader, options);
  }

  /** A reader whose connection is gone comes back on another, from where it was. */
  resume(reader: Reader, options: ConnectOptions = {}): void {
    this.reconnect(reader, options);
    this.hello(reader);
    reader.take();
  }

  hello(reader: Reader, position: Position | null = reader.position): void {
    reader.saidHello();
    this.receive(reader, { type: "hello", protocol: PROTOCOL_VERSION, client_id: reader.who, ...position });
  }

  /** A frame of a reader arrives, as an adapter hands it on. */
  receive(reader: Reader, frame: ControlFrame): void {
    const session = this.engine.session(reader.sink.id);
    if (!session) return;
    if (frame.type === "hello") this.engine.join.hello(session, frame);
    else if (frame.type === "snapshot_ack") this.engine.join.chunkTaken(session);
    else if (frame.type === "applied") session.reported(frame.seq);
  }

  /** The connection is lost: what was sent and not taken never arrives. */
  cut(reader: Reader): void {
    this.engine.drop(reader.sink.id);
    reader.sink.inbox.length = 0;
    reader.sink.closed ??= { code: 1006, reason: "" };
  }

  /** Lets time pass; the alarm rings when it is due. */
  async advance(ms: number): Promise<void> {
    const until = this.clock.now() + ms;
    for (;;) {
      const at = this.alarm.at;
      if (at === null || at > until) break;
      await this.clock.advance(Math.max(0, at - this.clock.now()));
      if (this.alarm.at === at) await this.ring();
    }
    await this.clock.advance(until - this.clock.now());
  }

  /** The alarm rings now; resolves when it is done, which may take time to pass. */
  async ring(): Promise<void> {
    this.alarm.at = null;
    const ringing = this.engine.alarm();
    await this.clock.advance(0);
    // A handler that waits is waited for by the platform too, but here time is in the test's hands.
    await Promise.race([ringing, this.clock.advance(0)]);
  }

  /** The platform evicts the object and wakes it again; sockets stay, memory and timers do not. */
  hibernate(): void {
    this.clock.clear();
    this.engine = this.#wake();
    for (const { sink } of this.readers) {
      if (!sink.closed && sink.remembered) this.engine.accept(sink, sink.remembered);
    }
    if (this.engine.exists) this.engine.announceHead();
  }

  /** The object dies with its sockets. */
  crash(): void {
    this.clock.clear();
    for (const reader of this.readers) {
      reader.sink.inbox.length = 0;
      reader.sink.closed ??= { code: 1006, reason: "" };
    }
    this.engine = this.#wake();
  }

  #accept(reader: Reader, { session_id = null, expires_in }: ConnectOptions): void {
    const state = {
      identity: { kind: "user", subject: reader.who, session_id } as const,
      client_id: null,
      expires_at: expires_in === undefined ? null : this.clock.now() + expires_in,
      live: false,
    };
    this.engine.accept(reader.sink, state)?.remember(state);
  }

  #wake(): RoomEngine {
    const { room = boardRoom, rates = { person: NO_LIMIT, api_key: NO_LIMIT }, consumers = () => [] } = this.#options;
    const logger: Logger = { log: (level, message, facts) => void this.logged.push({ level, message, facts }) };
    return new RoomEngine({
      room,
      name: "ws_1",
      workspace_id: "ws_1",
      campaign_id: undefined,
      storage: this.storage,
      clock: this.clock,
      alarm: this.alarm,
      random,
      logger,
      rates,
      epoch: this.#options.epoch ?? 1,
      history_ms: this.#options.history_ms ?? Number.MAX_SAFE_INTEGER / 4,
      access_kinds: ACCESS_KINDS,
      founder: ({ kind, subject }) =>
        kind === "user" ? { actor: { kind: "member", id: subject }, grants: { kind: "role", role: "owner" } } : null,
      consumers,
    });
  }
}

/** A consumer that keeps what it is given, and fails when told to. */
export class RecordingConsumer implements OutboxConsumer {
  readonly name: string;
  readonly batch: number;
  readonly delivered: number[] = [];
  readonly batches: number[][] = [];
  /** Called with each delivery: throw to fail, return a promise to take time. */
  onDeliver: (seqs: readonly number[], epoch: number) => void | Promise<void> = () => {};

  constructor(name: string, batch = 100) {
    this.name = name;
    this.batch = batch;
  }

  async deliver(rows: readonly { readonly seq: number }[], epoch: number): Promise<void> {
    const seqs = rows.map(({ seq }) => seq);
    await this.onDeliver(seqs, epoch);
    this.batches.push(seqs);
    this.delivered.push(...seqs);
  }
}

/** All rows that a world's storage and alarm wrote so far. */
export function rowsWritten({ storage, alarm }: World): number {
  return storage.rows.written + alarm.rows;
}
