import { z } from "zod";
import { CommandId } from "./envelope.ts";

/** A point in a room's history: `tip` is a digest of the log row at `seq`, since a restore can rewind both others. */
export const Position = z.strictObject({ epoch: z.int().positive(), seq: z.int().nonnegative(), tip: z.string() });
export type Position = z.infer<typeof Position>;

/** `[type, data]` */
const WireEvent = z.tuple([z.string(), z.unknown()]);
export type WireEvent = z.infer<typeof WireEvent>;

/** `[seq, actor, at, ...events]`; what the socket already knows is left out. */
const WireCommit = z.tuple([z.int().positive(), z.string(), z.iso.datetime()], WireEvent);
export type WireCommit = z.infer<typeof WireCommit>;

/** `[kind, id, revision, value]` */
const WireRow = z.tuple([z.string(), z.string(), z.int().nonnegative(), z.looseObject({ id: z.string() })]);
export type WireRow = z.infer<typeof WireRow>;

const WireIssue = z.strictObject({ pointer: z.string(), message: z.string(), keyword: z.string() });

/** A refusal as it travels, over the socket and in a problem document alike. */
export const WireError = z.strictObject({
  code: z.string(),
  message: z.string(),
  issues: z.array(WireIssue).optional(),
  hint: z.string().optional(),
  details: z.record(z.string(), z.unknown()).optional(),
  correlation_id: z.string().optional(),
});
export type WireError = z.infer<typeof WireError>;

/** Who the room takes this session for. */
const Me = z.strictObject({
  actor: z.string(),
  role: z.enum(["viewer", "operator", "admin", "owner"]).nullable(),
  permissions: z.array(z.string()),
});
export type Me = z.infer<typeof Me>;

const Hello = z.strictObject({
  type: z.literal("hello"),
  protocol: z.int(),
  client_id: z.string().min(1).max(64),
  epoch: z.int().positive().optional(),
  seq: z.int().nonnegative().optional(),
  tip: z.string().max(128).optional(),
});
export type Hello = z.infer<typeof Hello>;

/** The highest `seq` applied, with commit→apply latencies in milliseconds since the last report. */
const Applied = z.strictObject({
  type: z.literal("applied"),
  seq: z.int().nonnegative(),
  latencies_ms: z.array(z.int().nonnegative()).max(200).optional(),
});
const SnapshotAck = z.strictObject({ type: z.literal("snapshot_ack"), chunk: z.int().nonnegative() });
const Auth = z.strictObject({ type: z.literal("auth"), token: z.string().min(1).max(8192) });
const Ping = z.strictObject({ type: z.literal("ping") });

/** Every frame a client may send besides commands. */
export const ControlFrame = z.discriminatedUnion("type", [Hello, Applied, SnapshotAck, Auth, Ping]);
export type ControlFrame = z.infer<typeof ControlFrame>;

/** Asks for the room's whole state: `campaign:state:v1:requested` or `workspace:state:v1:requested`. A query: nothing is written, and the asker alone is answered, with `data: {epoch, seq, tip, rows}`. */
export const StateRequest = z.strictObject({
  type: z.enum(["campaign:state:v1:requested", "workspace:state:v1:requested"]),
  id: CommandId,
  payload: z.strictObject({ campaign_id: z.string().max(128).optional() }).optional(),
  metadata: z.unknown().optional(),
});
export type StateRequest = z.infer<typeof StateRequest>;

const Welcome = z.strictObject({
  type: z.literal("welcome"),
  protocol: z.int(),
  room: z.string(),
  epoch: z.int().positive(),
  seq: z.int().nonnegative(),
  tip: z.string(),
  /** `delta`: the missing commits follow. `snapshot`: the client's own state is to be replaced. */
  mode: z.enum(["delta", "snapshot"]),
  /** Whether everything since the client's position follows; false if it must take a snapshot although it named a position. */
  recovered: z.boolean(),
  history_start: z.int().nonnegative(),
  server_time: z.iso.datetime(),
  me: Me,
});
export type Welcome = z.infer<typeof Welcome>;

const Commits = z.strictObject({
  type: z.literal("commits"),
  epoch: z.int().positive(),
  /** The reader had everything up to here … */
  from: z.int().nonnegative(),
  /** … and has everything it may see up to here after this frame. */
  to: z.int().nonnegative(),
  tip: z.string(),
  commits: z.array(WireCommit),
});
export type Commits = z.infer<typeof Commits>;

const Snapshot = z.strictObject({
  type: z.literal("snapshot"),
  epoch: z.int().positive(),
  seq: z.int().nonnegative(),
  tip: z.string(),
  chunk: z.int().nonnegative(),
  chunks: z.int().positive(),
  rows: z.array(WireRow),
});
export type Snapshot = z.infer<typeof Snapshot>;

/** Rights changed: rows that became visible and names of those that no longer are, as of `seq`. */
const Access = z.strictObject({
  type: z.literal("access"),
  seq: z.int().nonnegative(),
  me: Me,
  put: z.array(WireRow),
  forget: z.array(z.tuple([z.string(), z.string()])),
});
export type Access = z.infer<typeof Access>;

const Signal = z.strictObject({ type: z.literal("signal"), name: z.string(), data: z.unknown() });
const Authenticated = z.strictObject({ type: z.literal("authenticated"), expires_at: z.iso.datetime().nullable() });
const Pong = z.strictObject({ type: z.literal("pong") });
/** Something was wrong with a frame that named no command. */
const Fault = z.strictObject({ type: z.literal("error"), error: WireError });

const ControlDown = z.discriminatedUnion("type", [
  Welcome,
  Commits,
  Snapshot,
  Access,
  Signal,
  Authenticated,
  Pong,
  Fault,
]);

/** The answer to a command: to its sender alone. `seq` is where it was committed (or the head, if nothing was written). */
const Success = z.strictObject({
  type: z.string().regex(/:success$/),
  id: CommandId,
  seq: z.int().nonnegative(),
  replayed: z.literal(true).optional(),
  dry_run: z.literal(true).optional(),
  data: z.unknown(),
});
const Failed = z.strictObject({ type: z.string().regex(/:failed$/), id: z.string().max(255), error: WireError });

/** Every frame a room sends. */
export const DownFrame = z.union([ControlDown, Success, Failed]);
export type DownFrame = z.infer<typeof DownFrame>;
export type SuccessFrame = z.infer<typeof Success>;
export type FailedFrame = z.infer<typeof Failed>;
