import { beforeAll, describe, expect, it, vi } from "vitest";
import { foundTeam, jsonOf, post, send } from "../../app.fixture.ts";
import type { Team } from "../../app.fixture.ts";

let team: Team;
let other: Team;
beforeAll(async () => {
  [team, other] = [await foundTeam(), await foundTeam()];
});

const read = (path: string, token = team.owner) => send(`/v1/workspaces/${team.ws}${path}`, { token });
interface Listed {
  items: { id: string; slug?: string; data?: { slug?: string } }[];
  next_cursor: string | null;
  as_of: { seq: number } | null;
}

describe("a read of a room", () => {
  it("answers one entity with its revision and the moment it shows", async () => {
    const answer = await read(`/campaign_summary/${team.campaign.slug}`);
    expect(answer.status).toBe(200);
    const body = await jsonOf<{ revision: number }>(answer);
    expect(body).toMatchObject({ kind: "campaign_summary", id: team.campaign.id, data: { slug: "autumn" } });
    expect(body).toMatchObject({ as_of: { epoch: 1, seq: expect.any(Number), at: expect.any(String) } });
    expect(answer.headers.get("etag")).toBe(`"${body.revision}"`);
  });

  it("answers all of a kind, without what the reader may not see", async () => {
    const answer = await jsonOf<Listed>(await read("/member"));
    expect(answer.items).toHaveLength(1);
    expect((await read("/api_key_credential")).status).toBe(200);
    expect((await jsonOf<Listed>(await read("/api_key_credential"))).items).toEqual([]);
  });

  it("answers the workspace and the campaign at their own addresses", async () => {
    expect(await jsonOf(await read(""))).toMatchObject({ kind: "workspace", id: team.ws });
    const campaign = await read(`/campaigns/${team.campaign.slug}`);
    expect(await jsonOf(campaign)).toMatchObject({ kind: "campaign", id: team.campaign.id });
    const buys = await read(`/campaigns/${team.campaign.slug}/media_buy`);
    expect(await jsonOf(buys)).toMatchObject({ kind: "media_buy", items: [] });
  });

  it.each([
    "/nonsense",
    "/member/nobody",
    "/campaigns/no-such",
    "/campaigns/autumn/nonsense",
    "/campaigns/autumn/media_buy/none",
  ])("of %s finds nothing", async (path) => {
    expect((await read(path)).status).toBe(404);
  });
});

describe("a query of the read model", () => {
  it("lists what was committed, once it has arrived, as of a position", async () => {
    await vi.waitFor(async () => {
      const answer = await read("/campaigns");
      expect(answer.status).toBe(200);
      const { items, as_of } = await jsonOf<Listed>(answer);
      expect(JSON.stringify(items)).toContain(team.campaign.id);
      expect(as_of?.seq).toBeGreaterThan(0);
    });
  });

  it("lists my workspaces", async () => {
    await vi.waitFor(async () => {
      const me = await jsonOf<{ workspaces: object[] }>(await send("/v1/me", { token: team.owner }));
      expect(me).toMatchObject({ kind: "user", workspaces: [{ workspace_id: team.ws, role: "owner" }] });
    });
  });

  it.each(["/campaigns", "/media_buys", "/search?text=autumn", "/spend?by=day", "/audit", "/members", "/api_keys"])(
    "of %s is not found by a stranger, whatever it asks",
    async (path) => {
      const answer = await read(path, other.owner);
      expect(answer.status).toBe(404);
      expect(await jsonOf(answer)).toMatchObject({ code: "NOT_FOUND" });
      expect((await read(`${path.split("?")[0]}?nonsense=1`, other.owner)).status).toBe(404);
    },
  );

  it.each([
    "/campaigns?nonsense=1",
    "/campaigns?limit=0",
    "/campaigns?limit=1&limit=2",
    "/campaigns?cursor=forged",
    "/spend?by=moon",
    "/media_buys?campaign_id=7",
  ])("is refused as %s", async (path) => {
    const answer = await read(path);
    expect([answer.status, await jsonOf(answer)]).toMatchObject([400, { code: "INVALID_REQUEST", issues: [{}] }]);
  });

  it("is offered below a campaign, bound to it", async () => {
    expect((await read(`/campaigns/${team.campaign.slug}/media_buys`)).status).toBe(200);
    expect((await read(`/campaigns/${team.campaign.slug}/spend?by=day`)).status).toBe(200);
    expect((await read("/campaigns/no-such/media_buys")).status).toBe(404);
  });

  it("needs its permission", async () => {
    const made = await post(`/v1/workspaces/${team.ws}/api_key/create`, team.owner, {
      name: "reader",
      scopes: ["campaign.read"],
    });
    const { data } = await jsonOf<{ data: { secret: string } }>(made);
    expect((await read("/campaigns", data.secret)).status).toBe(200);
    expect((await read("/api_keys", data.secret)).status).toBe(403);
  });
});
