import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { StoredEntity } from "../../core/model/entity.ts";
import type { LoggedCommit, Projection } from "./history.ts";

/** A room as its SQLite file has it, while its server runs or not. */
export interface RoomFile {
  readonly start: number;
  readonly log: readonly LoggedCommit[];
  readonly entities: readonly StoredEntity[];
  /** All that defines its tables. */
  readonly schema: string;
}

type Columns = Record<string, string | number | null>;

/** Opens a database that somebody else writes; a moment in which they lock it is waited for. */
export function openDatabase(path: string, readOnly = true): DatabaseSync {
  return new DatabaseSync(path, { readOnly, timeout: 10_000 });
}

function databasesIn(stateDir: string, ...folder: string[]): string[] {
  const path = join(stateDir, "v3", ...folder);
  return readdirSync(path)
    .filter((name) => name.endsWith(".sqlite") && !name.startsWith("metadata"))
    .map((name) => join(path, name));
}

/** The file of the read model. */
export function readModelFile(stateDir: string): string {
  const [file] = databasesIn(stateDir, "d1", "miniflare-D1DatabaseObject");
  if (!file) throw new Error(`No D1 database below ${stateDir}`);
  return file;
}

/** The file of a campaign's room. Throws if the campaign has none yet. */
export function roomFileOf(stateDir: string, campaignId: string): string {
  const found = databasesIn(stateDir, "do", "flightdeck-CampaignRoom").find((file) => {
    const room = openDatabase(file);
    try {
      if (!room.prepare("SELECT 1 FROM sqlite_master WHERE name = 'log'").get()) return false;
      return room.prepare("SELECT 1 FROM entities WHERE kind = 'campaign' AND id = ?").get(campaignId) !== undefined;
    } finally {
      room.close();
    }
  });
  if (!found) throw new Error(`No room of campaign ${campaignId}`);
  return found;
}

/** The last `seq` of a room. */
export function headOf(file: string): number {
  const room = openDatabase(file);
  try {
    return Number(all(room, "SELECT max(seq) AS seq FROM log")[0]?.["seq"] ?? 0);
  } finally {
    room.close();
  }
}

export function readRoom(file: string): RoomFile {
  const room = openDatabase(file);
  try {
    const log = all(room, "SELECT * FROM log ORDER BY seq").map(toCommit);
    const entities = all(room, "SELECT * FROM entities").map(toEntity);
    return { start: (log[0]?.seq ?? 1) - 1, log, entities, schema: schemaOf(room) };
  } finally {
    room.close();
  }
}

/** What the read model says of a campaign's room. */
export function readProjection(file: string, workspaceId: string, campaignId: string): Projection & { schema: string } {
  const database = openDatabase(file);
  try {
    const of = [workspaceId, campaignId];
    const where = "WHERE workspace_id = ? AND campaign_id = ?";
    const position = all(database, `SELECT seq FROM projection_positions ${where}`, ...of)[0];
    const audit = all(database, `SELECT seq, actor, command_id, type, at FROM audit ${where} ORDER BY seq`, ...of);
    const entities = ENTITY_TABLES.flatMap(([table, kind]) =>
      all(database, `SELECT id, revision, seq FROM ${table} ${where}`, ...of).map((row) => ({ kind, ...row })),
    );
    // The columns are those of migrations/.
    return {
      seq: Number(position?.["seq"] ?? 0),
      audit,
      entities,
      schema: schemaOf(database),
    } as unknown as Projection & {
      schema: string;
    };
  } finally {
    database.close();
  }
}

/** Tables of the read model that a campaign's room owns, with the kinds they hold. */
const ENTITY_TABLES = [
  ["campaigns", "campaign"],
  ["media_buys", "media_buy"],
  ["creatives", "creative"],
] as const;

function schemaOf(database: DatabaseSync): string {
  return JSON.stringify(all(database, "SELECT name, sql FROM sqlite_master ORDER BY name"));
}

function all(database: DatabaseSync, query: string, ...bindings: string[]): Columns[] {
  return database
    .prepare(query)
    .all(...bindings)
    .map((row) => ({ ...row }) as Columns);
}

function toCommit(row: Columns): LoggedCommit {
  const { touched, events } = row;
  // Written by the room's storage alone.
  return {
    ...row,
    touched: JSON.parse(String(touched)),
    events: JSON.parse(String(events)),
  } as unknown as LoggedCommit;
}

function toEntity({ json, deleted, ...row }: Columns): StoredEntity {
  // Written by the room's storage alone.
  return { ...row, deleted: deleted === 1, value: JSON.parse(String(json)) } as unknown as StoredEntity;
}
