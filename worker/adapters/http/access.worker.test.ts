import { SignJWT } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { foundTeam, jsonOf, newKey, post, send, testEnv, tokenOf } from "../../app.fixture.ts";
import type { Team } from "../../app.fixture.ts";

let team: Team;
let other: Team;
beforeAll(async () => {
  [team, other] = [await foundTeam(), await foundTeam()];
});

/** Everything an answer tells, besides what is different each time by nature. */
async function told(response: Response): Promise<unknown> {
  const headers = [...response.headers].filter(([name]) => !["x-correlation-id", "date"].includes(name));
  return { status: response.status, headers, body: await response.text() };
}

describe("without a valid credential", () => {
  const routes = ["/v1/me", "/v1/workspaces/WS", "/v1/workspaces/WS/members", "/v1/workspaces/WS/campaigns/autumn"];

  it.each(routes)("GET %s is refused with 401", async (route) => {
    const path = route.replace("WS", team.ws);
    for (const token of [undefined, "nonsense", "fd_live_nonsense", `${team.owner}x`]) {
      const answer = await send(path, { token });
      expect(answer.status).toBe(401);
      expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="flightdeck"');
      expect(await jsonOf(answer)).toMatchObject({ code: "UNAUTHENTICATED" });
    }
  });

  it("a command is refused before its body is looked at", async () => {
    const answer = await post(`/v1/workspaces/${team.ws}/campaign/create`, undefined, "no json");
    expect(answer.status).toBe(401);
  });

  it("an expired or foreign token is refused like none", async () => {
    const sign = (issuer: string, expires: string) =>
      new SignJWT({ sub: "owner" })
        .setProtectedHeader({ alg: "HS256", typ: "JWT" })
        .setIssuer(issuer)
        .setAudience(testEnv.JWT_AUDIENCE)
        .setExpirationTime(expires)
        .sign(new TextEncoder().encode(testEnv.JWT_SECRET));
    const none = await told(await send("/v1/me"));
    expect(await told(await send("/v1/me", { token: await sign(testEnv.JWT_ISSUER, "-1h") }))).toEqual(none);
    expect(await told(await send("/v1/me", { token: await sign("https://evil.example", "1h") }))).toEqual(none);
  });

  it.each(["Basic abc", "Bearer", "bearer  ", "Bearer a b"])("%j is no credential", async (authorization) => {
    expect((await send("/v1/me", { headers: { authorization } })).status).toBe(401);
  });
});

describe("what is not yours", () => {
  const workspaces = () => ({ real: team.ws, unknown: "ws_01JD0ZZZZZZZZZZZZZZZZZZZZZ" });
  const reads = ["", "/member", "/media_buy_summary", "/campaign_summary/autumn", "/api_key_credential", "/nonsense"];
  const inCampaign = [
    "/campaigns/autumn",
    "/campaigns/CAMPAIGN",
    "/campaigns/CAMPAIGN/media_buy",
    "/campaigns/CAMPAIGN/x/y",
  ];

  it.each([...reads, ...inCampaign])("GET %s has the bytes of what does not exist", async (path) => {
    const { real, unknown } = workspaces();
    const at = async (ws: string, token: string) =>
      told(await send(`/v1/workspaces/${ws}${path.replace("CAMPAIGN", team.campaign.id)}`, { token }));
    const nothing = await told(await send("/v1/nothing/here"));
    expect(await at(real, other.owner)).toEqual(nothing);
    expect(await at(unknown, other.owner)).toEqual(nothing);
  });

  it.each([
    ["/campaign/create", { title: "Mine now" }],
    ["/member/add", { user_id: "u", name: "U", role: "owner" }],
    ["/workspace/update", { updates: { name: "Mine" } }],
    ["/workspace/create", { name: "Mine" }],
    ["/mirror/apply", {}],
    ["/nonsense/verb", {}],
    ["/campaigns/autumn/campaign/update", { updates: { title: "Mine" } }],
    ["/campaigns/CAMPAIGN/campaign/update", { updates: { title: "Mine" } }],
    ["/campaigns/CAMPAIGN/campaign/open", {}],
    ["/campaigns/cmp_01JD0000000000000000000000/campaign/update", { updates: { title: "Mine" } }],
  ])("POST %s has the bytes of what does not exist", async (path, body) => {
    const { real, unknown } = workspaces();
    const at = async (ws: string) =>
      told(await post(`/v1/workspaces/${ws}${path.replace("CAMPAIGN", team.campaign.id)}`, other.owner, body));
    const nothing = await told(await post("/v1/nothing/here", other.owner, {}));
    expect(await at(real)).toEqual(nothing);
    expect(await at(unknown)).toEqual(nothing);
  });

  it.each(["PUT", "PATCH", "DELETE"])("%s is not a method of anything", async (method) => {
    const answer = await send(`/v1/workspaces/${team.ws}`, { method, token: team.owner });
    expect(await told(answer)).toEqual(await told(await send("/v1/nothing/here")));
  });

  it.each(["ws_1", "..", "ws_01JD0000000000000000000000x", "%2e%2e", "ws_mars_01JD0000000000000000000000"])(
    "an address that could be no workspace (%s) leads nowhere",
    async (ws) => {
      const answer = await send(`/v1/workspaces/${ws}/member`, { token: team.owner });
      expect(answer.status).toBe(404);
    },
  );

  it("is also what a token is not for, whoever holds it", async () => {
    const subject = JSON.parse(atob(team.owner.split(".")[1] ?? "")) as { sub: string };
    const narrow = await tokenOf(subject.sub, { workspace_id: other.ws });
    const answer = await send(`/v1/workspaces/${team.ws}`, { token: narrow });
    expect(await told(answer)).toEqual(await told(await send("/v1/nothing/here")));
    const right = await tokenOf(subject.sub, { workspace_id: team.ws });
    expect((await send(`/v1/workspaces/${team.ws}`, { token: right })).status).toBe(200);
  });
});

