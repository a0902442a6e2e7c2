import { afterAll, beforeAll, expect, test } from "vitest";
import { seedDemo } from "../../scripts/seed-demo.ts";
import { Api, makeCampaign, mustWork } from "./support/api.ts";
import { startFlightdeck } from "./support/flightdeck.ts";
import type { Flightdeck } from "./support/flightdeck.ts";
import { RoomSocket } from "./support/room-socket.ts";

/** An idle object leaves memory after 10 s; its safety alarm may wake it once, 15 s after the last commit. */
const IDLE_MS = 32_000;
let flightdeck: Flightdeck;

beforeAll(async () => {
  flightdeck = await startFlightdeck();
  await seedDemo(flightdeck.url);
});

afterAll(() => flightdeck.stop());

test(
  "[P3] a room left alone until it hibernates keeps its sockets, sessions and subscriptions",
  { timeout: 120_000 },
  async () => {
    const { url } = flightdeck;
    const owner = await Api.as(url, "owner");
    const viewer = await Api.as(url, "viewer");
    const campaign = await makeCampaign(owner);
    const room = await RoomSocket.open(url, `${campaign.path}/live`, viewer.token);
    const workspace = await RoomSocket.open(url, `/v1/workspaces/${owner.workspaceId}/live`, viewer.token);
    await room.hello();
    await workspace.hello();
    const wokenBefore = wakes(campaign.campaignId);

    await new Promise((resolve) => setTimeout(resolve, IDLE_MS));

    mustWork(
      await owner.post(`${campaign.path}/campaign/update`, {
        campaign_id: campaign.campaignId,
        updates: { title: "Good morning" },
      }),
    );
    await room.until(() => JSON.stringify(room.commits.at(-1) ?? "").includes("Good morning"));
    expect(wakes(campaign.campaignId)).toBeGreaterThan(wokenBefore);
    expect(room.closed).toBeNull();

    const refused = await room.command("campaign:update:v1", {
      campaign_id: campaign.campaignId,
      updates: { title: "Not mine" },
    });
    expect(refused).toMatchObject({ error: { code: "PERMISSION_DENIED" } });

    await workspace.until(() => JSON.stringify(workspace.commits.at(-1) ?? "").includes("Good morning"));
    expect(workspace.closed).toBeNull();
    room.close();
    workspace.close();
  },
);

/** How often the campaign's room came back from hibernation with open sockets, by its own log. */
function wakes(campaignId: string): number {
  return flightdeck
    .output()
    .split("\n")
    .filter((line) => line.includes('"room woke"') && line.includes(campaignId)).length;
}
