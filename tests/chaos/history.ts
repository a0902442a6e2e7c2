import { canonicalJson } from "../../core/model/json.ts";

/** A commit as the room's log keeps it, as far as the oracle is concerned. */
export interface LoggedCommit {
  readonly seq: number;
  readonly actor: string;
  readonly command_id: string;
  readonly type: string;
  readonly at: string;
  readonly touched: readonly (readonly [kind: string, id: string, revision: number])[];
  readonly events: readonly { readonly type: string; readonly data: unknown }[];
}

/** A sender was told that its command is committed. */
export interface Acknowledgement {
  readonly command_id: string;
  /** Null where the sender does not know its own name in the room: the id alone must be enough then. */
  readonly actor: string | null;
  readonly seq: number;
}

/** A commit as it came to somebody: each of `events` is canonical JSON of `[type, data]`. */
export interface Seen {
  readonly viewer: string;
  readonly seq: number;
  readonly actor: string;
  readonly events: readonly string[];
}

/** What a viewer applied in one go, from a snapshot at `from` up to where it stands, across as many connections as it took. */
export interface Stream {
  readonly viewer: string;
  readonly from: number;
  readonly to: number;
  readonly commits: readonly Omit<Seen, "viewer">[];
  /** Which events of a commit that viewer is to be sent, each as canonical JSON of `[type, data]`. */
  sees(commit: LoggedCommit): readonly string[];
}

/** All the entities that somebody holds at a `seq`, each as one text, sorted. */
export interface State {
  readonly holder: string;
  readonly seq: number;
  readonly rows: readonly string[];
  /** What it should be by the log alone: see `fold.ts`. */
  readonly folded: readonly string[];
}

/** What the read model says of a room. */
export interface Projection {
  /** The position D1 has for the room. */
  readonly seq: number;
  readonly audit: readonly Omit<LoggedCommit, "touched" | "events">[];
  /** Rows of entities that the room owns, with the commit that wrote them. */
  readonly entities: readonly { kind: string; id: string; revision: number; seq: number }[];
}

/** Everything that happened in one room, as those outside saw it, and the room's own log to compare it with. */
export interface History {
  /** The `seq` before the first row that the log still has. */
  readonly start: number;
  readonly log: readonly LoggedCommit[];
  readonly acknowledged: readonly Acknowledgement[];
  readonly seen: readonly Seen[];
  readonly streams: readonly Stream[];
  readonly states: readonly State[];
  readonly projections: readonly Projection[];
  /** An event as it travels, as canonical JSON of `[type, data]`. */
  wire(event: LoggedCommit["events"][number]): string;
}

/** A history of a log to which nothing else is known yet. */
export function historyOf(log: readonly LoggedCommit[], parts: Partial<Omit<History, "log">> = {}): History {
  const wire = ({ type, data }: LoggedCommit["events"][number]): string => canonicalJson([type, data]);
  return { start: 0, acknowledged: [], seen: [], streams: [], states: [], projections: [], wire, ...parts, log };
}