describe("a browser page of another origin", () => {
  const foreign = [
    "https://evil.example",
    "null",
    "https://flightdeck.example.evil.example",
    "http://flightdeck.example",
  ];
  foreign.push("https://flightdeck.example:8443", "https://xflightdeck.example", "https://flightdeck.example/");

  it.each(foreign)("(%s) is refused everything", async (origin) => {
    for (const path of ["/v1/me", `/v1/workspaces/${team.ws}`, "/openapi.json"]) {
      const answer = await send(path, { token: team.owner, headers: { origin } });
      expect(answer.status).toBe(403);
      expect(answer.headers.get("access-control-allow-origin")).toBeNull();
      expect(await jsonOf(answer)).toMatchObject({ code: "FORBIDDEN_ORIGIN" });
    }
    const live = { upgrade: "websocket", origin, authorization: `Bearer ${team.owner}` };
    expect((await send(`/v1/workspaces/${team.ws}/live`, { headers: live })).status).toBe(403);
    const preflight = await send("/v1/me", { method: "OPTIONS", headers: { origin } });
    expect(preflight.status).toBe(403);
  });

  it("is allowed if it is our own", async () => {
    const answer = await send("/v1/me", { token: team.owner, headers: { origin: "https://flightdeck.example" } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("access-control-allow-origin")).toBe("https://flightdeck.example");
    expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
  });
});

describe("every answer", () => {
  it.each(["/healthz", "/docs", "/openapi.json", "/v1/nothing", "/v1/me"])(
    "of %s has the security headers",
    async (path) => {
      const { headers } = await send(path);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      const policy = headers.get("content-security-policy") ?? "";
      expect(policy).toContain("default-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("connect-src 'self' wss://flightdeck.example");
      expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    },
  );

  it("of the API is never stored", async () => {
    const answers = [await send("/v1/me", { token: team.owner }), await send("/v1/me"), await send("/v1/nothing")];
    for (const answer of answers) expect(answer.headers.get("cache-control")).toBe("no-store");
  });
});

describe("the demo sign-in", () => {
  it("signs in each demo person", async () => {
    for (const person of ["owner", "admin", "operator", "operator2", "viewer", "outsider"]) {
      const answer = await send("/v1/auth/demo", { body: { person } });
      expect(answer.status).toBe(200);
      const { token } = await jsonOf<{ token: string }>(answer);
      expect((await send("/v1/me", { token })).status).toBe(200);
    }
  });

  it.each([[{ person: "root" }], [{ person: "constructor" }], [{ person: "owner", role: "owner" }], [{}], [7]])(
    "refuses %j",
    async (body) => {
      const answer = await send("/v1/auth/demo", { body });
      expect(answer.status).toBe(400);
    },
  );
});

describe("an API key", () => {
  it("does what its scopes allow, until it is revoked", async () => {
    const path = `/v1/workspaces/${team.ws}/api_key/create`;
    const made = await post(path, team.owner, { name: "n8n", scopes: ["campaign.read", "campaign.edit"] });
    expect(made.status).toBe(201);
    const { data } = await jsonOf<{ data: Record<string, unknown> }>(made);
    const key = Object.values(data).find(
      (value) => typeof value === "string" && value.startsWith("fd_live_"),
    ) as string;
    const rename = `/v1/workspaces/${team.ws}/campaigns/${team.campaign.id}/campaign/update`;
    expect((await post(rename, key, { updates: { title: `By a key ${newKey()}` } })).status).toBe(200);
    const denied = await post(`/v1/workspaces/${team.ws}/campaign/create`, key, { title: "No scope" });
    expect(denied.status).toBe(403);
    expect(await jsonOf(denied)).toMatchObject({ code: "PERMISSION_DENIED" });
  });
});
