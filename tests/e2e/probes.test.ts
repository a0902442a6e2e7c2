import { beforeAll, describe, expect, test } from "vitest";
import { CLOSE_CODES } from "../../core/protocol/close-codes.ts";
import { PROTOCOL_VERSION } from "../../core/protocol/version.ts";
import { campaignRoom } from "../../core/rooms/campaign-room.ts";
import { workspaceRoom } from "../../core/rooms/workspace-room.ts";
import { Api, makeCampaign, mustWork } from "./support/api.ts";
import type { TestCampaign } from "./support/api.ts";
import {
  NO_CAMPAIGN,
  NO_ID,
  NO_WORKSPACE,
  NOT_FOUND_FRAMES,
  addressOf,
  allAnswered,
  eachOf,
  probe,
  probeAll,
  probeUpgrade,
} from "./support/probe.ts";
import type { Place, Told } from "./support/probe.ts";
import { RoomSocket } from "./support/room-socket.ts";
import { describedRoutes, registeredRoutes } from "./support/routes.ts";
import type { Route } from "./support/routes.ts";
import { sharedUrl } from "./support/shared-server.ts";

const url = sharedUrl();
let owner: Api & { workspaceId: string };
let outsider: Api & { workspaceId: string };
let campaign: TestCampaign;
let routes: Route[];
let nothing: Told;

beforeAll(async () => {
  owner = await Api.as(url, "owner");
  outsider = await Api.as(url, "outsider");
  campaign = await makeCampaign(owner);
  routes = [...(await describedRoutes(url)), ...registeredRoutes()];
  nothing = await probe(url, { method: "GET", path: "/v1/nothing/here" }, outsider.token);
});

/** Everything that is committed in both rooms while `work` runs, by whomever but the room itself. */
async function commitsDuring(work: () => Promise<void>): Promise<unknown[]> {
  const paths = [`/v1/workspaces/${owner.workspaceId}/live`, `${campaign.path}/live`];
  const sockets = await Promise.all(paths.map((path) => RoomSocket.open(url, path, owner.token)));
  for (const socket of sockets) await socket.hello();
  await work();
  for (const socket of sockets) await socket.hello(socket.position);
  for (const socket of sockets) socket.close();
  return sockets.flatMap((socket) => socket.commits.filter(([, actor]) => actor !== "system:room"));
}

