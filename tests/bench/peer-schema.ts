/** What both peers store and send: one log row with a unique command id, one entity row, one event. */
export const PEER_SCHEMA = [
  `CREATE TABLE IF NOT EXISTS log (seq INTEGER PRIMARY KEY, command_id TEXT NOT NULL UNIQUE, at TEXT NOT NULL, event TEXT NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS entities (id TEXT PRIMARY KEY, seq INTEGER NOT NULL, json TEXT NOT NULL) WITHOUT ROWID`,
];

export const EVENT_TYPE = "campaign:update:v1:success";

/** The change that every system is asked for; `n` names it, so that its way can be timed. */
export interface Change {
  readonly campaign_id: string;
  readonly updates: { readonly state: { readonly n: number } };
}

export interface PeerUpdate {
  readonly type: "update";
  readonly id: string;
  readonly payload: Change;
}

/** What a peer's client may ask. */
export type PeerCommand =
  | PeerUpdate
  | { readonly type: "since"; readonly seq: number }
  | { readonly type: "snapshot" }
  /** For the benchmark: what the snapshot is to hold. */
  | { readonly type: "fill"; readonly rows: readonly { readonly id: string }[] };

/** A committed change as a peer sends it: what Flightdeck's readers get too, no more. */
export interface PeerEvent {
  readonly seq: number;
  readonly type: string;
  readonly actor: string;
  readonly at: string;
  readonly data: Change;
}

/** A campaign as Flightdeck keeps it, so that the entity row is as long. */
export const CAMPAIGN = {
  id: "cmp_01J9BENCH000000000000000001",
  slug: "benchmark",
  external_id: null,
  title: "Benchmark",
  description: "",
  status: "draft",
  generation_status: "idle",
  brief: {
    objective: "",
    audience: "",
    key_messages: [],
    tone: [],
    palette: [],
    constraints: { min_words: null, max_words: null, required: [], restricted: [], rating: null },
  },
  features: [],
  config: { ui_content: {}, scripts: {}, communication: {} },
  state: { n: 0 },
  active_version_ids: {},
  created_at: "2026-01-01T00:00:00.000Z",
  created_by: "member:mem_01J9DEM0000000000000000001",
  updated_at: "2026-01-01T00:00:00.000Z",
};
