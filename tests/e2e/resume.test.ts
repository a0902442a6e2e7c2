import { beforeAll, describe, expect, test } from "vitest";
import { Api, makeCampaign, mustWork } from "./support/api.ts";
import type { TestCampaign } from "./support/api.ts";
import { RoomSocket } from "./support/room-socket.ts";
import { sharedUrl } from "./support/shared-server.ts";

const url = sharedUrl();
let owner: Api & { workspaceId: string };
let key: Api;
let campaign: TestCampaign;

beforeAll(async () => {
  owner = await Api.as(url, "owner");
  const made = mustWork(
    await owner.post(`/v1/workspaces/${owner.workspaceId}/api_key/create`, {
      name: "resume test",
      scopes: ["campaign.read", "campaign.edit"],
    }),
  );
  key = new Api(url, String(made.data?.["secret"]));
  campaign = await makeCampaign(owner);
});

describe("[P3] a client that was away", () => {
  test("comes back with exactly the 200 commits it missed, in order, once", async () => {
    const before = await RoomSocket.open(url, `${campaign.path}/live`, owner.token);
    await before.hello();
    const { position } = before;
    before.close();
    await before.untilClosed();

    const from = position?.seq ?? 0;
    for (let n = 1; n <= 200; n++) {
      mustWork(
        await key.post(`${campaign.path}/campaign/update`, {
          campaign_id: campaign.campaignId,
          updates: { state: { n } },
        }),
      );
    }

    const back = await RoomSocket.open(url, `${campaign.path}/live`, owner.token);
    const welcome = await back.hello(position);
    expect(welcome).toMatchObject({ mode: "delta", recovered: true });
    expect(back.commits.map((commit) => commit[0])).toEqual(Array.from({ length: 200 }, (_, at) => from + 1 + at));
    const seen = back.commits.map(
      (commit) => (commit[3] as [string, { updates: { state: { n: number } } }])[1].updates.state.n,
    );
    expect(seen).toEqual(Array.from({ length: 200 }, (_, at) => at + 1));
    back.close();
  });

  test("gets a snapshot and is told so, if its epoch or its tip is foreign", async () => {
    const socket = await RoomSocket.open(url, `${campaign.path}/live`, owner.token);
    await socket.hello();
    const position = socket.position ?? { epoch: 0, seq: 0, tip: "" };
    expect(await socket.hello({ ...position, epoch: position.epoch + 7 })).toMatchObject({
      mode: "snapshot",
      recovered: false,
    });
    expect(await socket.hello({ ...position, tip: "0000000000000000" })).toMatchObject({
      mode: "snapshot",
      recovered: false,
    });
    expect(await socket.hello(position)).toMatchObject({ mode: "delta", recovered: true });
    socket.close();
  });
});

test("a client that closes is answered at once, with its own code", async () => {
  const socket = await RoomSocket.open(url, `${campaign.path}/live`, owner.token);
  await socket.hello();
  const closedAt = performance.now();
  socket.close();
  expect(await socket.untilClosed()).toMatchObject({ code: 1000 });
  expect(performance.now() - closedAt).toBeLessThan(5_000);
});

test("whoever asks for the state gets the whole of it at one seq, and nobody else gets anything", async () => {
  const [asker, other] = await Promise.all(
    [1, 2].map(() => RoomSocket.open(url, `${campaign.path}/live`, owner.token)),
  );
  if (!asker || !other) throw new Error("No sockets");
  await asker.hello();
  await other.hello();
  const before = other.frames.length;
  const answer = await asker.command("campaign:state:v1", { campaign_id: campaign.campaignId });
  expect(answer).toMatchObject({ type: "campaign:state:v1:success", seq: asker.position?.seq });
  const { data } = answer as { data: { rows: [string, string][]; epoch: number; tip: string } };
  expect(data).toMatchObject({ epoch: asker.position?.epoch, tip: asker.position?.tip });
  expect(data.rows.map(([kind, id]) => `${kind} ${id}`)).toContain(`campaign ${campaign.campaignId}`);
  expect(other.frames.length).toBe(before);
  const wrong = await asker.command("workspace:state:v1", {});
  expect(wrong).toMatchObject({ type: "workspace:state:v1:failed", error: { code: "UNKNOWN_TYPE" } });
  asker.close();
  other.close();
});
