import { ControlFrame } from "../../../core/protocol/frames.ts";
import type { DownFrame, Hello, WireEvent, WireRow } from "../../../core/protocol/frames.ts";
import { PING_TEXT, PONG_TEXT, SNAPSHOT_WINDOW } from "../../../core/protocol/version.ts";
import type { FakeRoom, LoggedCommit, Person } from "./fake-room.ts";

const ROWS_PER_CHUNK = 2;

interface Streaming {
  readonly seq: number;
  readonly tip: string;
  readonly chunks: readonly (readonly WireRow[])[];
  sent: number;
  acked: number;
}

/** One connection to a {@link FakeRoom}: answers hello, commands and acknowledgements, and sends commits, coalesced if told to. */
export class FakeSession {
  readonly #room: FakeRoom;
  readonly #send: (text: string) => void;
  readonly received: ControlFrame[] = [];
  readonly close: () => void;
  person: Person;
  /** Commits wait this long for others, 0: none waits. */
  coalesceMs = 0;
  #position: number | null = null;
  #streaming: Streaming | null = null;
  #flushing = false;

  constructor(room: FakeRoom, person: Person, send: (text: string) => void) {
    this.#room = room;
    this.person = person;
    this.#send = send;
    const onCommit = (): void => this.#committed();
    room.onCommit.add(onCommit);
    this.close = () => room.onCommit.delete(onCommit);
  }

  receive(text: string): void {
    if (text === PING_TEXT) return this.#send(PONG_TEXT);
    const value: unknown = JSON.parse(text);
    const control = ControlFrame.safeParse(value);
    if (!control.success) return this.send(this.#room.execute(this.person, value));
    this.received.push(control.data);
    if (control.data.type === "hello") this.#hello(control.data);
    if (control.data.type === "snapshot_ack" && this.#streaming) {
      this.#streaming.acked += 1;
      this.#stream();
    }
    if (control.data.type === "auth") this.send({ type: "authenticated", expires_at: null });
  }

  send(frame: DownFrame): void {
    this.#send(JSON.stringify(frame));
  }

  /** What the room does when this person's role changes. */
  changeRole(person: Person): void {
    this.#flush();
    const before = this.#room.rows(this.person);
    this.person = person;
    const after = this.#room.rows(person);
    const missing = (a: WireRow[], b: WireRow[]): WireRow[] =>
      a.filter(([kind, id]) => !b.some((row) => row[0] === kind && row[1] === id));
    this.send({
      type: "access",
      seq: this.#room.head,
      me: this.#room.me(person),
      put: missing(after, before),
      forget: missing(before, after).map(([kind, id]) => [kind, id]),
    });
  }

  #hello(hello: Hello): void {
    const room = this.#room;
    const known = hello.epoch === room.epoch && hello.seq !== undefined && hello.seq >= room.historyStart;
    const follows = known && room.tipAt(hello.seq ?? 0) === hello.tip;
    this.#streaming = null;
    this.send({
      type: "welcome",
      protocol: 1,
      room: room.name,
      epoch: room.epoch,
      seq: room.head,
      tip: room.tip,
      mode: follows ? "delta" : "snapshot",
      recovered: follows,
      history_start: room.historyStart,
      server_time: new Date(room.clock.now()).toISOString(),
      me: room.me(this.person),
    });
    if (follows) {
      this.#position = hello.seq ?? 0;
      return this.#flush();
    }
    this.#position = null;
    const rows = room.rows(this.person);
    const chunks = Array.from({ length: Math.max(1, Math.ceil(rows.length / ROWS_PER_CHUNK)) }, (_, i) =>
      rows.slice(i * ROWS_PER_CHUNK, (i + 1) * ROWS_PER_CHUNK),
    );
    this.#streaming = { seq: room.head, tip: room.tip, chunks, sent: 0, acked: 0 };
    this.#stream();
  }

  #stream(): void {
    const streaming = this.#streaming;
    if (!streaming) return;
    const { seq, tip, chunks } = streaming;
    while (streaming.sent < chunks.length && streaming.sent - streaming.acked < SNAPSHOT_WINDOW) {
      const chunk = streaming.sent++;
      this.send({
        type: "snapshot",
        epoch: this.#room.epoch,
        seq,
        tip,
        chunk,
        chunks: chunks.length,
        rows: [...(chunks[chunk] ?? [])],
      });
    }
    if (streaming.sent < chunks.length) return;
    this.#streaming = null;
    this.#position = seq;
    this.#flush();
  }

  #committed(): void {
    if (this.coalesceMs === 0) return this.#flush();
    if (this.#flushing) return;
    this.#flushing = true;
    this.#room.clock.after(this.coalesceMs, () => {
      this.#flushing = false;
      this.#flush();
    });
  }

  #flush(): void {
    const from = this.#position;
    const { head, tip, epoch, log } = this.#room;
    if (from === null || from === head) return;
    this.#position = head;
    const commits = log.filter((commit) => commit.seq > from).flatMap((commit) => this.#wire(commit));
    this.send({ type: "commits", epoch, from, to: head, tip, commits });
  }

  #wire(commit: LoggedCommit): [number, string, string, ...WireEvent[]][] {
    const visible = commit.events.filter((event) => this.#room.visible(event, this.person));
    if (visible.length === 0) return [];
    const events = visible.map(({ type, data }): WireEvent => {
      const wire = this.#room.definition.events.get(type)?.wire;
      return [type, wire ? wire.from(data) : data];
    });
    return [[commit.seq, commit.actor, commit.at, ...events]];
  }
}
