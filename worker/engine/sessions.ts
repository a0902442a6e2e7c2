import type { Admission } from "../../core/model/room.ts";
import { CLOSE_CODES } from "../../core/protocol/close-codes.ts";
import type { CloseReason } from "../../core/protocol/close-codes.ts";
import type { DownFrame } from "../../core/protocol/frames.ts";
import { MAX_UNREPORTED_BYTES } from "../../core/protocol/version.ts";
import { FrameRates } from "./frame-rates.ts";
import type { SessionState, Sink } from "./ports.ts";

/** A snapshot on its way to one session, paced by its acknowledgements. */
export interface SnapshotTransfer {
  readonly chunks: readonly string[];
  readonly seq: number;
  sent: number;
  acked: number;
}

/** One reader's connection. */
export class Session {
  readonly sink: Sink;
  admission: Admission;
  readonly rates = new FrameRates();
  #transfer: SnapshotTransfer | null = null;
  #state: SessionState;
  #sentBytes = 0;
  #reportedBytes = 0;
  /** Of snapshots that were begun anew before any chunk of them was acknowledged. */
  #abandonedBytes = 0;
  #marks: { readonly seq: number; readonly bytes: number }[] = [];

  constructor(sink: Sink, state: SessionState, admission: Admission) {
    this.sink = sink;
    this.#state = state;
    this.admission = admission;
  }

  get transfer(): SnapshotTransfer | null {
    return this.#transfer;
  }

  /** A transfer takes the place of one that its reader has not begun to acknowledge: what was sent of that is still unread. */
  set transfer(next: SnapshotTransfer | null) {
    if (this.#transfer?.acked === 0) this.#abandonedBytes += unacknowledged(this.#transfer);
    this.#transfer = next;
  }

  /** How much was sent and, as far as the room knows, not read. */
  get unreadBytes(): number {
    const travelling = this.#transfer ? unacknowledged(this.#transfer) : 0;
    return this.#sentBytes - this.#reportedBytes + this.#abandonedBytes + travelling;
  }

  /** Notes that a chunk was read, and so all that was sent before the transfer it belongs to. */
  acknowledged(): void {
    if (!this.#transfer) return;
    this.forgetUnreported();
    this.#transfer.acked++;
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Changes what is remembered across hibernation. */
  remember(change: Partial<SessionState>): void {
    this.#state = { ...this.#state, ...change };
    this.sink.remember(this.#state);
  }

  expired(now: number): boolean {
    return this.#state.expires_at !== null && this.#state.expires_at <= now;
  }

  /** Whether commits are to be sent to it now. */
  receives(now: number): boolean {
    return this.#state.live && !this.expired(now);
  }

  /** Notes that text up to `seq` went out. Returns whether too much of it is unreported. */
  sentUpTo(seq: number, bytes: number): boolean {
    this.#sentBytes += bytes;
    const last = this.#marks.at(-1);
    if (last?.seq === seq) this.#marks.pop();
    this.#marks.push({ seq, bytes: this.#sentBytes });
    return this.unreadBytes > MAX_UNREPORTED_BYTES;
  }

  /** Notes that the reader applied everything up to `seq`. */
  reported(seq: number): void {
    this.#abandonedBytes = 0;
    let upTo = 0;
    for (const mark of this.#marks) {
      if (mark.seq > seq) break;
      this.#reportedBytes = mark.bytes;
      upTo++;
    }
    this.#marks.splice(0, upTo);
  }

  /** Starts counting anew: a reader who acknowledged a snapshot has read all that was sent before it. */
  forgetUnreported(): void {
    this.#sentBytes = this.#reportedBytes = this.#abandonedBytes = 0;
    this.#marks = [];
  }
}

function unacknowledged({ chunks, sent, acked }: SnapshotTransfer): number {
  let bytes = 0;
  for (const chunk of chunks.slice(Math.min(acked, sent), sent)) bytes += chunk.length;
  return bytes;
}

/** Every open session of a room. A session leaves before its socket is closed, so that nothing is sent to it after. */
export class Sessions {
  readonly #byId = new Map<string, Session>();
  /** Undefined: to be found out again. */
  #nextExpiry: number | null | undefined = null;

  get size(): number {
    return this.#byId.size;
  }

  add(session: Session): void {
    this.#byId.set(session.sink.id, session);
    this.expiryChanged();
  }

  get(id: string): Session | undefined {
    return this.#byId.get(id);
  }

  all(): Iterable<Session> {
    return this.#byId.values();
  }

  /** Ends those whose token is over. */
  closeExpired(now: number): void {
    for (const session of this.#byId.values()) if (session.expired(now)) this.close(session, "TOKEN_EXPIRED");
  }

  drop(id: string): void {
    if (this.#byId.delete(id)) this.expiryChanged();
  }

  close(session: Session, why: CloseReason): void {
    this.drop(session.sink.id);
    const { code, reason } = CLOSE_CODES[why];
    try {
      session.sink.close(code, reason);
    } catch {
      // The peer is gone already: that is what was wanted.
    }
  }

  /** Sends a frame; a socket that fails leaves the room. */
  send(session: Session, frame: DownFrame): void {
    this.sendText(session, session.sink.codec.encode(frame));
  }

  /** Returns whether it went out. */
  sendText(session: Session, text: string): boolean {
    try {
      session.sink.send(text);
      return true;
    } catch {
      // A stalled socket stays listed by the platform and throws at every send.
      this.close(session, "UNAVAILABLE");
      return false;
    }
  }

  /** To be told when a session's token is replaced. */
  expiryChanged(): void {
    this.#nextExpiry = undefined;
  }

  /** The earliest end of a session's token, null if none ends. */
  nextExpiry(): number | null {
    if (this.#nextExpiry !== undefined) return this.#nextExpiry;
    let next: number | null = null;
    for (const { state } of this.#byId.values()) {
      if (state.expires_at !== null && (next === null || state.expires_at < next)) next = state.expires_at;
    }
    return (this.#nextExpiry = next);
  }
}
