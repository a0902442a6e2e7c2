import { performance } from "node:perf_hooks";
import type WebSocket from "ws";
import type { PeerCommand, PeerEvent } from "../peer-schema.ts";
import { openSocket, Sequence } from "./raw-socket.ts";
import type { Dialect, OnEvent, Target, Viewer } from "./target.ts";

type PartyTarget = Extract<Target, { system: "partyserver" }>;
type PartyFrame =
  | { readonly type: "ready"; readonly seq: number }
  | { readonly type: "ack"; readonly id: string; readonly seq: number }
  | { readonly type: "state"; readonly rows: readonly unknown[] }
  | PeerEvent;

let commands = 0;

/** PartyServer: JSON frames of the benchmark's own on its sockets. */
export function partyDialect({ url, room }: PartyTarget): Dialect {
  const address = `${url}/parties/bench-room/${room}`;
  return {
    viewer: (onEvent) => PartyReader.open(`${address}?as=viewer`, onEvent),
    async writer() {
      const waiting = new Map<string, () => void>();
      const socket = await openSocket(`${address}?as=writer`, [], (text) => {
        const frame = JSON.parse(text) as PartyFrame;
        if (frame.type !== "ack" || !("id" in frame)) return;
        waiting.get(frame.id)?.();
        waiting.delete(frame.id);
      });
      return {
        change: (n) =>
          new Promise((resolve) => {
            const id = `bench-${process.pid}-${String(++commands).padStart(10, "0")}`;
            const payload = { campaign_id: "cmp_01J9BENCH000000000000000001", updates: { state: { n } } };
            waiting.set(id, resolve);
            send(socket, { type: "update", id, payload });
          }),
        close: () => socket.terminate(),
      };
    },
    async position() {
      const reader = await PartyReader.open(`${address}?as=idle`, () => {});
      reader.close();
      return { seq: reader.seq };
    },
    async resume(from, head) {
      const started = performance.now();
      const reader = await PartyReader.open(`${address}?as=idle`, () => {});
      reader.seq = from.seq;
      await reader.ask({ type: "since", seq: from.seq }, () => reader.seq >= head);
      reader.close();
      return performance.now() - started;
    },
    async snapshot(rows) {
      const started = performance.now();
      const reader = await PartyReader.open(`${address}?as=idle`, () => {});
      await reader.ask({ type: "snapshot" }, () => reader.rows >= rows);
      reader.close();
      return performance.now() - started;
    },
  };
}

class PartyReader extends Sequence implements Viewer {
  rows = 0;
  readonly #onEvent: OnEvent;
  #socket: WebSocket | null = null;
  #ready: () => void = () => {};
  #awaited: { done: () => boolean; resolve: () => void } | null = null;

  private constructor(onEvent: OnEvent) {
    super(0);
    this.#onEvent = onEvent;
  }

  static async open(url: string, onEvent: OnEvent): Promise<PartyReader> {
    const reader = new PartyReader(onEvent);
    const ready = new Promise<void>((resolve) => (reader.#ready = resolve));
    reader.#socket = await openSocket(url, [], (text, bytes) => reader.#take(text, bytes));
    await ready;
    return reader;
  }

  async ask(command: PeerCommand, done: () => boolean): Promise<void> {
    const arrived = new Promise<void>((resolve) => (this.#awaited = { done, resolve }));
    if (this.#socket) send(this.#socket, command);
    await arrived;
  }

  close(): void {
    this.#socket?.terminate();
  }

  #take(text: string, bytes: number): void {
    const frame = JSON.parse(text) as PartyFrame;
    if ("data" in frame) {
      this.bytes += bytes;
      this.frames++;
      this.next(frame.seq);
      this.#onEvent(frame.seq, frame.data.updates.state.n);
    } else if ("rows" in frame) this.rows = frame.rows.length;
    else if (frame.type === "ready") {
      this.seq = frame.seq;
      this.#ready();
    }
    if (this.#awaited?.done()) this.#awaited.resolve();
  }
}

function send(socket: WebSocket, command: PeerCommand): void {
  socket.send(JSON.stringify(command));
}
