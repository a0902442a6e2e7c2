import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seedDemo } from "../../scripts/seed-demo.ts";
import { Api, makeCampaign, mustWork } from "./support/api.ts";
import type { TestCampaign } from "./support/api.ts";
import { startFlightdeck } from "./support/flightdeck.ts";
import type { Flightdeck } from "./support/flightdeck.ts";

const LOCKED_MS = 60_000;
const PAUSE_MS = 100;
/** What the room's log and the audit in D1 must have alike. */
const LOG_COLUMNS = "seq, actor, command_id, type, at, correlation, touched, events";
type LogColumns = Readonly<Record<string, unknown>>;

let flightdeck: Flightdeck;
let owner: Api & { workspaceId: string };
let campaign: TestCampaign;

beforeAll(async () => {
  flightdeck = await startFlightdeck();
  await seedDemo(flightdeck.url);
  owner = await Api.as(flightdeck.url, "owner");
  campaign = await makeCampaign(owner);
});

afterAll(() => flightdeck.stop());

test(
  "[P6] with the D1 file locked for 60 s while writes continue no mutation fails, and afterwards D1 equals the log row by row",
  { timeout: 180_000 },
  async () => {
    const lock = new DatabaseSync(d1File(flightdeck.stateDir));
    lock.exec("BEGIN IMMEDIATE");
    const until = performance.now() + LOCKED_MS;
    let acknowledged = 0;
    for (; performance.now() < until; acknowledged++) {
      const updates = { state: { n: acknowledged } };
      mustWork(await owner.post(`${campaign.path}/campaign/update`, { campaign_id: campaign.campaignId, updates }));
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    lock.exec("ROLLBACK");
    expect(acknowledged).toBeGreaterThan(100);

    const log = roomLog(flightdeck.stateDir, campaign.campaignId);
    expect(log.length).toBeGreaterThanOrEqual(acknowledged);
    const audit = (): LogColumns[] =>
      rows(lock, `SELECT ${LOG_COLUMNS} FROM audit WHERE campaign_id = ? ORDER BY seq`, campaign.campaignId);
    await expect.poll(() => audit().length, { timeout: 60_000, interval: 500 }).toBe(log.length);
    expect(audit().map(withoutKeys)).toEqual(log.map(withoutKeys));
    lock.close();
  },
);

function d1File(stateDir: string): string {
  const folder = join(stateDir, "v3", "d1", "miniflare-D1DatabaseObject");
  const file = readdirSync(folder).find((name) => name.endsWith(".sqlite") && !name.startsWith("metadata"));
  if (!file) throw new Error(`No D1 database in ${folder}`);
  return join(folder, file);
}

/** The campaign room's own log, read from its object's SQLite file. */
function roomLog(stateDir: string, campaignId: string): LogColumns[] {
  const folder = join(stateDir, "v3", "do", "flightdeck-CampaignRoom");
  for (const name of readdirSync(folder).filter((each) => each.endsWith(".sqlite") && !each.startsWith("metadata"))) {
    const room = new DatabaseSync(join(folder, name), { readOnly: true });
    try {
      if (room.prepare("SELECT 1 FROM sqlite_master WHERE name = 'log'").all().length === 0) continue;
      if (room.prepare("SELECT 1 FROM entities WHERE kind = 'campaign' AND id = ?").all(campaignId).length === 0)
        continue;
      return rows(room, `SELECT ${LOG_COLUMNS} FROM log ORDER BY seq`);
    } finally {
      room.close();
    }
  }
  throw new Error(`No room of campaign ${campaignId}`);
}

function rows(database: DatabaseSync, query: string, ...bindings: string[]): LogColumns[] {
  return database
    .prepare(query)
    .all(...bindings)
    .map((row) => ({ ...row })) as LogColumns[];
}

/** What a room takes over from its workspace holds digests of API keys, which never go to D1; all else must be alike. */
function withoutKeys({ events, touched, ...row }: LogColumns): LogColumns {
  return row["actor"] === "system:room" ? row : { ...row, events, touched };
}
