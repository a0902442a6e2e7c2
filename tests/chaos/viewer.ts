import { canonicalJson } from "../../core/model/json.ts";
import type { RoomDefinition } from "../../core/model/room.ts";
import { shouldReconnect } from "../../core/protocol/close-codes.ts";
import type { DownFrame } from "../../core/protocol/frames.ts";
import { PROTOCOL_VERSION, SUBPROTOCOL } from "../../core/protocol/version.ts";
import { Reader, RecordingSink } from "../../worker/engine/testing/reader.ts";
import type { LoggedCommit, Seen, Stream } from "./history.ts";

const COME_BACK_MS = 200;
const POLL_MS = 20;
const ANSWER_TIMEOUT_MS = 60_000;

export interface ViewerOptions {
  readonly name: string;
  /** `ws://…/live` */
  readonly address: string;
  readonly token: string;
  readonly room: RoomDefinition;
}

/** Makes a socket, Node's own or one of the Workers runtime, and tells when it is open: in a later turn. */
export type Dial = (options: ViewerOptions, opened: () => void) => Promise<WebSocket>;

const dialDirectly: Dial = async ({ address, token }, opened) => {
  const socket = new WebSocket(address, [SUBPROTOCOL, `bearer.${token}`]);
  socket.addEventListener("open", opened);
  return socket;
};

/** Somebody who watches a room through whatever happens: comes back after each cut, resumes, and remembers all they were ever sent. */
export class Viewer {
  readonly name: string;
  readonly reader: Reader;
  /** Every commit that ever came, also those that came again. */
  readonly seen: Seen[] = [];
  /** Frames that did not follow on what was there, after which the viewer asked anew. */
  readonly repairs: string[] = [];
  /** Welcomes by what they offered, and the codes of closes. */
  readonly welcomes = { delta: 0, snapshot: 0 };
  readonly closes: number[] = [];
  /** Frames of its own that were refused or not understood. */
  complaints = 0;
  /** Whether it comes back by itself. */
  returns = true;
  readonly #options: ViewerOptions;
  readonly #dial: Dial;
  readonly #waiting = new Map<string, (answer: DownFrame) => void>();
  #socket: WebSocket | null = null;
  /** Stands for the present connection or pause: what belongs to an earlier one is no longer listened to. */
  #attempt: object = {};
  #stopped = false;

  constructor(options: ViewerOptions, dial: Dial = dialDirectly) {
    this.name = options.name;
    this.#options = options;
    this.#dial = dial;
    this.reader = new Reader(options.room, options.name, {
      sink: new RecordingSink(options.name),
      answer: (frame) => this.#send(frame),
    });
  }

  get seq(): number {
    return this.reader.position?.seq ?? -1;
  }

  get connected(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Connects, and goes on connecting until {@link stop}. */
  start(): void {
    const attempt = (this.#attempt = {});
    const current = (): boolean => this.#attempt === attempt;
    const ended = (code: number): void => void (current() && this.#ended(code));
    this.#dial(this.#options, () => current() && this.#hello()).then(
      (socket) => {
        if (!current()) return socket.close();
        this.#socket = socket;
        socket.addEventListener("message", ({ data }) => current() && this.#take(String(data)));
        socket.addEventListener("error", () => undefined);
        socket.addEventListener("close", ({ code }) => ended(code));
      },
      () => ended(0),
    );
  }

  /** Drops the connection at once, whatever the other side says to it; unless it may not return, another follows. */
  cut(): void {
    const socket = this.#socket;
    this.#ended(0);
    socket?.close();
  }

  stop(): void {
    this.#stopped = true;
    this.cut();
  }

  /** Resolves when it has everything up to `seq`. */
  async until(seq: number, timeoutMs = 60_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (this.seq < seq) {
      if (Date.now() > deadline) {
        const state = { at: this.seq, closes: this.closes.slice(-3), repairs: this.repairs.slice(-3) };
        throw new Error(`${this.name} did not reach ${seq}: ${JSON.stringify(state)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** Sends a command on the present connection and resolves its answer. */
  async command(type: string, payload: object, id: string): Promise<DownFrame> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const answered = new Promise<DownFrame>((resolve, reject) => {
      this.#waiting.set(id, resolve);
      timer = setTimeout(() => reject(new Error(`${id} was not answered`)), ANSWER_TIMEOUT_MS);
    });
    this.#send({ type: `${type}:requested`, id, payload });
    return await answered.finally(() => clearTimeout(timer));
  }

  /** Sends a text as it is. */
  sendText(text: string): void {
    this.#socket?.send(text);
  }

  /** What it applied since its last snapshot. */
  stream(sees: (commit: LoggedCommit) => readonly string[]): Stream {
    const commits = [...this.reader.stream].map(([seq, events]) => {
      const actor = this.seen.findLast((one) => one.seq === seq)?.actor ?? "";
      return { seq, actor, events: events.map((event) => canonicalJson(event)) };
    });
    return { viewer: this.name, from: this.reader.from, to: this.seq, commits, sees };
  }

  #ended(code: number): void {
    const attempt = (this.#attempt = {});
    this.#socket = null;
    this.closes.push(code);
    if (!this.returns || this.#stopped || !shouldReconnect(code)) return;
    setTimeout(() => this.#attempt === attempt && !this.#stopped && this.start(), COME_BACK_MS);
  }

  #hello(): void {
    this.reader.saidHello();
    this.#send({ type: "hello", protocol: PROTOCOL_VERSION, client_id: this.name, ...this.reader.position });
  }

  #take(text: string): void {
    this.reader.sink.inbox.push(text);
    try {
      this.reader.take();
    } catch (error) {
      this.repairs.push(String(error));
      this.#hello();
    }
    for (const frame of this.reader.frames.splice(0)) this.#remember(frame);
  }

  #remember(frame: DownFrame): void {
    if ("error" in frame) this.complaints++;
    if ("id" in frame) {
      this.#waiting.get(frame.id)?.(frame);
      this.#waiting.delete(frame.id);
    }
    if (isOf(frame, "welcome")) this.welcomes[frame.mode]++;
    if (!isOf(frame, "commits")) return;
    for (const [seq, actor, , ...events] of frame.commits)
      this.seen.push({ viewer: this.name, seq, actor, events: events.map((event) => canonicalJson(event)) });
  }

  #send(frame: object): void {
    if (this.connected) this.#socket?.send(JSON.stringify(frame));
  }
}

function isOf<T extends "welcome" | "commits">(frame: DownFrame, type: T): frame is Extract<DownFrame, { type: T }> {
  return frame.type === type;
}
