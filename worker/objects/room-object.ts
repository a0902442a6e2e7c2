import { DurableObject } from "cloudflare:workers";
import type { RoomDefinition } from "../../core/model/room.ts";
import { workspaceToCampaigns } from "../../core/rooms/mirrors.ts";
import { admitFounder } from "../../core/rooms/workspace-room.ts";
import { LIVE_HEADERS } from "../adapters/http/ports.ts";
import type { Proof } from "../adapters/native/native-socket.ts";
import type { Outcome, ReadRefused, RoomRead, Standing } from "../engine/outcome.ts";
import type { OutboxConsumer } from "../engine/ports.ts";
import type { EngineDeps } from "../engine/engine-deps.ts";
import { RoomEngine } from "../engine/room-engine.ts";
import type { MirrorMessage, TapMessage } from "../engine/taps.ts";
import type { Env } from "../env.ts";
import { verifyBearer } from "../identity/credentials.ts";
import { durableAlarm } from "../platform/durable-alarm.ts";
import { jsonLogger } from "../platform/json-logger.ts";
import { platformRandomness } from "../platform/randomness.ts";
import { roomSettings } from "../platform/room-settings.ts";
import { SqliteStorage } from "../platform/sqlite-storage.ts";
import { waitFor } from "../platform/wait-for.ts";
import { parseProof } from "./live-proof.ts";
import type { RoomPeerRpc } from "./room-peers.ts";
import type {
  CommandRequest,
  ReadRequest,
  RehearsalStep,
  RoomRpc,
  SignalRequest,
  StandingRequest,
} from "./room-rpc.ts";
import { RoomSockets } from "./room-sockets.ts";

export type ConsumerParts = Parameters<EngineDeps["consumers"]>[0];

/** What both kinds of room object share: one engine on this object's storage, sockets and alarm. */
export abstract class RoomObject extends DurableObject<Env> implements RoomRpc {
  protected readonly engine: RoomEngine;
  protected readonly storage: SqliteStorage;
  protected readonly workspaceId: string;
  protected readonly campaignId: string | undefined;
  readonly #sockets: RoomSockets;
  /** The time of the step being rehearsed, in milliseconds since 1970. */
  #rehearsedAt: number | null = null;

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
      clock: { now: () => this.#rehearsedAt ?? Date.now(), after: waitFor },
      alarm: durableAlarm(ctx.storage, this.storage.rows),
      random: platformRandomness,
      logger: jsonLogger,
      ...roomSettings(env),
      access_kinds: workspaceToCampaigns.urgent,
      founder: this.campaignId ? () => null : admitFounder,
      consumers: (parts) => this.consumers(parts),
    });
    this.#sockets = new RoomSockets({ ctx, engine: this.engine, verify: (token) => this.#verify(token) });
  }

  protected get name(): string {
    return this.ctx.id.name ?? "";
  }
  /** Who follows this room's log. */
  protected abstract consumers(parts: ConsumerParts): OutboxConsumer[];

  /** Brings the room into being if it may exist. */
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
    if (this.engine.standing(identity, "delivery.report").ok) this.engine.signal(name, data);
  }

  /** Carries out commands as if at other times: how the demo gets its past. Development only. */
  async rehearse(steps: readonly RehearsalStep[]): Promise<Outcome[]> {
    if (this.env.ENVIRONMENT !== "development") throw new Error("Only a development deployment rehearses");
    await this.arrive();
    return steps.map(({ at, identity, envelope }) => {
      this.#rehearsedAt = Date.parse(at);
      try {
        return this.engine.execute(identity, envelope, { id: "demo", via: "demo" });
      } finally {
        this.#rehearsedAt = null;
      }
    });
  }

  /** Takes mirrored rows from another room, if newer than what is here; resolves why not. One being born throws, and the sender tries again. */
  async applyMirror(message: MirrorMessage): ReturnType<RoomPeerRpc["applyMirror"]> {
    await this.arrive();
    if (!this.engine.exists) throw new Error(`The room ${this.name} does not exist`);
    const id = `mirror:${platformRandomness.ulidFrom(message.source)}:${message.epoch}:${message.seq}`;
    const outcome = this.engine.executeAsRoom({ type: "mirror:apply:v1", payload: message }, id);
    return outcome.ok || outcome.refusal.code === "NO_CHANGE" ? null : outcome.refusal;
  }

  /** Rooms follow each other by mirrors; events are for gateways. */
  async applyTap(message: TapMessage): Promise<number> {
    throw new Error(`${this.name} follows no events, yet ${message.source} sent some`);
  }

  override async fetch(request: Request): Promise<Response> {
    await this.arrive();
    return this.#sockets.accept(parseProof(request.headers.get(LIVE_HEADERS.identity)));
  }

  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    await this.#sockets.message(socket, message);
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    this.#sockets.left(socket, code);
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    this.#sockets.leave(socket);
  }

  override async alarm(): Promise<void> {
    await this.engine.alarm();
  }

  async #verify(token: string): Promise<Proof | null> {
    const credentials = await verifyBearer(token, this.env);
    if (!credentials || (credentials.workspace_id && credentials.workspace_id !== this.workspaceId)) return null;
    return { identity: credentials.identity, expires_at: credentials.expires_at };
  }
}
