import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seedDemo } from "../../scripts/seed-demo.ts";
import { Api, makeCampaign, mustWork } from "./support/api.ts";
import { startFlightdeck } from "./support/flightdeck.ts";
import type { Flightdeck } from "./support/flightdeck.ts";
import { RoomSocket } from "./support/room-socket.ts";

/** A room keeps its state at every 1,000th commit, and prunes up to there. */
const CHECKPOINT = 1_000;
let flightdeck: Flightdeck;

beforeAll(async () => {
  flightdeck = await startFlightdeck({ vars: { RATE_PERSON: "100000/100000", HISTORY_DAYS: "30" } });
  await seedDemo(flightdeck.url);
});

afterAll(() => flightdeck.stop());

test(
  "[P3] a client cut off past the start of history gets a snapshot and is told so; one within it gets the rest",
  { timeout: 120_000 },
  async () => {
    const owner = await Api.as(flightdeck.url, "owner");
    const campaign = await makeCampaign(owner);
    const live = (): Promise<RoomSocket> => RoomSocket.open(flightdeck.url, `${campaign.path}/live`, owner.token);
    const writer = await live();
    await writer.hello();
    const early = writer.position;
    const update = (n: number): Promise<unknown> =>
      writer.command("campaign:update:v1", { campaign_id: campaign.campaignId, updates: { state: { n } } });
    for (let n = 0; n < CHECKPOINT + 50; n += 50)
      await Promise.all(Array.from({ length: 50 }, (_, at) => update(n + at)));
    await writer.until(() => (writer.position?.seq ?? 0) > CHECKPOINT);
    const late = writer.position;
    await flightdeck.kill();
    age(flightdeck.stateDir, campaign.campaignId);
    await flightdeck.restart();
    // The room wakes, changes, and its alarm prunes what is now older than it keeps.
    mustWork(
      await owner.post(`${campaign.path}/campaign/update`, {
        campaign_id: campaign.campaignId,
        updates: { title: "Aged" },
      }),
    );

    await expect
      .poll(
        async () => {
          const socket = await live();
          const welcome = await socket.hello(early);
          socket.close();
          return [welcome.mode, welcome.recovered, welcome.history_start];
        },
        { timeout: 60_000, interval: 2_000 },
      )
      .toEqual(["snapshot", false, CHECKPOINT]);
    const back = await live();
    expect(await back.hello(late)).toMatchObject({ mode: "delta", recovered: true });
    expect(back.position?.seq).toBeGreaterThan(late?.seq ?? 0);
    back.close();
  },
);

/** Makes the commits of the campaign's room up to its checkpoint 60 days older. */
function age(stateDir: string, campaignId: string): void {
  const folder = join(stateDir, "v3", "do", "flightdeck-CampaignRoom");
  for (const name of readdirSync(folder).filter((each) => each.endsWith(".sqlite") && !each.startsWith("metadata"))) {
    const room = new DatabaseSync(join(folder, name), { timeout: 10_000 });
    const tables = room.prepare("SELECT 1 FROM sqlite_master WHERE name = 'log'").all();
    if (
      tables.length > 0 &&
      room.prepare("SELECT 1 FROM entities WHERE kind = 'campaign' AND id = ?").get(campaignId)
    ) {
      room.exec("UPDATE log SET at = strftime('%Y-%m-%dT%H:%M:%fZ', at, '-60 days') WHERE seq <= 1000");
    }
    room.close();
  }
}
