import { z } from "zod";
import type { Codec, SessionState, Sink } from "../engine/ports.ts";

const Attachment = z.strictObject({
  sink_id: z.string(),
  state: z.strictObject({
    identity: z.strictObject({
      kind: z.enum(["user", "api_key", "system"]),
      subject: z.string(),
      session_id: z.string().nullable(),
    }),
    client_id: z.string().nullable(),
    expires_at: z.number().nullable(),
    live: z.boolean(),
  }),
});

/** A hibernatable WebSocket as an engine's sink. Its session lives in the socket's attachment. */
export class HibernatingSink implements Sink {
  readonly id: string;
  readonly codec: Codec;
  readonly #socket: WebSocket;
  #accepted: boolean;

  /** `accepted` is false for a new connection, until {@link accept}. */
  constructor(socket: WebSocket, codec: Codec, options: { id: string; accepted: boolean }) {
    this.#socket = socket;
    this.codec = codec;
    this.id = options.id;
    this.#accepted = options.accepted;
  }

  /** Takes the connection as one that lets the object hibernate. */
  accept(ctx: DurableObjectState): void {
    ctx.acceptWebSocket(this.#socket);
    this.#accepted = true;
  }

  send(text: string): void {
    this.#socket.send(text);
  }

  close(code: number, reason: string): void {
    // A refused connection is taken the plain way: a hibernatable one that is closed in the turn that accepts it
    // is told only when the object falls asleep, some 10 s later (seen with workerd 1.20260918).
    if (!this.#accepted) this.#socket.accept();
    this.#socket.close(code, reason);
  }

  remember(state: SessionState): void {
    this.#socket.serializeAttachment({ sink_id: this.id, state });
  }
}

/** What a socket remembered, null for one that was never accepted as a session. */
export function rememberedSession(socket: WebSocket): { id: string; state: SessionState } | null {
  const parsed = Attachment.safeParse(socket.deserializeAttachment());
  return parsed.success ? { id: parsed.data.sink_id, state: parsed.data.state } : null;
}
