import type { z } from "zod";
import type { Grants, Permission } from "../../../core/model/access.ts";
import type { LocationHint } from "../../../core/model/placement.ts";
import type { Identity, RoomDefinition } from "../../../core/model/room.ts";
import type { Outcome, ReadRefused, RoomRead, Standing } from "../../engine/outcome.ts";
import type { Correlation } from "../../engine/ports.ts";

/** The two kinds of room, from whose registries every route is derived. */
export interface Rooms {
  readonly workspace: RoomDefinition;
  readonly campaign: RoomDefinition;
}

/** Who a bearer credential proved somebody to be. */
export interface Verified {
  readonly identity: Identity;
  /** Milliseconds since 1970; null for an API key. */
  readonly expires_at: number | null;
  /** The only workspace the credential is good for; null: any that admits its holder. */
  readonly workspace_id: string | null;
}

/** One room, wherever it runs. A room that nobody created answers NOT_FOUND to everything. */
export interface RoomPort {
  command(request: { identity: Identity; envelope: unknown; correlation: Correlation }): Promise<Outcome>;
  read(request: { identity: Identity; kind: string; id?: string | undefined }): Promise<RoomRead | ReadRefused>;
  standing(request: {
    identity: Identity;
    needs: Permission;
    campaign_id?: string | undefined;
  }): Promise<Standing | ReadRefused>;
  /** Passes on a WebSocket upgrade, with {@link LIVE_HEADERS} set. */
  live(request: Request): Promise<Response>;
}

/** Headers that only the Worker sets, on an upgrade it passes to a room. A client's own are dropped. */
export const LIVE_HEADERS = {
  /** JSON `{identity, expires_at}`, percent-encoded. */
  identity: "x-flightdeck-identity",
  /** `{workspace}` or `{workspace}/{campaign}`. */
  room: "x-flightdeck-room",
} as const;

/** Where the caller of a query stands, as the room says. */
export interface QueryCaller {
  readonly grants: Grants;
  readonly workspace_id: string;
}

/** A read that is answered by D1: `GET …/{name}`. Its answer says `as_of`. */
export interface Query {
  /** Plural and snake_case, as in the address. */
  readonly name: string;
  readonly about: string;
  readonly needs: Permission;
  /** The query parameters, whose values arrive as text. With a `campaign_id` it is also offered below each campaign. */
  readonly query: z.ZodType;
  readonly answer: z.ZodType;
  /** Checks the parameters and answers. */
  run(caller: QueryCaller, query: Readonly<Record<string, string>>): Promise<ReadAnswer>;
}

/** An upload: its body is read as it comes. `run` holds it to `max_bytes`, and reads it to its end or leaves it. */
export interface Upload {
  /** Below the campaign: `delivery/import`. */
  readonly path: string;
  readonly about: string;
  readonly needs: Permission;
  readonly content_type: string;
  readonly max_bytes: number;
  /** The query parameters, whose values arrive as text. */
  readonly query: z.ZodType;
  readonly status: 200 | 202;
  /** Whether it changes anything, so that it needs an Idempotency-Key. */
  readonly mutates: boolean;
  run(upload: UploadRequest): Promise<ReadAnswer>;
}

export interface UploadRequest {
  readonly identity: Identity;
  readonly workspace_id: string;
  readonly campaign_id: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: ReadableStream<Uint8Array>;
  /** Its length, if the sender says it. */
  readonly total_bytes?: number;
  /** Empty for an upload that changes nothing. */
  readonly key: string;
  readonly correlation: Correlation;
}

/** What a query or an upload answers. */
export type ReadAnswer = { readonly ok: true; readonly answer: unknown } | ReadRefused;

/** The demo of a development deployment. */
export interface DemoPort {
  readonly people: readonly string[];
  /** The sign-in without a password. */
  signIn(person: string): Promise<unknown>;
  /** Fills the demo workspaces, once. */
  seed(): Promise<unknown>;
}

/** What the HTTP adapter runs on. */
export interface HttpPorts {
  /** Origins besides our own that browsers may call from. */
  readonly allowed_origins: readonly string[];
  /** Null if the credential is not valid. */
  verify(bearer: string): Promise<Verified | null>;
  /** `hint` says where the room is to be if it is reached for the first time. */
  workspace(workspaceId: string, hint?: LocationHint): RoomPort;
  campaign(workspaceId: string, campaignId: string): RoomPort;
  /** The workspaces of an identity. */
  me(verified: Verified): Promise<unknown>;
  /** A ULID that is always the same for the same seed. */
  ulidFrom(seed: string): string;
  /** The Durable Object location hint nearest to the request, if known. */
  nearest(request: Request): LocationHint | undefined;
  /** Null unless this is a development deployment. */
  readonly demo: DemoPort | null;
  /** Whether the read model answers. */
  ready(): Promise<boolean>;
  /** Whether an error is of the moment (an object that restarts, a database that is locked), so that a retry can help. */
  isTemporary(error: unknown): boolean;
  log(level: "info" | "warn" | "error", message: string, facts: Readonly<Record<string, unknown>>): void;
}

/** Everything the routes are made from, once. */
export interface HttpSurface {
  readonly rooms: Rooms;
  readonly queries: readonly Query[];
  readonly uploads: readonly Upload[];
}

/** What a request carries through the handlers. */
export interface HttpVariables {
  ports: HttpPorts;
  correlation_id: string;
  verified: Verified;
}

/** Hono's environment for every route of the adapter. */
export interface Http {
  Variables: HttpVariables;
}
