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
  "[done 6] with the D1 file locked for 60 s while writes continue no mutation fails, and afterwards D1 equals the log row by row",
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
    const audit = (): { seq: number; id: string; type: string }[] =>
      lock
        .prepare("SELECT seq, id, type FROM audit WHERE campaign_id = ? ORDER BY seq")
        .all(campaign.campaignId) as unknown as { seq: number; id: string; type: string }[];
    await expect.poll(() => audit().length, { timeout: 60_000, interval: 500 }).toBe(log.length);
    expect(audit().map(({ seq }) => seq)).toEqual(log.map(({ seq }) => seq));
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
function roomLog(stateDir: string, campaignId: string): { seq: number }[] {
  const folder = join(stateDir, "v3", "do", "flightdeck-CampaignRoom");
  for (const name of readdirSync(folder).filter((each) => each.endsWith(".sqlite") && !each.startsWith("metadata"))) {
    const room = new DatabaseSync(join(folder, name), { readOnly: true });
    try {
      if (room.prepare("SELECT 1 FROM sqlite_master WHERE name = 'log'").all().length === 0) continue;
      if (room.prepare("SELECT 1 FROM entities WHERE kind = 'campaign' AND id = ?").all(campaignId).length === 0)
        continue;
      return room.prepare("SELECT seq FROM log ORDER BY seq").all() as unknown as { seq: number }[];
    } finally {
      room.close();
    }
  }
  throw new Error(`No room of campaign ${campaignId}`);
}
