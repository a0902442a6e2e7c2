import type WebSocket from "ws";
import type { DownFrame, Position } from "../../../core/protocol/frames.ts";
import { PROTOCOL_VERSION } from "../../../core/protocol/version.ts";
import { EVENT_TYPE } from "../peer-schema.ts";
import type { Change } from "../peer-schema.ts";
import { Sequence } from "./raw-socket.ts";
import type { OnText } from "./raw-socket.ts";
import type { OnEvent, Viewer } from "./target.ts";

type Frame<T extends string> = Extract<DownFrame, { type: T }>;
type ReaderFrame = Frame<"welcome"> | Frame<"snapshot"> | Frame<"commits"> | Frame<"access">;

/** Below what the room lets go unreported; the app's own client reports as often. */
const REPORT_BYTES = 256 * 1024;

/** A reader of Flightdeck's native protocol, with its acknowledgements of chunks and its reports. */
export class FlightdeckReader extends Sequence implements Viewer {
  position: Position;
  recovered = false;
  rows = 0;
  readonly #onEvent: OnEvent;
  #socket: WebSocket | null = null;
  #welcomed: Position | null = null;
  #unreported = 0;
  #ready: () => void = () => {};
  #failed: (error: Error) => void = () => {};

  private constructor(from: Partial<Position>, onEvent: OnEvent) {
    super(from.seq ?? -1);
    this.position = { epoch: 1, seq: -1, tip: "", ...from };
    this.#onEvent = onEvent;
  }

  /** Connects, says hello with the position it has, if any, and resolves when it has everything that the welcome names. */
  static async open(
    connect: (onText: OnText) => Promise<WebSocket>,
    from: Partial<Position>,
    onEvent: OnEvent,
  ): Promise<FlightdeckReader> {
    const reader = new FlightdeckReader(from, onEvent);
    const ready = new Promise<void>((resolve, reject) => {
      reader.#ready = resolve;
      reader.#failed = reject;
    });
    const socket = await connect((text, bytes) => reader.#take(text, bytes));
    reader.#socket = socket;
    socket.on("close", (code, reason) =>
      reader.#failed(new Error(`Reader closed: ${code} ${reason.toString("utf8")}`)),
    );
    reader.#send({ type: "hello", protocol: PROTOCOL_VERSION, client_id: "bench", ...from });
    await ready;
    return reader;
  }

  close(): void {
    this.#socket?.terminate();
  }

  #take(text: string, bytes: number): void {
    const frame = JSON.parse(text) as ReaderFrame;
    if (frame.type === "commits") this.#commits(frame, bytes);
    else if (frame.type === "snapshot") this.#snapshot(frame);
    else if (frame.type === "welcome") {
      this.#welcomed = frame;
      this.recovered = frame.recovered;
    }
    if (this.#welcomed && this.seq >= this.#welcomed.seq) this.#ready();
  }

  #commits({ epoch, to, tip, commits }: Frame<"commits">, bytes: number): void {
    this.bytes += bytes;
    this.frames++;
    for (const [seq, , , ...events] of commits) {
      this.next(seq);
      for (const [type, data] of events) {
        // Only changes are sent, and this is their one type.
        if (type === EVENT_TYPE) this.#onEvent(seq, (data as Change).updates.state.n);
      }
    }
    this.seq = to;
    this.position = { epoch, seq: to, tip };
    this.#unreported += bytes;
    if (this.#unreported < REPORT_BYTES) return;
    this.#unreported = 0;
    this.#send({ type: "applied", seq: to });
  }

  #snapshot({ epoch, seq, tip, chunk, chunks, rows }: Frame<"snapshot">): void {
    this.rows += rows.length;
    this.#send({ type: "snapshot_ack", chunk });
    if (chunk < chunks - 1) return;
    this.seq = seq;
    this.position = { epoch, seq, tip };
  }

  #send(frame: object): void {
    this.#socket?.send(JSON.stringify(frame));
  }
}
