import { beforeAll, describe, expect, test } from "vitest";
import { Api, makeCampaign, mustWork } from "./support/api.ts";
import type { TestCampaign } from "./support/api.ts";
import { RoomSocket } from "./support/room-socket.ts";
import { sharedUrl } from "./support/shared-server.ts";

const url = sharedUrl();
const WITHIN_MS = 5_000;
let owner: Api & { workspaceId: string };
let campaign: TestCampaign;
let workspacePath: string;

beforeAll(async () => {
  owner = await Api.as(url, "owner");
  campaign = await makeCampaign(owner);
  workspacePath = `/v1/workspaces/${owner.workspaceId}`;
});

/** One socket in the workspace's room and one in the campaign's, both live. */
async function inBothRooms(token: string): Promise<RoomSocket[]> {
  const sockets = await Promise.all(
    [`${workspacePath}/live`, `${campaign.path}/live`].map((path) => RoomSocket.open(url, path, token)),
  );
  for (const socket of sockets) await socket.hello();
  return sockets;
}

async function memberId(person: "viewer" | "operator" | "operator2"): Promise<string> {
  const signedIn = await Api.as(url, person);
  const socket = await RoomSocket.open(url, `${workspacePath}/live`, signedIn.token);
  const { me } = await socket.hello();
  socket.close();
  return me.actor.replace("member:", "");
}

/** Changes both rooms, so that there is something not to be delivered. */
async function changeBothRooms(): Promise<void> {
  mustWork(
    await owner.post(`${campaign.path}/campaign/update`, {
      campaign_id: campaign.campaignId,
      updates: { state: { at: crypto.randomUUID() } },
    }),
  );
  mustWork(await owner.post(`${workspacePath}/campaign/create`, { title: `Noise ${crypto.randomUUID()}` }));
}

/** Closed sockets get no frame, whatever happens in the rooms. */
async function nothingMore(sockets: readonly RoomSocket[]): Promise<void> {
  const frames = sockets.map((socket) => socket.frames.length);
  await changeBothRooms();
  expect(sockets.map((socket) => socket.frames.length)).toEqual(frames);
}

describe("[P8] within 5 s in the open sockets of every room, and nothing is delivered after it:", () => {
  test("a key revoked", async () => {
    const made = mustWork(
      await owner.post(`${workspacePath}/api_key/create`, {
        name: "short-lived",
        scopes: ["workspace.read", "campaign.read"],
      }),
    );
    const sockets = await inBothRooms(String(made.data?.["secret"]));
    const key = made.data?.["key"] as { id: string };
    const revokedAt = performance.now();
    mustWork(await owner.post(`${workspacePath}/api_key/revoke`, { api_key_id: key.id }));
    const closes = await Promise.all(sockets.map((socket) => socket.untilClosed()));
    expect(performance.now() - revokedAt).toBeLessThan(WITHIN_MS);
    expect(closes.map(({ code }) => code)).toEqual([4505, 4505]);
    await nothingMore(sockets);
    const again = await RoomSocket.open(url, `${campaign.path}/live`, String(made.data?.["secret"]));
    expect((await again.untilClosed()).code).toBe(4504);
  });

  test("a session signed out", async () => {
    const person = await Api.as(url, "operator2");
    const other = await Api.as(url, "operator2");
    const sockets = await inBothRooms(person.token);
    const [otherSocket] = await inBothRooms(other.token);
    const session = sessionOf(person.token);
    const signedOutAt = performance.now();
    mustWork(await person.post(`${workspacePath}/session/revoke`, { session_id: session }));
    const closes = await Promise.all(sockets.map((socket) => socket.untilClosed()));
    expect(performance.now() - signedOutAt).toBeLessThan(WITHIN_MS);
    expect(closes.map(({ code }) => code)).toEqual([4506, 4506]);
    await nothingMore(sockets);
    expect((await person.get(`${workspacePath}/campaign_summary`)).status).toBe(404);
    expect((await other.get(`${workspacePath}/campaign_summary`)).status).toBe(200);
    expect(otherSocket?.closed).toBeNull();
  });

  test("a role changed", async () => {
    const person = await Api.as(url, "operator");
    const sockets = await inBothRooms(person.token);
    const member_id = await memberId("operator");
    const told = sockets.map((socket) =>
      socket.next((frame): frame is Extract<typeof frame, { type: "access" }> => frame.type === "access"),
    );
    const changedAt = performance.now();
    mustWork(await owner.post(`${workspacePath}/member/set_role`, { member_id, role: "viewer" }));
    const frames = await Promise.all(told);
    expect(performance.now() - changedAt).toBeLessThan(WITHIN_MS);
    expect(frames.map((frame) => (frame.type === "access" ? frame.me.role : null))).toEqual(["viewer", "viewer"]);
    const answer = await sockets[1]?.command("campaign:update:v1", {
      campaign_id: campaign.campaignId,
      updates: { title: "No longer mine" },
    });
    expect(answer).toMatchObject({ type: "campaign:update:v1:failed", error: { code: "PERMISSION_DENIED" } });
    mustWork(await owner.post(`${workspacePath}/member/set_role`, { member_id, role: "operator" }));
    for (const socket of sockets) socket.close();
  });

  test("a limit to other campaigns", async () => {
    const person = await Api.as(url, "viewer");
    const [workspace, room] = await inBothRooms(person.token);
    const member_id = await memberId("viewer");
    const elsewhere = await makeCampaign(owner);
    const told = workspace?.next(
      (frame): frame is Extract<typeof frame, { type: "access" }> => frame.type === "access",
    );
    const limitedAt = performance.now();
    mustWork(await owner.post(`${workspacePath}/member/limit`, { member_id, campaign_ids: [elsewhere.campaignId] }));
    expect((await room?.untilClosed())?.code).toBe(4505);
    expect(performance.now() - limitedAt).toBeLessThan(WITHIN_MS);
    if (room) await nothingMore([room]);
    const access = await told;
    expect(access?.type === "access" && access.forget).toContainEqual(["campaign_summary", campaign.campaignId]);
    expect((await person.get(`${workspacePath}/campaign_summary/${campaign.campaignId}`)).status).toBe(404);
    mustWork(await owner.post(`${workspacePath}/member/limit`, { member_id, campaign_ids: null }));
    workspace?.close();
  });
});

/** The session id in a token's payload. */
function sessionOf(token: string): string {
  const payload = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as {
    sid?: string;
    jti?: string;
  };
  return payload.sid ?? payload.jti ?? "";
}
