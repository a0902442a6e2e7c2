import { DurableObject } from "cloudflare:workers";
import type { RoomDefinition } from "../../core/model/room.ts";
import { workspaceToCampaigns } from "../../core/rooms/mirrors.ts";
import { admitFounder } from "../../core/rooms/workspace-room.ts";
import { CLOSE_CODES } from "../../core/protocol/close-codes.ts";
import { PING_TEXT, PONG_TEXT, SUBPROTOCOL } from "../../core/protocol/version.ts";
import { LIVE_HEADERS } from "../adapters/http/ports.ts";
import { nativeCodec } from "../adapters/native/native-codec.ts";
import { receiveNative } from "../adapters/native/native-socket.ts";
import type { Outcome, ReadRefused, RoomRead, Standing } from "../engine/outcome.ts";
import type { OutboxConsumer } from "../engine/ports.ts";
import { RoomEngine } from "../engine/room-engine.ts";
import type { EngineDeps } from "../engine/room-engine.ts";
import type { MirrorMessage, TapMessage } from "../engine/taps.ts";
import type { Env } from "../env.ts";
import { verifyBearer } from "../identity/credentials.ts";
import { HibernatingSink, rememberedSession } from "../platform/hibernating-sink.ts";
import { jsonLogger } from "../platform/json-logger.ts";
import { platformRandomness } from "../platform/randomness.ts";
import { ratesFrom } from "../platform/rates.ts";
import { SqliteStorage } from "../platform/sqlite-storage.ts";
import { parseProof } from "./live-proof.ts";
import type { CommandRequest, ReadRequest, RoomRpc, SignalRequest, StandingRequest } from "./room-rpc.ts";

export type ConsumerParts = Parameters<EngineDeps["consumers"]>[0];

/** What both kinds of room object share: one engine on this object's storage, sockets and alarm. */
export abstract class RoomObject extends DurableObject<Env> implements RoomRpc {
  protected readonly engine: RoomEngine;
  protected readonly storage: SqliteStorage;
  protected readonly workspaceId: string;
  protected readonly campaignId: string | undefined;
  readonly #busy = new WeakMap<WebSocket, Promise<void>>();

  constructor(ctx: DurableObjectState, env: Env, room: RoomDefinition) {
    super(ctx, env);
    [this.workspaceId = "", this.campaignId] = this.name.split("/");
    this.storage = new SqliteStorage(ctx.storage);
    this.engine = new RoomEngine({
      room,
      name: this.name,
      workspace_id: this.workspaceId,
      campaign_id: this.campaignId,
      storage: this.storage,
      clock: { now: () => Date.now(), after: waitFor },
      alarm: { set: (at) => void ctx.storage.setAlarm(at) },
      random: platformRandomness,
      logger: jsonLogger,
      rates: ratesFrom(env),
      access_kinds: workspaceToCampaigns.urgent,
      founder: this.campaignId ? () => null : admitFounder,
      consumers: (parts) => this.consumers(parts),
    });
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING_TEXT, PONG_TEXT));
    this.#restoreSessions();
  }

  protected get name(): string {
    if (this.ctx.id.name === undefined) throw new Error("Rooms are addressed by name only");
    return this.ctx.id.name;
  }

  /** Who follows this room's log. */
  protected abstract consumers(parts: ConsumerParts): OutboxConsumer[];

  /** Brings the room into being if it may exist; a room that nobody created stays away. */
  protected async arrive(): Promise<void> {}

  async command({ identity, envelope, correlation }: CommandRequest): Promise<Outcome> {
    await this.arrive();
    return this.engine.execute(identity, envelope, correlation);
  }

  async read({ identity, kind, id }: ReadRequest): Promise<RoomRead | ReadRefused> {
    await this.arrive();
    return this.engine.read(identity, kind, id);
  }

  async standing({ identity, needs, campaign_id }: StandingRequest): Promise<Standing | ReadRefused> {
    await this.arrive();
    return this.engine.standing(identity, needs, campaign_id);
  }

  async signal({ identity, name, data }: SignalRequest): Promise<void> {
    await this.arrive();
    if (this.engine.exists && this.engine.standing(identity, "delivery.report", this.campaignId).ok)
      this.engine.signal(name, data);
  }

  /** Takes mirrored rows from another room, if they are newer than what this one has of it. */
  async applyMirror(message: MirrorMessage): Promise<void> {
    if (!this.engine.exists) return;
    const id = `mirror:${platformRandomness.ulidFrom(message.source)}:${message.epoch}:${message.seq}`;
    const outcome = this.engine.executeAsRoom({ type: "mirror:apply:v1", payload: message }, id);
    if (!outcome.ok && outcome.refusal.code !== "NO_CHANGE")
      throw new Error(`Mirror refused: ${outcome.refusal.message}`);
  }

  async applyTap(message: TapMessage): Promise<number> {
    throw new Error(`${this.name} follows no events, yet ${message.source} sent some`);
  }

  override async fetch(request: Request): Promise<Response> {
    const proof = parseProof(request.headers.get(LIVE_HEADERS.identity));
    const { 0: client, 1: server } = new WebSocketPair();
    const answer = new Response(null, {
      status: 101,
      webSocket: client,
      headers: { "Sec-WebSocket-Protocol": SUBPROTOCOL },
    });
    await this.arrive();
    this.ctx.acceptWebSocket(server);
    if (!proof) server.close(CLOSE_CODES.UNAUTHENTICATED.code, CLOSE_CODES.UNAUTHENTICATED.reason);
    else {
      const sink = new HibernatingSink(server, nativeCodec, crypto.randomUUID());
      const state = { ...proof, client_id: null, live: false };
      const session = this.engine.accept(sink, state);
      session?.remember(state);
    }
    return answer;
  }

  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    // Only `auth` awaits; what comes after it on the same socket waits for it, in order.
    const before = this.#busy.get(socket);
    if (before) await before;
    const session = this.#sessionOf(socket);
    if (!session) return;
    const work = receiveNative(
      { engine: this.engine, verify: (token) => this.#verify(token), newCorrelationId: () => crypto.randomUUID() },
      session,
      message,
    );
    if (!work) return;
    this.#busy.set(socket, work);
    await work.finally(() => this.#busy.delete(socket));
  }

  override async webSocketClose(socket: WebSocket): Promise<void> {
    this.#leave(socket);
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    this.#leave(socket);
  }

  override async alarm(): Promise<void> {
    await this.engine.alarm();
  }

  #restoreSessions(): void {
    if (!this.engine.exists) return;
    let restored = false;
    for (const socket of this.ctx.getWebSockets()) {
      const remembered = rememberedSession(socket);
      if (remembered)
        restored =
          this.engine.accept(new HibernatingSink(socket, nativeCodec, remembered.id), remembered.state) !== null ||
          restored;
    }
    if (restored) this.engine.announceHead();
  }

  #sessionOf(socket: WebSocket): ReturnType<RoomEngine["session"]> {
    const remembered = rememberedSession(socket);
    return remembered ? this.engine.session(remembered.id) : undefined;
  }

  #leave(socket: WebSocket): void {
    const remembered = rememberedSession(socket);
    if (remembered) this.engine.drop(remembered.id);
  }

  async #verify(token: string): Promise<ReturnType<typeof parseProof>> {
    const credentials = await verifyBearer(token, this.env);
    if (!credentials || (credentials.workspace_id && credentials.workspace_id !== this.workspaceId)) return null;
    return { identity: credentials.identity, expires_at: credentials.expires_at };
  }
}

function waitFor(ms: number, work: () => void): () => void {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
}