describe("[P9] an outsider's probe of a workspace gets the bytes of 'not found':", () => {
  test("every route and method that is described, and every command and kind of both rooms", async () => {
    expect(nothing.status).toBe(404);
    expect(JSON.parse(nothing.body)).toMatchObject({ code: "NOT_FOUND" });
    expect(routes.length).toBeGreaterThan(100);
    const real: Place = { workspace: owner.workspaceId, campaign: campaign.campaignId, id: campaign.mediaBuyId };
    const { slug } = (await owner.get(campaign.path)).body["data"] as { slug: string };
    const places: Place[] = [
      real,
      { ...real, campaign: slug },
      { ...real, campaign: NO_CAMPAIGN, id: NO_ID },
      { ...real, campaign: "no-such-slug", id: "nonsense" },
      { workspace: NO_WORKSPACE, campaign: NO_CAMPAIGN, id: NO_ID },
      { ...real, workspace: NO_WORKSPACE },
      { ...real, workspace: outsider.workspaceId },
    ];
    const ofCampaigns = routes.filter(({ path }) => path.includes("{campaign}"));
    const changes = await commitsDuring(async () => {
      for (const place of places) {
        // Their own workspace is theirs: only what names a campaign there leads nowhere.
        const which = place.workspace === outsider.workspaceId ? ofCampaigns : routes;
        expect({ place, answers: await probeAll({ url, token: outsider.token }, which, place) }).toEqual({
          place,
          answers: allAnswered(which, nothing),
        });
      }
    });
    expect(changes).toEqual([]);
  });

  test("each entity of the workspace and its campaign by its own id", async () => {
    const base = { workspace: `/v1/workspaces/${owner.workspaceId}`, campaign: campaign.path };
    const kinds = [workspaceRoom, campaignRoom].flatMap((room) =>
      [...room.entities.keys()].map((kind) => `${base[room.kind]}/${kind}`),
    );
    const addresses = await eachOf(kinds, async (path) => {
      const { items } = (await owner.get(path)).body as { items?: { id: string }[] };
      return (items ?? []).slice(0, 2).map(({ id }) => `${path}/${encodeURIComponent(id)}`);
    });
    const paths = addresses.flat();
    expect(paths.length).toBeGreaterThan(8);
    for (const path of paths) {
      expect((await owner.get(path)).status).toBe(200);
      expect({ path, told: await probe(url, { method: "GET", path }, outsider.token) }).toEqual({
        path,
        told: nothing,
      });
    }
  });

  test("what is malformed or not offered is answered as in a workspace that does not exist", async () => {
    const strange = [
      "",
      "/",
      "//",
      "/nothing",
      "/nothing/here/at/all/really",
      "/campaign_summary/",
      "/campaigns/{campaign}/",
      "/campaigns/{campaign}/nothing/here/at/all",
      "/campaigns/%2e%2e/member",
      "/campaigns/%00",
      "/campaigns/%F0%9F/media_buy",
      `/campaigns/${"x".repeat(300)}`,
      "/campaigns/{campaign}%2F..",
      "/campaign_summary?campaign_id={campaign}&campaign_id={campaign}",
      "/search?q=%00&nonsense=1",
      "/live",
      "/campaigns/{campaign}/live",
    ];
    const gets = strange.map((path) => ({ method: "GET", path: `/v1/workspaces/{workspace}${path}` }));
    const others = ["HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"].flatMap((method) =>
      ["", "/member", "/campaigns/{campaign}", "/campaigns/{campaign}/media_buy"].map((path) => ({
        method,
        path: `/v1/workspaces/{workspace}${path}`,
      })),
    );
    const broken = ["{", "[]", "null", '{"__proto__":{}}', `"${"x".repeat(300_000)}"`].flatMap((body) =>
      ["/campaign/create", "/campaigns/{campaign}/media_buy/update", "/campaigns/{campaign}/delivery/import"].map(
        (path) => ({ method: "POST", path: `/v1/workspaces/{workspace}${path}`, type: "application/json", body }),
      ),
    );
    const which = [...gets, ...others, ...broken];
    const caller = { url, token: outsider.token };
    const here = await probeAll(caller, which, { workspace: owner.workspaceId, campaign: campaign.campaignId });
    const nowhere = await probeAll(caller, which, { workspace: NO_WORKSPACE, campaign: campaign.campaignId });
    expect(here).toEqual(nowhere);
  });

  test("a request without its key, with a wrong one, as a dry run or for a revision is answered as in one that does not exist", async () => {
    const commands = routes.filter(({ method, type }) => method === "POST" && type === "application/json");
    const headers: Record<string, string>[] = [
      { "idempotency-key": "" },
      { "idempotency-key": "short" },
      { "dry-run": "true" },
      { "dry-run": "perhaps" },
      { "if-match": '"7"' },
      { "if-match": "*" },
      { "content-type": "text/plain" },
      { origin: "https://elsewhere.example" },
    ];
    const ask = async (workspace: string): Promise<Told[]> =>
      await eachOf(
        headers.flatMap((extra) => commands.slice(0, 12).map((route) => ({ route, extra }))),
        async ({ route, extra }) => {
          const path = addressOf(route.path, { workspace, campaign: campaign.campaignId });
          return await probe(url, { ...route, path, headers: extra }, outsider.token);
        },
      );
    expect(await ask(owner.workspaceId)).toEqual(await ask(NO_WORKSPACE));
  });

  test("malformed workspace ids", async () => {
    const malformed = [
      "ws_1",
      "nonsense",
      owner.workspaceId.toLowerCase(),
      `${owner.workspaceId}x`,
      "%2e%2e",
      "ws_",
      "0",
    ];
    for (const workspace of malformed) {
      const answers = await probeAll({ url, token: outsider.token }, routes, {
        workspace,
        campaign: campaign.campaignId,
        id: NO_ID,
      });
      expect({ workspace, answers }).toEqual({ workspace, answers: allAnswered(routes, nothing) });
    }
  });

  test("and whoever has no token, or a wrong one, learns as little", async () => {
    for (const token of [null, "nonsense", `${outsider.token}x`]) {
      const place = { campaign: campaign.campaignId, id: campaign.mediaBuyId };
      const here = await probeAll({ url, token }, routes, { ...place, workspace: owner.workspaceId });
      const nowhere = await probeAll({ url, token }, routes, { ...place, workspace: NO_WORKSPACE });
      expect(here).toEqual(nowhere);
      expect(new Set(here.map(({ told }) => told.status))).toEqual(new Set([401]));
    }
  });
});

