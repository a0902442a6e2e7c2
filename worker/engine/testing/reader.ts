import type { StoredEntity } from "../../../core/model/entity.ts";
import { MapStore } from "../../../core/model/map-store.ts";
import { Overlay } from "../../../core/model/overlay.ts";
import type { RoomDefinition } from "../../../core/model/room.ts";
import { DownFrame } from "../../../core/protocol/frames.ts";
import type { Access, Commits, ControlFrame, Position, Snapshot, WireEvent } from "../../../core/protocol/frames.ts";
import type { Codec, SessionState, Sink } from "../ports.ts";

const jsonCodec: Codec = { name: "json", encode: (frame) => JSON.stringify(frame) };

/** A connection that keeps what it was sent, and may be stalled. */
export class RecordingSink implements Sink {
  readonly id: string;
  readonly codec = jsonCodec;
  /** Sent and not yet taken by the other end. */
  readonly inbox: string[] = [];
  closed: { readonly code: number; readonly reason: string } | null = null;
  /** Whether every send throws, as a stalled socket's does. */
  stalled = false;
  remembered: SessionState | null = null;

  constructor(id: string) {
    this.id = id;
  }

  send(text: string): void {
    if (this.stalled || this.closed) throw new Error("The socket is gone");
    this.inbox.push(text);
  }

  close(code: number, reason: string): void {
    this.closed = { code, reason };
  }

  remember(state: SessionState): void {
    this.remembered = state;
  }
}

/** A client reduced to what the engine's tests ask of one: it applies what it is sent, and says so. */
export class Reader {
  readonly who: string;
  readonly #room: RoomDefinition;
  readonly #answer: (frame: ControlFrame) => void;
  sink: RecordingSink;
  /** Every frame taken, on all connections. */
  readonly frames: DownFrame[] = [];
  store = new MapStore();
  position: Position | null = null;
  /** Where its stream of commits began, and the events of each commit since. */
  from = 0;
  stream = new Map<number, readonly WireEvent[]>();
  /** Whether it acknowledges chunks and reports what it applied. */
  reports = true;
  #incoming: MapStore | null = null;
  #awaitsWelcome = false;

  constructor(room: RoomDefinition, who: string, options: { sink: RecordingSink; answer(frame: ControlFrame): void }) {
    this.#room = room;
    this.who = who;
    this.sink = options.sink;
    this.#answer = options.answer;
  }

  /** The frames of one type, or whose type ends so. */
  of<T extends DownFrame["type"]>(type: T): Extract<DownFrame, { type: T }>[] {
    return this.frames.filter((frame): frame is Extract<DownFrame, { type: T }> => frame.type === type);
  }

  /** The `seq` of every commit it was sent something of, in order. */
  get seqs(): number[] {
    return [...this.stream.keys()];
  }

  /** The value of an entity it holds, undefined if it holds none. */
  value(kind: string, id: string): unknown {
    const stored = this.store.read(kind, id);
    return stored && !stored.deleted ? stored.value : undefined;
  }

  /** What it holds, to be compared. */
  rows(): string[] {
    return rowsOf(this.store.all());
  }

  /** It said hello: what was under way before the answer is sent again after it. */
  saidHello(): void {
    this.#awaitsWelcome = true;
  }

  /** Takes up to `count` frames that were sent to it. Throws for one that does not follow on what it has. */
  take(count = Number.POSITIVE_INFINITY): void {
    for (let taken = 0; taken < count; taken++) {
      const text = this.sink.inbox.shift();
      if (text === undefined) return;
      const frame = DownFrame.parse(JSON.parse(text));
      this.frames.push(frame);
      if (!("id" in frame)) this.#apply(frame);
    }
  }

  #apply(frame: Exclude<DownFrame, { id: string }>): void {
    if (frame.type === "welcome") {
      this.#awaitsWelcome = false;
      this.#incoming = frame.mode === "snapshot" ? new MapStore() : null;
      if (frame.mode === "delta" && frame.epoch !== this.position?.epoch) throw new Error("A delta of nothing");
    } else if (this.#awaitsWelcome) return;
    else if (frame.type === "snapshot") this.#takeChunk(frame);
    else if (frame.type === "commits") this.#takeCommits(frame);
    else if (frame.type === "access") this.#takeAccess(frame);
  }

  #takeChunk(frame: Snapshot): void {
    if (!this.#incoming) throw new Error("A chunk of no snapshot");
    for (const [kind, id, revision, value] of frame.rows) {
      this.#incoming.write({ kind, id, revision, seq: frame.seq, deleted: false, value });
    }
    if (frame.chunk === frame.chunks - 1) {
      this.store = this.#incoming;
      this.#incoming = null;
      this.position = { epoch: frame.epoch, seq: frame.seq, tip: frame.tip };
      this.from = frame.seq;
      this.stream = new Map();
    }
    if (this.reports) this.#answer({ type: "snapshot_ack", chunk: frame.chunk });
  }

  #takeCommits(frame: Commits): void {
    const { position } = this;
    if (!position || this.#incoming) throw new Error("Commits before a state");
    if (frame.epoch !== position.epoch) throw new Error(`Epoch ${frame.epoch} after ${position.epoch}`);
    if (frame.from > position.seq) throw new Error(`Commits from ${frame.from} after ${position.seq}`);
    for (const [seq, actor, at, ...events] of frame.commits) {
      // A real client would skip it; the room never sends it.
      if (seq <= position.seq) throw new Error(`Commit ${seq} came twice`);
      this.stream.set(seq, events);
      this.#fold({ seq, actor, at }, events);
    }
    if (frame.to >= position.seq) this.position = { epoch: frame.epoch, seq: frame.to, tip: frame.tip };
    if (this.reports) this.#answer({ type: "applied", seq: this.position?.seq ?? 0 });
  }

  #takeAccess(frame: Access): void {
    if (frame.seq !== this.position?.seq) throw new Error(`Rights as of ${frame.seq} at ${this.position?.seq}`);
    for (const [kind, id, revision, value] of frame.put) {
      this.store.write({ kind, id, revision, seq: frame.seq, deleted: false, value });
    }
    for (const [kind, id] of frame.forget) this.store.forget(kind, id);
  }

  #fold(commit: { seq: number; actor: string; at: string }, events: readonly WireEvent[]): void {
    const overlay = new Overlay(this.store);
    for (const [type, data] of events) {
      const definition = this.#room.events.get(type);
      if (!definition) throw new Error(`Unknown event ${type}`);
      const parsed = (definition.wire?.data ?? definition.data).parse(data);
      definition.apply(overlay, parsed, commit);
    }
    for (const stored of overlay.touched()) {
      if (this.#room.entities.get(stored.kind)?.resident) this.store.write({ ...stored, seq: commit.seq });
    }
  }
}

/** Live entities as sorted text, to compare one holder's with another's. */
export function rowsOf(entities: Iterable<StoredEntity>): string[] {
  const rows: string[] = [];
  for (const { kind, id, revision, value, deleted } of entities) {
    if (!deleted) rows.push(JSON.stringify([kind, id, revision, shortened(value)]));
  }
  return rows.toSorted();
}

/** Long texts by their length: a difference must fit a screen. */
function shortened(value: object): unknown[] {
  return Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]: [string, unknown]) =>
      typeof field === "string" && field.length > 100 ? [name, field.trimEnd(), field.length] : [name, field],
    );
}
