import { shouldReconnect } from "../../core/protocol/close-codes.ts";
import { DownFrame } from "../../core/protocol/frames.ts";
import type { ControlFrame, Position, Welcome } from "../../core/protocol/frames.ts";
import { PONG_TEXT, PROTOCOL_VERSION } from "../../core/protocol/version.ts";
import type { Clock } from "./clock.ts";
import { KeepAlive } from "./keep-alive.ts";
import type { OpenSocket, Socket } from "./socket.ts";

const WELCOME_TIMEOUT_MS = 15_000;
/** A repair that follows the last within this time is a further try of the same one. */
const REPAIR_WINDOW_MS = 10_000;

interface LinkEvents {
  /** The client is live from here on: commands may be sent. */
  welcome(frame: Welcome): void;
  frame(frame: DownFrame, length: number): void;
  /** The connection is gone; another follows unless `final`. */
  closed(end: { code: number; reason: string; final: boolean }): void;
  /** Something was wrong with what the room sent; it is being repaired. */
  repairing(problem: unknown): void;
}

interface LinkOptions {
  readonly openSocket: OpenSocket;
  readonly clock: Clock;
  readonly clientId: string;
  /** What the client holds, sent with each hello. */
  position(): Position | null;
  readonly events: LinkEvents;
}

/** One conversation with a room across as many connections as it takes: hello, welcome, keep-alive, repair. */
export class Link {
  readonly #options: LinkOptions;
  readonly #keepAlive: KeepAlive;
  #socket: Socket | null = null;
  #ready = false;
  #helloAt = 0;
  #cancelWelcome: () => void = () => undefined;
  #cancelRepair: (() => void) | null = null;
  #repairs = 0;
  #repairedAt = Number.NEGATIVE_INFINITY;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#keepAlive = new KeepAlive({
      clock: options.clock,
      ping: (text) => this.#socket?.send(text),
      lost: () => this.#socket?.reconnect(),
    });
  }

  /** Whether the room has welcomed this connection: it takes commands, and its commits follow on from the client's position. */
  get ready(): boolean {
    return this.#ready;
  }

  /** When the last hello was sent (milliseconds since 1970). */
  get helloAt(): number {
    return this.#helloAt;
  }

  start(): void {
    this.#socket ??= this.#options.openSocket({
      open: () => this.#opened(),
      message: (text) => this.#message(text),
      close: (code, reason) => this.#closed(code, reason),
    });
  }

  stop(): void {
    this.#rest();
    this.#socket?.close();
    this.#socket = null;
  }

  sendText(text: string): boolean {
    return this.#socket?.send(text) ?? false;
  }

  send(frame: ControlFrame): void {
    this.sendText(JSON.stringify(frame));
  }

  /** Connects anew without waiting: the network is back. */
  reconnect(): void {
    this.#socket?.reconnect();
  }

  /** Finds out whether the connection still lives. */
  probe(): void {
    if (this.#ready) this.#keepAlive.probe();
  }

  /**
   * Starts over from the client's own position, on the same connection. What fails again is replaced by a snapshot,
   * and what fails even then is tried again after a while: a mistake of ours must not become a storm.
   */
  repair(problem: unknown): void {
    this.#options.events.repairing(problem);
    if (this.#ready) this.#startOver(false);
  }

  /** Asks for a snapshot: the client's position is of no use. */
  restart(problem: unknown): void {
    this.#options.events.repairing(problem);
    this.#startOver(true);
  }

  #startOver(fromNothing: boolean): void {
    if (this.#cancelRepair) return;
    const now = this.#options.clock.now();
    this.#repairs = now - this.#repairedAt > REPAIR_WINDOW_MS ? 1 : this.#repairs + 1;
    this.#repairedAt = now;
    if (this.#repairs <= 2) return this.#hello(fromNothing || this.#repairs === 2);
    this.#ready = false;
    this.#cancelRepair = this.#options.clock.after(REPAIR_WINDOW_MS, () => {
      this.#cancelRepair = null;
      this.#hello(true);
    });
  }

  #opened(): void {
    this.#rest();
    this.#keepAlive.start();
    this.#hello(false);
  }

  #hello(fromNothing: boolean): void {
    this.#ready = false;
    this.#helloAt = this.#options.clock.now();
    this.#cancelWelcome();
    this.#cancelWelcome = this.#options.clock.after(WELCOME_TIMEOUT_MS, () => this.#socket?.reconnect());
    const position = fromNothing ? null : this.#options.position();
    this.send({ type: "hello", protocol: PROTOCOL_VERSION, client_id: this.#options.clientId, ...position });
  }

  #message(text: string): void {
    this.#keepAlive.heard();
    if (text === PONG_TEXT) return;
    const frame = parseFrame(text);
    if (frame instanceof Error) return this.repair(frame);
    if (!("id" in frame) && frame.type === "welcome") {
      this.#cancelWelcome();
      this.#ready = true;
      this.#options.events.welcome(frame);
    } else this.#options.events.frame(frame, text.length);
  }

  #closed(code: number, reason: string): void {
    this.#rest();
    this.#options.events.closed({ code, reason, final: !shouldReconnect(code) });
  }

  #rest(): void {
    this.#ready = false;
    this.#keepAlive.stop();
    this.#cancelWelcome();
    this.#cancelRepair?.();
    this.#cancelRepair = null;
  }
}

function parseFrame(text: string): DownFrame | Error {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return new Error("A frame is not JSON");
  }
  const parsed = DownFrame.safeParse(value);
  return parsed.success ? parsed.data : new Error(`A frame does not fit its schema: ${parsed.error.message}`);
}
