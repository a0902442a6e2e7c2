import { beforeAll, describe, expect, test } from "vitest";
import { campaignRoom } from "../../core/rooms/campaign-room.ts";
import { Api, makeCampaign, mustWork } from "./support/api.ts";
import type { TestCampaign } from "./support/api.ts";
import {
  NO_CAMPAIGN,
  NO_ID,
  NO_WORKSPACE,
  NOT_FOUND_FRAMES,
  allAnswered,
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
  nothing = await probe(url, { method: "GET", path: "/v1/nothing/here" }, owner.token);
});

describe("[P9] from inside", () => {
  test("an entity of another campaign's room is as unknown there as one that does not exist", async () => {
    const operator = await Api.as(url, "operator");
    const elsewhere = await makeCampaign(owner);
    const socket = await RoomSocket.open(url, `${elsewhere.path}/live`, operator.token);
    await socket.hello();
    const before = socket.position?.seq;
    const foreign = namingForeignEntities({
      mb: campaign.mediaBuyId,
      pkg: campaign.packageId,
      cmp: campaign.campaignId,
    });
    expect(foreign.length).toBeGreaterThan(8);
    for (const { type, payload, real, unknown } of foreign) {
      const path = `${elsewhere.path}/${type.split(":").slice(0, 2).join("/")}`;
      const answersTo = async (body: object): Promise<unknown> => {
        const byHttp = await operator.post(path, body);
        const bySocket = await socket.command(type, body);
        if (!("error" in bySocket)) throw new Error(`${type} was carried out: ${JSON.stringify(body)}`);
        const { correlation_id: _each, ...error } = bySocket.error;
        return JSON.parse(JSON.stringify([byHttp.status, byHttp.body, error]).replaceAll(real, unknown));
      };
      const ofForeign = await answersTo(payload);
      const ofUnknown = await answersTo(JSON.parse(JSON.stringify(payload).replaceAll(real, unknown)) as object);
      expect({ type, payload, answers: ofForeign }).toEqual({ type, payload, answers: ofUnknown });
    }
    for (const kind of ["media_buy", "package_counter"]) {
      const path = `${elsewhere.path}/${kind}/${campaign.mediaBuyId}`;
      expect(await probe(url, { method: "GET", path }, operator.token)).toEqual(nothing);
    }
    await socket.hello(socket.position);
    expect(socket.position?.seq).toBe(before);
    socket.close();
  });

  test("a buy named in another campaign's room gets MEDIA_BUY_NOT_FOUND", async () => {
    const operator = await Api.as(url, "operator");
    const elsewhere = await makeCampaign(owner);
    const payload = {
      media_buy_id: campaign.mediaBuyId,
      operations: [{ operation: "set_daily_cap", amount_micros: 500_000_000 }],
    };
    const answer = await operator.post(`${elsewhere.path}/media_buy/update`, payload);
    expect([answer.status, answer.body.code]).toEqual([404, "MEDIA_BUY_NOT_FOUND"]);
  });

  test("to a member limited to one campaign the others do not exist", async () => {
    const member = await Api.as(url, "operator2");
    const hidden = await makeCampaign(owner, `Hidden ${crypto.randomUUID()}`);
    const members = (await owner.get(`/v1/workspaces/${owner.workspaceId}/member`)).body["items"] as {
      id: string;
      data: { name: string };
    }[];
    const { id: member_id = "" } = members.find(({ data }) => data.name === "Jonas Weber") ?? {};
    const limit = async (campaign_ids: string[] | null): Promise<unknown> =>
      mustWork(await owner.post(`/v1/workspaces/${owner.workspaceId}/member/limit`, { member_id, campaign_ids }));
    await limit([campaign.campaignId]);
    try {
      await expect.poll(async () => (await member.get(hidden.path)).status, { timeout: 10_000 }).toBe(404);
      expect((await member.get(campaign.path)).status).toBe(200);

      const caller = { url, token: member.token };
      const ofCampaigns = routes.filter(({ path }) => path.includes("{campaign}"));
      const place: Place = { workspace: owner.workspaceId, campaign: hidden.campaignId, id: hidden.mediaBuyId };
      expect(await probeAll(caller, ofCampaigns, place)).toEqual(allAnswered(ofCampaigns, nothing));

      const queries = ["media_buys", "creatives", "search?q=hidden", "spend?by=day", "audit"].flatMap((query) => {
        const ask = (id: string): Route => {
          const path = `/v1/workspaces/{workspace}/${query}${query.includes("?") ? "&" : "?"}campaign_id=${id}`;
          return { method: "GET", path };
        };
        return [{ hidden: ask(hidden.campaignId), unknown: ask(NO_CAMPAIGN) }];
      });
      const [forHidden, forUnknown] = await Promise.all([
        probeAll(
          caller,
          queries.map((each) => each.hidden),
          place,
        ),
        probeAll(
          caller,
          queries.map((each) => each.unknown),
          place,
        ),
      ]);
      expect(forHidden.map(({ told }) => told)).toEqual(forUnknown.map(({ told }) => told));

      const ofWorkspace = routes.filter(({ method, path }) => method === "GET" && !path.includes("{campaign}"));
      for (const { request, told } of await probeAll(caller, ofWorkspace, place)) {
        expect({
          request,
          tells: told.body.includes(hidden.campaignId) || told.body.includes(hidden.mediaBuyId),
        }).toEqual({
          request,
          tells: false,
        });
      }
      const closed = await probeUpgrade(url, `${hidden.path}/live`, member.token);
      expect(closed.frames).toBe(NOT_FOUND_FRAMES);
      const socket = await RoomSocket.open(url, `/v1/workspaces/${owner.workspaceId}/live`, member.token);
      await socket.hello();
      expect(JSON.stringify(socket.frames)).toContain(campaign.campaignId);
      expect(JSON.stringify(socket.frames)).not.toContain(hidden.campaignId);
      socket.close();
    } finally {
      await limit(null);
    }
  });

  test("an API key of one workspace is nobody in another", async () => {
    const made = mustWork(
      await owner.post(`/v1/workspaces/${owner.workspaceId}/api_key/create`, {
        name: "probe",
        scopes: ["workspace.read", "campaign.read", "campaign.edit", "media_buy.edit", "member.manage"],
      }),
    );
    const secret = String(made.data?.["secret"]);
    expect((await new Api(url, secret).get(campaign.path)).status).toBe(200);
    for (const workspace of [outsider.workspaceId, NO_WORKSPACE]) {
      const answers = await probeAll({ url, token: secret }, routes, { workspace, campaign: NO_CAMPAIGN, id: NO_ID });
      expect(answers).toEqual(allAnswered(routes, nothing));
      expect((await probeUpgrade(url, `/v1/workspaces/${workspace}/live`, secret)).frames).toBe(NOT_FOUND_FRAMES);
    }
  });

  test("another actor's command id gives nothing of that actor", async () => {
    const [operator, viewer] = [await Api.as(url, "operator"), await Api.as(url, "viewer")];
    const key = `probe-${crypto.randomUUID()}`;
    const path = `/v1/workspaces/${owner.workspaceId}/campaign/create`;
    const payload = { title: `Mine ${crypto.randomUUID()}` };
    const mine = mustWork(await owner.post(path, payload, { key }));

    const refused = await viewer.post(path, payload, { key });
    expect([refused.status, refused.body.code]).toEqual([403, "PERMISSION_DENIED"]);
    const theirs = mustWork(await operator.post(path, payload, { key }));
    expect(theirs.replayed).toBeUndefined();
    expect(theirs.data?.["id"]).not.toBe(mine.data?.["id"]);
    expect(theirs.seq).toBeGreaterThan(mine.seq ?? Infinity);

    const socket = await RoomSocket.open(url, `/v1/workspaces/${owner.workspaceId}/live`, viewer.token);
    await socket.hello();
    expect(await socket.command("campaign:create:v1", payload, { id: key })).toMatchObject({
      error: { code: "PERMISSION_DENIED" },
    });
    socket.close();
  });

  test("a position in another room is no position in this one", async () => {
    const workspace = await RoomSocket.open(url, `/v1/workspaces/${owner.workspaceId}/live`, owner.token);
    await workspace.hello();
    const elsewhere = await makeCampaign(owner);
    for (const path of [`${campaign.path}/live`, `${elsewhere.path}/live`]) {
      const socket = await RoomSocket.open(url, path, owner.token);
      const own = await socket.hello();
      for (const seq of [0, own.seq, workspace.position?.seq ?? 0]) {
        const foreign = { epoch: own.epoch, seq, tip: workspace.position?.tip ?? "" };
        const welcome = await socket.hello(foreign);
        expect({ seq, mode: welcome.mode, recovered: welcome.recovered }).toEqual({
          seq,
          mode: "snapshot",
          recovered: false,
        });
      }
      socket.close();
    }
    workspace.close();
  });
});

interface ForeignCall {
  readonly type: string;
  readonly payload: object;
  readonly real: string;
  /** The same kind of id, of nothing. */
  readonly unknown: string;
}

/** The examples of all commands of a campaign that name an entity, each with the id of one that is in another campaign. */
function namingForeignEntities({ cmp, ...ids }: Readonly<Record<"cmp" | "mb" | "pkg", string>>): ForeignCall[] {
  const commands = [...campaignRoom.commands.values()].filter(({ needs, example }) => needs(example) !== "system");
  return commands.flatMap(({ type, example }) => {
    const calls = Object.entries(ids).map(([prefix, real]) => {
      const text = JSON.stringify(example).replaceAll(new RegExp(`"${prefix}_[0-9A-Z]{26}"`, "g"), `"${real}"`);
      return { type, payload: JSON.parse(text) as object, real, unknown: `${prefix}_01JD0ZZZZZZZZZZZZZZZZZZZZZ` };
    });
    if (typeof example === "object" && example !== null && "campaign_id" in example)
      calls.push({ type, payload: { ...example, campaign_id: cmp }, real: cmp, unknown: NO_CAMPAIGN });
    return calls.filter(({ payload, real }) => JSON.stringify(payload).includes(real));
  });
}
