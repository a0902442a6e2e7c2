import type { Permission } from "../../core/model/access.ts";
import type { Identity } from "../../core/model/room.ts";
import type { Outcome, ReadRefused, RoomRead, Standing } from "../engine/outcome.ts";
import type { Correlation } from "../engine/ports.ts";

/** A command as an adapter hands it to a room: already parsed as JSON, not yet checked. */
export interface CommandRequest {
  readonly identity: Identity;
  /** `{type, id, payload, metadata?}`, see core/protocol/envelope.ts */
  readonly envelope: unknown;
  readonly correlation: Correlation;
}

export interface ReadRequest {
  readonly identity: Identity;
  readonly kind: string;
  /** One entity by id, external id or slug; absent: all that the reader may see. */
  readonly id?: string | undefined;
}

export interface StandingRequest {
  readonly identity: Identity;
  readonly needs: Permission;
  readonly campaign_id?: string | undefined;
}

/** A signal to everybody in the room who may see it. */
export interface SignalRequest {
  readonly identity: Identity;
  readonly name: string;
  readonly data: unknown;
}

/** A command as if sent at a time of the past. */
export interface RehearsalStep {
  /** ISO-8601 UTC. */
  readonly at: string;
  readonly identity: Identity;
  readonly envelope: unknown;
}

/** What the Worker may ask of a room object. A room that does not exist answers NOT_FOUND to all of it. */
export interface RoomRpc {
  command(request: CommandRequest): Promise<Outcome>;
  read(request: ReadRequest): Promise<RoomRead | ReadRefused>;
  standing(request: StandingRequest): Promise<Standing | ReadRefused>;
  signal(request: SignalRequest): Promise<void>;
  /** Development only. */
  rehearse(steps: readonly RehearsalStep[]): Promise<Outcome[]>;
}
