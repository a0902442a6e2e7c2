import { CLOSE_CODES } from "../../core/protocol/close-codes.ts";
import { PING_TEXT, PONG_TEXT, SUBPROTOCOL } from "../../core/protocol/version.ts";
import { nativeCodec } from "../adapters/native/native-codec.ts";
import { receiveNative } from "../adapters/native/native-socket.ts";
import type { Proof } from "../adapters/native/native-socket.ts";
import type { RoomEngine } from "../engine/room-engine.ts";
import type { Session } from "../engine/sessions.ts";
import { jsonLogger } from "../platform/json-logger.ts";
import { HibernatingSink, rememberedSession } from "../platform/hibernating-sink.ts";

interface RoomSocketsDeps {
  readonly ctx: DurableObjectState;
  readonly engine: RoomEngine;
  verify(token: string): Promise<Proof | null>;
}

/** The hibernatable sockets of one room, each a session of its engine. */
export class RoomSockets {
  readonly #deps: RoomSocketsDeps;
  readonly #busy = new WeakMap<WebSocket, Promise<void>>();
  /** What a socket's attachment says of its session, so that it is not parsed at every frame. */
  readonly #sessionIds = new WeakMap<WebSocket, string>();

  constructor(deps: RoomSocketsDeps) {
    this.#deps = deps;
    deps.ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING_TEXT, PONG_TEXT));
    this.#restore();
  }

  /** Answers an upgrade. Who proves nothing, or is nobody here, gets an accepted socket that closes with the reason. */
  accept(proof: Proof | null): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    const sink = new HibernatingSink(server, nativeCodec, { id: crypto.randomUUID(), accepted: false });
    if (!proof) sink.close(CLOSE_CODES.UNAUTHENTICATED.code, CLOSE_CODES.UNAUTHENTICATED.reason);
    else {
      const state = { ...proof, client_id: null, live: false };
      const session = this.#deps.engine.accept(sink, state);
      if (session) {
        sink.accept(this.#deps.ctx);
        session.remember(state);
      }
    }
    return new Response(null, { status: 101, webSocket: client, headers: { "Sec-WebSocket-Protocol": SUBPROTOCOL } });
  }

  /** One frame. Only `auth` awaits; what comes after it on the same socket waits for it, in order. */
  async message(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    const before = this.#busy.get(socket);
    const work = before ? before.then(() => this.#take(socket, message) ?? undefined) : this.#take(socket, message);
    if (!work) return;
    // The chain never rejects: a failed `auth` must not swallow the frames behind it.
    const settled = work.catch((error: unknown) => {
      jsonLogger.log("error", "frame failed", { room: this.#deps.ctx.id.name, error: String(error) });
    });
    this.#busy.set(socket, settled);
    await settled;
    if (this.#busy.get(socket) === settled) this.#busy.delete(socket);
  }

  #take(socket: WebSocket, message: string | ArrayBuffer): Promise<void> | null {
    const session = this.#sessionOf(socket);
    if (!session) return null;
    const { engine, verify } = this.#deps;
    return receiveNative(
      { engine, verify, newCorrelationId: () => crypto.randomUUID(), now: Date.now },
      session,
      message,
    );
  }

  /** The other side closed. It is answered, since workerd leaves that to us here: unanswered, it waits 10 s and gets a 1006. */
  left(socket: WebSocket, code: number): void {
    this.leave(socket);
    try {
      // 1005 and 1006 stand for a close without a code and may not be sent.
      socket.close(code === 1005 || code === 1006 ? 1000 : code);
    } catch {
      // It is closed already.
    }
  }

  /** The connection ended. */
  leave(socket: WebSocket): void {
    const remembered = rememberedSession(socket);
    if (remembered) this.#deps.engine.drop(remembered.id);
  }

  /** After a wake: the sockets stayed, the sessions are made again from what they remember. */
  #restore(): void {
    const { ctx, engine } = this.#deps;
    if (!engine.exists) return;
    let restored = 0;
    for (const socket of ctx.getWebSockets()) {
      const remembered = rememberedSession(socket);
      if (!remembered) continue;
      const sink = new HibernatingSink(socket, nativeCodec, { id: remembered.id, accepted: true });
      if (engine.accept(sink, remembered.state)) restored++;
    }
    if (restored > 0) engine.announceHead();
    jsonLogger.log("info", "room woke", { room: ctx.id.name, sessions: restored });
  }

  #sessionOf(socket: WebSocket): Session | undefined {
    const id = this.#sessionIds.get(socket) ?? rememberedSession(socket)?.id;
    if (id === undefined) return undefined;
    this.#sessionIds.set(socket, id);
    return this.#deps.engine.session(id);
  }
}
