import type { Commits, DownFrame, Position, WireCommit } from "../../../core/protocol/frames.ts";
import { DownFrame as DownFrameSchema } from "../../../core/protocol/frames.ts";
import { PROTOCOL_VERSION, SUBPROTOCOL } from "../../../core/protocol/version.ts";

type FrameOf<T extends string> = Extract<DownFrame, { type: T }>;

interface Waiter {
  readonly test: (frame: DownFrame) => boolean;
  readonly resolve: (frame: DownFrame) => void;
}

const TIMEOUT_MS = 20_000;

/** A bare client of the native protocol: it keeps every frame it got, in order, and repairs nothing. */
export class RoomSocket {
  readonly frames: DownFrame[] = [];
  readonly commits: WireCommit[] = [];
  position: Position | null = null;
  closed: { code: number; reason: string } | null = null;
  readonly #socket: WebSocket;
  readonly #waiters = new Set<Waiter>();
  #onClosed: (() => void)[] = [];

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", (event) => this.#take(String(event.data)));
    socket.addEventListener("close", ({ code, reason }) => {
      this.closed = { code, reason };
      for (const done of this.#onClosed) done();
    });
  }

  /** Connects to `path` (`/v1/workspaces/{ws}/live` …). Resolves once the socket is open. */
  static async open(url: string, path: string, token: string): Promise<RoomSocket> {
    const socket = new WebSocket(url.replace(/^http/, "ws") + path, [SUBPROTOCOL, `bearer.${token}`]);
    const room = new RoomSocket(socket);
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener("open", () => resolve());
      socket.addEventListener("error", () => reject(new Error(`No socket at ${path}`)));
    });
    return room;
  }

  send(frame: object): void {
    this.#socket.send(JSON.stringify(frame));
  }

  sendText(text: string): void {
    this.#socket.send(text);
  }

  sendBytes(bytes: Uint8Array<ArrayBuffer>): void {
    this.#socket.send(bytes);
  }

  /** Says hello, naming a position if it has one, takes a snapshot if one is sent, and resolves when it has the head. */
  async hello(from: Position | null = null): Promise<FrameOf<"welcome">> {
    const welcomed = this.next((frame): frame is FrameOf<"welcome"> => frame.type === "welcome");
    this.send({ type: "hello", protocol: PROTOCOL_VERSION, client_id: "test-client", ...from });
    const welcome = await welcomed;
    if (from && welcome.recovered) this.position ??= from;
    await this.until(() => (this.position?.seq ?? -1) >= welcome.seq);
    return welcome;
  }

  /** Sends a command and resolves its answer. */
  async command(type: string, payload: object, options: { id?: string; metadata?: object } = {}): Promise<DownFrame> {
    const id = options.id ?? crypto.randomUUID();
    const answered = this.next((frame): frame is DownFrame => "id" in frame && frame.id === id);
    this.send({ type: `${type}:requested`, id, payload, ...(options.metadata && { metadata: options.metadata }) });
    return answered;
  }

  /** The next frame that passes. */
  next<F extends DownFrame>(test: (frame: DownFrame) => frame is F): Promise<F> {
    return this.#within(
      new Promise((resolve) => this.#waiters.add({ test, resolve: resolve as (frame: DownFrame) => void })),
      "a frame",
    );
  }

  /** Resolves when `done` holds, asked again at each frame. */
  async until(done: () => boolean): Promise<void> {
    while (!done()) await this.next((frame): frame is DownFrame => frame !== null);
  }

  /** Resolves when the other side has closed the socket. */
  async untilClosed(): Promise<{ code: number; reason: string }> {
    if (!this.closed) await this.#within(new Promise<void>((resolve) => this.#onClosed.push(resolve)), "the close");
    return this.closed ?? { code: 0, reason: "" };
  }

  close(): void {
    this.#socket.close(1000);
  }

  #take(text: string): void {
    const frame = DownFrameSchema.parse(JSON.parse(text));
    this.frames.push(frame);
    if (isCommits(frame)) {
      this.commits.push(...frame.commits);
      this.position = { epoch: frame.epoch, seq: frame.to, tip: frame.tip };
    } else if (isSnapshot(frame)) {
      this.send({ type: "snapshot_ack", chunk: frame.chunk });
      if (frame.chunk === frame.chunks - 1) this.position = { epoch: frame.epoch, seq: frame.seq, tip: frame.tip };
    }
    for (const waiter of [...this.#waiters]) {
      if (!waiter.test(frame)) continue;
      this.#waiters.delete(waiter);
      waiter.resolve(frame);
    }
  }

  async #within<T>(work: Promise<T>, what: string): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const state = JSON.stringify({ closed: this.closed, frames: this.frames.length, last: this.frames.at(-1) });
        reject(new Error(`${what} did not come within ${TIMEOUT_MS} ms: ${state.slice(0, 500)}`));
      }, TIMEOUT_MS);
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function isCommits(frame: DownFrame): frame is Commits {
  return frame.type === "commits";
}

function isSnapshot(frame: DownFrame): frame is FrameOf<"snapshot"> {
  return frame.type === "snapshot";
}