describe("[P9] an outsider's socket", () => {
  const livePaths = (): string[] => [
    `/v1/workspaces/${owner.workspaceId}/live`,
    `${campaign.path}/live`,
    `/v1/workspaces/${owner.workspaceId}/campaigns/no-such-slug/live`,
    `/v1/workspaces/${owner.workspaceId}/campaigns/${NO_CAMPAIGN}/live`,
    `/v1/workspaces/${NO_WORKSPACE}/live`,
    `/v1/workspaces/${NO_WORKSPACE}/campaigns/${campaign.campaignId}/live`,
    `/v1/workspaces/${outsider.workspaceId}/campaigns/${campaign.campaignId}/live`,
    `/v1/workspaces/${outsider.workspaceId}/campaigns/no-such-slug/live`,
    "/v1/workspaces/nonsense/live",
  ];

  test("is accepted and closed as 'not found', byte for byte as one of a workspace that does not exist", async () => {
    const answers = await eachOf(livePaths(), async (path) => ({
      path,
      ...(await probeUpgrade(url, path, outsider.token)),
    }));
    const expected = await probeUpgrade(url, `/v1/workspaces/${NO_WORKSPACE}/live`, outsider.token);
    expect(expected.frames).toBe(NOT_FOUND_FRAMES);
    expect(expected.head).toMatch(/^HTTP\/1\.1 101 /);
    expect(answers).toEqual(livePaths().map((path) => ({ path, ...expected })));
  });

  test("is told nothing, and changes nothing, whatever frames it sends before it is closed", async () => {
    const { token } = outsider;
    const frames = [
      { type: "hello", protocol: PROTOCOL_VERSION, client_id: "outsider" },
      { type: "applied", seq: 1 },
      { type: "snapshot_ack", chunk: 0 },
      { type: "auth", token },
      { type: "auth", token: "nonsense" },
      { type: "ping", extra: true },
      { type: "nonsense" },
      ...[workspaceRoom, campaignRoom].flatMap((room) =>
        [...room.commands.values()].map(({ type, example }) => ({
          type: `${type}:requested`,
          id: crypto.randomUUID(),
          payload: example,
        })),
      ),
      { type: "campaign:state:v1:requested", id: crypto.randomUUID(), payload: { campaign_id: campaign.campaignId } },
      { type: "workspace:state:v1:requested", id: crypto.randomUUID(), payload: {} },
    ];
    const changes = await commitsDuring(async () => {
      for (const path of livePaths()) {
        const socket = await RoomSocket.open(url, path, token);
        for (const frame of frames) socket.send(frame);
        expect(await socket.untilClosed()).toEqual(CLOSE_CODES.NOT_FOUND);
        expect(socket.frames).toEqual([]);
      }
    });
    expect(changes).toEqual([]);

    // What changes is noticed.
    const seen = await commitsDuring(async () => {
      mustWork(await owner.post(`${campaign.path}/campaign/update`, { updates: { title: "Changed by its owner" } }));
    });
    expect(seen).toHaveLength(1);
  });
});
