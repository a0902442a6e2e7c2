import { beforeAll, expect, it } from "vitest";
import { campaigns } from "../../core/domain/campaigns/entities.ts";
import { ROLES } from "../../core/model/access.ts";
import { PROTOCOL_VERSION, SUBPROTOCOL } from "../../core/protocol/version.ts";
import { campaignRoom } from "../../core/rooms/campaign-room.ts";
import { RoomClient } from "../../client/sync/room-client.ts";
import { systemClock } from "../../client/sync/clock.ts";
import type { OpenSocket } from "../../client/sync/socket.ts";
import { foundTeam, jsonOf, post, send, tokenOf } from "../../worker/app.fixture.ts";
import type { Team } from "../../worker/app.fixture.ts";

// Runs in a copy of the repository to which the README's verb was added (tests/tutorial.test.ts), never in this one.
const TYPE = "campaign:rename:v1";
let team: Team;
let path: string;

beforeAll(async () => {
  team = await foundTeam();
  path = `/v1/workspaces/${team.ws}/campaigns/${team.campaign.id}`;
});

async function connect(): Promise<WebSocket> {
  const headers = { upgrade: "websocket", "sec-websocket-protocol": `${SUBPROTOCOL}, bearer.${team.owner}` };
  const { webSocket } = await send(`${path}/live`, { headers });
  webSocket!.accept();
  return webSocket!;
}

/** The first frame of a type. */
function frameOf(socket: WebSocket, type: string): Promise<Record<string, unknown>> {
  return new Promise((resolve) =>
    socket.addEventListener("message", ({ data }) => {
      const frame = JSON.parse(String(data)) as Record<string, unknown>;
      if (frame["type"] === type) resolve(frame);
    }),
  );
}

it("is found on the WebSocket", async () => {
  const [sender, reader] = [await connect(), await connect()];
  for (const socket of [sender, reader]) {
    const snapshot = frameOf(socket, "snapshot");
    socket.send(JSON.stringify({ type: "hello", protocol: PROTOCOL_VERSION, client_id: "tutorial" }));
    await snapshot;
    socket.send(JSON.stringify({ type: "snapshot_ack", chunk: 0 }));
  }
  const [answer, commits] = [frameOf(sender, `${TYPE}:success`), frameOf(reader, "commits")];
  const payload = { campaign_id: team.campaign.id, title: "By socket" };
  sender.send(JSON.stringify({ type: `${TYPE}:requested`, id: "tutorial-rename-0001", payload }));
  expect(await answer).toMatchObject({ id: "tutorial-rename-0001", data: payload });
  expect(await commits).toMatchObject({
    commits: [[expect.any(Number), expect.any(String), expect.any(String), [`${TYPE}:success`, payload]]],
  });
  for (const socket of [sender, reader]) socket.close(1000);
});

it("is found on HTTP", async () => {
  const answer = await post(`${path}/campaign/rename`, team.owner, { title: "By HTTP" });
  expect(answer.status).toBe(200);
  expect(await jsonOf(answer)).toMatchObject({ type: `${TYPE}:success`, data: { title: "By HTTP" } });
  expect(await jsonOf(await send(path, { token: team.owner }))).toMatchObject({ data: { title: "By HTTP" } });
});

it("is found in the OpenAPI document", async () => {
  const { paths } = await jsonOf<{ paths: Record<string, unknown> }>(await send("/openapi.json"));
  expect(paths["/v1/workspaces/{workspace}/campaigns/{campaign}/campaign/rename"]).toMatchObject({
    post: { "x-command": TYPE, "x-permission": "campaign.edit", summary: expect.stringContaining("title") },
  });
});

it("is allowed by role, as the permission table says", async () => {
  const answers: [string, unknown][] = [];
  for (const role of ROLES) {
    const member = { user_id: `tutorial-${role}`, name: role, role };
    expect((await post(`/v1/workspaces/${team.ws}/member/add`, team.owner, member)).status).toBe(201);
    const token = await tokenOf(member.user_id);
    await expect.poll(async () => (await send(path, { token })).status).toBe(200);
    const answer = await post(`${path}/campaign/rename`, token, { title: `By ${role}` });
    answers.push([role, (await jsonOf(answer))["code"] ?? answer.status]);
  }
  expect(answers).toEqual([
    ["viewer", "PERMISSION_DENIED"],
    ["operator", 200],
    ["admin", 200],
    ["owner", 200],
  ]);
});

it("is found on the optimistic client: shown before the room answers, and kept when it has", async () => {
  const held: string[] = [];
  let holding = false;
  let release: () => void = () => undefined;
  const openSocket: OpenSocket = (events) => {
    let socket: WebSocket | undefined;
    void connect().then((opened) => {
      socket = opened;
      opened.addEventListener("message", ({ data }) => events.message(String(data)));
      events.open();
    });
    release = () => {
      holding = false;
      for (const text of held.splice(0)) socket?.send(text);
    };
    return {
      send(text) {
        if (holding) held.push(text);
        else socket?.send(text);
        return socket !== undefined;
      },
      reconnect: () => undefined,
      close: () => socket?.close(1000),
    };
  };
  const problems: unknown[] = [];
  const client = new RoomClient({
    room: campaignRoom,
    connect: () => openSocket,
    token: () => Promise.resolve({ token: team.owner, expires_at: null }),
    clock: systemClock,
    report: (problem) => problems.push(problem),
  });
  const title = (): string | undefined => client.get(campaigns, team.campaign.id)?.title;
  client.start();
  await until(client, () => title() !== undefined && client.connection.phase === "live");

  holding = true;
  const answer = client.run(campaignRoom.commands.get(TYPE)!, { campaign_id: team.campaign.id, title: "At once" });
  expect([title(), client.isPending(campaigns, team.campaign.id)]).toEqual(["At once", true]);
  expect(await jsonOf(await send(path, { token: team.owner }))).not.toMatchObject({ data: { title: "At once" } });
  release();
  expect(await answer).toMatchObject({ ok: true, type: `${TYPE}:success` });
  await until(client, () => !client.isPending(campaigns, team.campaign.id));
  expect([title(), problems]).toEqual(["At once", []]);
  expect(await jsonOf(await send(path, { token: team.owner }))).toMatchObject({ data: { title: "At once" } });
  client.stop();
});

/** Resolves when `done` holds, asked again at each change. */
function until(client: RoomClient, done: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (done()) resolve();
    };
    client.subscribe(look);
    look();
  });
}
