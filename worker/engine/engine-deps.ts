import type { Admission, Identity, RoomDefinition } from "../../core/model/room.ts";
import type { ReadTx } from "../../core/model/transaction.ts";
import type { Rate } from "./command-rates.ts";
import type { CommitLog } from "./commit-log.ts";
import type { Alarm, Clock, Logger, OutboxConsumer, Randomness, RoomStorage, Tap } from "./ports.ts";

/** What a room engine is made of. Everything outside is a port, so that it runs with fakes and a fake clock. */
export interface EngineDeps {
  readonly room: RoomDefinition;
  /** `{workspace_id}` or `{workspace_id}/{campaign_id}` */
  readonly name: string;
  readonly workspace_id: string;
  readonly campaign_id: string | undefined;
  readonly storage: RoomStorage;
  readonly clock: Clock;
  readonly alarm: Alarm;
  readonly random: Randomness;
  readonly logger: Logger;
  readonly rates: { readonly person: Rate; readonly api_key: Rate };
  /** Rooms whose epoch is lower start anew at this one: raised by the operator after a restore, which rewinds epochs too. */
  readonly epoch: number;
  /** History older than this, in milliseconds, is pruned; never less than a week. */
  readonly history_ms: number;
  /** Kinds of entities that decide who may do what; a change re-checks every session. */
  readonly access_kinds: ReadonlySet<string>;
  /** Who an identity is in a room that is about to be created by them. */
  founder(identity: Identity, memberId: string): Admission | null;
  /** Who follows the log, given the room's state and who else asked to (taps). */
  consumers(opened: { tx(): ReadTx; read: CommitLog["read"]; taps: readonly Tap[] }): OutboxConsumer[];
}
