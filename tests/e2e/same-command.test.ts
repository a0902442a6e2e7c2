import { beforeAll, expect, test } from "vitest";
import { Api, makeCampaign } from "./support/api.ts";
import type { TestCampaign } from "./support/api.ts";
import { RoomSocket } from "./support/room-socket.ts";
import { sharedUrl } from "./support/shared-server.ts";

const url = sharedUrl();
const TRIES = 100;
let owner: Api & { workspaceId: string };
let campaign: TestCampaign;

beforeAll(async () => {
  owner = await Api.as(url, "owner");
  campaign = await makeCampaign(owner);
});

test("[P4] the same command sent 100 times at once, half by socket and half by HTTP, is applied once and answered 100 times alike", async () => {
  const viewer = await RoomSocket.open(url, `${campaign.path}/live`, owner.token);
  await viewer.hello();
  const sockets = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const socket = await RoomSocket.open(url, `${campaign.path}/live`, owner.token);
      await socket.hello();
      return socket;
    }),
  );
  const head = viewer.position?.seq ?? 0;
  const id = `same-command-${crypto.randomUUID()}`;
  const payload = {
    media_buy_id: campaign.mediaBuyId,
    operations: [{ operation: "set_daily_cap", amount_micros: 500_000_000 }],
  };

  const answers = await Promise.all(
    Array.from({ length: TRIES }, async (_, n): Promise<unknown> => {
      if (n % 2 === 0) {
        const {
          type: _type,
          replayed: _replayed,
          ...answer
        } = (await owner.post(`${campaign.path}/media_buy/update`, payload, { key: id })).body;
        return answer;
      }
      const socket = sockets[n % sockets.length];
      if (!socket) throw new Error("No socket");
      return answerOnSocket(socket, id, payload);
    }),
  );

  expect(answers).toHaveLength(TRIES);
  expect(new Set(answers.map((answer) => JSON.stringify(sorted(answer)))).size).toBe(1);
  expect(answers[0]).toMatchObject({ id, seq: head + 1 });

  await viewer.until(() => (viewer.position?.seq ?? 0) > head);
  expect(viewer.position?.seq).toBe(head + 1);
  expect(viewer.commits.filter((commit) => commit[0] > head)).toHaveLength(1);
  for (const socket of [viewer, ...sockets]) socket.close();
});

/** Several tries share one socket, so answers with the same id are told apart by counting. */
async function answerOnSocket(socket: RoomSocket, id: string, payload: object): Promise<unknown> {
  const {
    type: _type,
    replayed: _replayed,
    ...answer
  } = (await socket.command("media_buy:update:v1", payload, { id })) as Record<string, unknown>;
  return answer;
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, item]) => [name, sorted(item)]),
  );
}
