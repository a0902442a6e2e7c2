import type { OpenSocket, Socket, SocketEvents } from "../socket.ts";
import type { FakeRoom, Person } from "./fake-room.ts";
import { FakeSession } from "./fake-session.ts";
import type { Random } from "./random.ts";

/** How bad the line is: probabilities per frame, and the longest delay in milliseconds. */
export interface Faults {
  delayMs: number;
  drop: number;
  duplicate: number;
  truncate: number;
  cut: number;
}

export const PERFECT: Faults = { delayMs: 0, drop: 0, duplicate: 0, truncate: 0, cut: 0 };

/** One client's line to a room: a socket that reconnects, and everything that can happen to what travels on it. */
export class FakeLine {
  readonly sent: string[] = [];
  session: FakeSession | null = null;
  faults: Faults = { ...PERFECT };
  coalesceMs = 0;
  reachable = true;
  connections = 0;
  readonly #room: FakeRoom;
  readonly #person: Person;
  readonly #random: Random;
  #events: SocketEvents | null = null;
  /** Frames of one direction never overtake each other. */
  #downAt = 0;
  #upAt = 0;

  constructor(options: { room: FakeRoom; person: Person; random: Random }) {
    this.#room = options.room;
    this.#person = options.person;
    this.#random = options.random;
  }

  readonly open: OpenSocket = (events): Socket => {
    this.#events = events;
    this.#connect();
    return {
      send: (text) => this.#up(text),
      reconnect: () => {
        this.#disconnect(1000);
        this.#connect();
      },
      close: () => {
        this.session?.close();
        this.session = null;
        this.#events = null;
      },
    };
  };

  /** Ends the connection; unless the code is final another is made. */
  cut(code = 1006, reason = ""): void {
    this.#disconnect(code, reason);
    if (code < 4500) this.#connect();
  }

  /** Delivers a text as if the room had sent it. */
  inject(text: string): void {
    this.#events?.message(text);
  }

  #connect(): void {
    this.#room.clock.after(50 + this.#random.below(this.faults.delayMs + 1), () => {
      if (!this.#events || this.session) return;
      if (!this.reachable) return this.#connect();
      this.connections += 1;
      const session: FakeSession = new FakeSession(this.#room, this.#person, (text) => this.#down(session, text));
      session.coalesceMs = this.coalesceMs;
      this.session = session;
      this.#events.open();
    });
  }

  #disconnect(code: number, reason = ""): void {
    if (!this.session) return;
    this.session.close();
    this.session = null;
    this.#events?.close(code, reason);
  }

  #up(text: string): boolean {
    const session = this.session;
    if (!session) return false;
    this.sent.push(text);
    this.#upAt = Math.max(this.#room.clock.now() + this.#random.below(this.faults.delayMs + 1), this.#upAt);
    if (this.faults.delayMs === 0) session.receive(text);
    else
      this.#room.clock.after(
        this.#upAt - this.#room.clock.now(),
        () => this.session === session && session.receive(text),
      );
    if (this.#random.chance(this.faults.cut)) this.cut();
    return true;
  }

  #down(session: FakeSession, text: string): void {
    const { delayMs, drop, duplicate, truncate, cut } = this.faults;
    if (this.#random.chance(drop)) return;
    const whole = this.#random.chance(truncate) ? text.slice(0, this.#random.below(text.length)) : text;
    const times = this.#random.chance(duplicate) ? 2 : 1;
    this.#downAt = Math.max(this.#room.clock.now() + this.#random.below(delayMs + 1), this.#downAt);
    for (let i = 0; i < times; i++) {
      if (delayMs === 0) this.#events?.message(whole);
      else
        this.#room.clock.after(
          this.#downAt - this.#room.clock.now(),
          () => this.session === session && this.#events?.message(whole),
        );
    }
    if (this.#random.chance(cut)) this.#room.clock.after(1, () => this.session === session && this.cut());
  }
}
