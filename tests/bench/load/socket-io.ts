import { performance } from "node:perf_hooks";
import { io } from "socket.io-client";
import { EVENT_TYPE } from "../peer-schema.ts";
import type { PeerEvent } from "../peer-schema.ts";
import { openSocket, Sequence } from "./raw-socket.ts";
import type { Dialect, OnEvent, Target, Viewer } from "./target.ts";

type SocketIoTarget = Extract<Target, { system: "socket.io" }>;
type Body = Omit<PeerEvent, "type">;

const JOIN_ACK = 1;
const SNAPSHOT_ACK = 2;

/** Socket.IO. Writers are its own client; readers speak its protocol themselves, which costs the load generator less. */
export function socketIoDialect({ url }: SocketIoTarget): Dialect {
  return {
    viewer: (onEvent) => SocketIoReader.open(url, onEvent),
    async writer() {
      const socket = io(url, { transports: ["websocket"], forceNew: true });
      await new Promise<void>((resolve, reject) => {
        socket.once("connect", resolve);
        socket.once("connect_error", reject);
      });
      let commands = 0;
      return {
        change: (n) =>
          new Promise((resolve) => {
            const id = `${String(socket.id)}-${String(++commands).padStart(10, "0")}`;
            const payload = { campaign_id: "cmp_01J9BENCH000000000000000001", updates: { state: { n } } };
            socket.emit("update", id, payload, () => resolve());
          }),
        close: () => socket.disconnect(),
      };
    },
    async position() {
      const reader = await SocketIoReader.open(url, () => {});
      reader.close();
      return { seq: reader.seq };
    },
    async resume(from, head) {
      const started = performance.now();
      const reader = await SocketIoReader.connect(url, () => {});
      reader.seq = from.seq;
      await reader.since(from.seq, head);
      reader.close();
      return performance.now() - started;
    },
    async snapshot(rows) {
      const started = performance.now();
      const reader = await SocketIoReader.connect(url, () => {});
      const got = await reader.snapshot();
      reader.close();
      if (got < rows) throw new Error(`The snapshot had ${got} rows`);
      return performance.now() - started;
    },
  };
}

/** Engine.IO 4 and Socket.IO 5 over a WebSocket, as much as a reader needs. */
class SocketIoReader extends Sequence implements Viewer {
  readonly #onEvent: OnEvent;
  #socket: Awaited<ReturnType<typeof openSocket>> | null = null;
  #connected: () => void = () => {};
  #acknowledged: (value: unknown) => void = () => {};
  #awaited: { seq: number; resolve: () => void } | null = null;

  private constructor(onEvent: OnEvent) {
    super(0);
    this.#onEvent = onEvent;
  }

  /** Connects without joining. */
  static async connect(url: string, onEvent: OnEvent): Promise<SocketIoReader> {
    const reader = new SocketIoReader(onEvent);
    const connected = new Promise<void>((resolve) => (reader.#connected = resolve));
    const socket = await openSocket(`${url}/socket.io/?EIO=4&transport=websocket`, [], (text, bytes) =>
      reader.#take(text, bytes),
    );
    reader.#socket = socket;
    socket.send("40");
    await connected;
    return reader;
  }

  static async open(url: string, onEvent: OnEvent): Promise<SocketIoReader> {
    const reader = await SocketIoReader.connect(url, onEvent);
    reader.seq = (await reader.#ask(JOIN_ACK, "join")) as number;
    return reader;
  }

  /** Asks for what came after `seq` and resolves when it has come as far as `head`. */
  async since(seq: number, head: number): Promise<void> {
    const arrived = new Promise<void>((resolve) => (this.#awaited = { seq: head, resolve }));
    this.#socket?.send(`42${JSON.stringify(["since", seq])}`);
    await arrived;
  }

  async snapshot(): Promise<number> {
    return ((await this.#ask(SNAPSHOT_ACK, "snapshot")) as unknown[]).length;
  }

  close(): void {
    this.#socket?.terminate();
  }

  #ask(ack: number, name: string): Promise<unknown> {
    const answered = new Promise<unknown>((resolve) => (this.#acknowledged = resolve));
    this.#socket?.send(`42${ack}${JSON.stringify([name])}`);
    return answered;
  }

  #take(text: string, bytes: number): void {
    if (text.startsWith("42")) this.#event(JSON.parse(text.slice(2)) as [string, Body], bytes);
    else if (text.startsWith("40")) this.#connected();
    else if (text.startsWith("43")) this.#acknowledged((JSON.parse(text.slice(3)) as unknown[])[0]);
    else if (text === "2") this.#socket?.send("3");
  }

  #event([name, { seq, data }]: [string, Body], bytes: number): void {
    if (name !== EVENT_TYPE) return;
    this.bytes += bytes;
    this.frames++;
    this.next(seq);
    this.#onEvent(seq, data.updates.state.n);
    if (this.#awaited && seq >= this.#awaited.seq) this.#awaited.resolve();
  }
}
