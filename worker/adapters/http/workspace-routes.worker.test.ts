import { describe, expect, it } from "vitest";
import { createApp } from "../../app.ts";
import { ORIGIN, jsonOf, newKey, post, send, testEnv, tokenOf } from "../../app.fixture.ts";

const halcyon = { name: "Halcyon", timezone: "America/New_York", currency: "USD", owner_name: "Ada Moreno" };
type Created = { data: { workspace: { id: string; jurisdiction: string | null } }; replayed?: boolean };

describe("creating a workspace", () => {
  it("gives it an id, the same for every retry, and makes the caller its owner", async () => {
    const token = await tokenOf("founder-1");
    const headers = { "idempotency-key": newKey() };
    const first = await send("/v1/workspaces", { token, body: halcyon, headers });
    expect(first.status).toBe(201);
    const { data } = await jsonOf<Created>(first);
    const again = await send("/v1/workspaces", { token, body: halcyon, headers });
    expect(again.status).toBe(201);
    expect(await jsonOf<Created>(again)).toMatchObject({
      replayed: true,
      data: { workspace: { id: data.workspace.id } },
    });
    expect((await send(`/v1/workspaces/${data.workspace.id}`, { token })).status).toBe(200);
  });

  it("gives another person with the same key another workspace", async () => {
    const headers = { "idempotency-key": newKey() };
    const ids = await Promise.all(
      ["founder-2", "founder-3"].map(async (subject) => {
        const answer = await send("/v1/workspaces", { token: await tokenOf(subject), body: halcyon, headers });
        return (await jsonOf<Created>(answer)).data.workspace.id;
      }),
    );
    expect(new Set(ids).size).toBe(2);
  });

  it("keeps it in a jurisdiction, which becomes part of its id", async () => {
    const token = await tokenOf("founder-4");
    const body = { ...halcyon, jurisdiction: "eu" };
    const { data } = await jsonOf<Created>(await post("/v1/workspaces", token, body));
    expect(data.workspace.id).toMatch(/^ws_eu_/);
    expect(data.workspace.jurisdiction).toBe("eu");
    expect((await send(`/v1/workspaces/${data.workspace.id}`, { token })).status).toBe(200);
  });

  it("takes an id of the caller's", async () => {
    const workspace_id = "ws_01JD0CHSENBYCA11ER00000001";
    const answer = await post("/v1/workspaces", await tokenOf("founder-5"), { ...halcyon, workspace_id });
    expect((await jsonOf<Created>(answer)).data.workspace.id).toBe(workspace_id);
  });

  it.each([
    ["an id that is none", { workspace_id: "ws_1" }, 400],
    ["an id of another jurisdiction", { workspace_id: "ws_01JD0000000000000000000000", jurisdiction: "eu" }, 400],
    ["an unknown jurisdiction", { jurisdiction: "mars" }, 400],
    ["an unknown location", { location_hint: "mars" }, 400],
    ["an unknown field", { plan: "free" }, 422],
    ["no currency", { currency: undefined }, 422],
  ])("is refused with %s", async (_case, wrong, status) => {
    const answer = await post("/v1/workspaces", await tokenOf("founder-6"), { ...halcyon, ...wrong });
    expect(answer.status).toBe(status);
  });

  it("is refused to an API key, and to a token that is for one workspace", async () => {
    const key = await post("/v1/workspaces", `fd_live_${"k".repeat(32)}`, halcyon);
    expect(key.status).toBe(404);
    const narrow = await tokenOf("founder-7", { workspace_id: "ws_01JD0000000000000000000000" });
    expect((await post("/v1/workspaces", narrow, halcyon)).status).toBe(403);
  });

  it("is refused with the same key and another payload", async () => {
    const token = await tokenOf("founder-8");
    const headers = { "idempotency-key": newKey() };
    await send("/v1/workspaces", { token, body: halcyon, headers });
    const other = await send("/v1/workspaces", { token, body: { ...halcyon, name: "Other" }, headers });
    expect(other.status).toBe(409);
    expect(await jsonOf(other)).toMatchObject({ code: "IDEMPOTENCY_CONFLICT" });
  });
});

describe("who I am", () => {
  it("is told to a person, of whatever workspaces", async () => {
    const answer = await send("/v1/me", { token: await tokenOf("founder-9") });
    expect([answer.status, await jsonOf(answer)]).toEqual([
      200,
      { kind: "user", user_id: "founder-9", workspaces: [] },
    ]);
  });

  it("is not told to a key: whether it is one, only its workspace knows", async () => {
    const answer = await send("/v1/me", { token: `fd_live_${"k".repeat(32)}` });
    expect(answer.status).toBe(403);
    expect(await jsonOf(answer)).toMatchObject({
      code: "PERMISSION_DENIED",
      hint: expect.stringContaining("one workspace"),
    });
  });
});

describe("a production deployment", () => {
  it("has no demo sign-in: the address has the bytes of any that leads nowhere", async () => {
    for (const ENVIRONMENT of ["production", "Development", "development ", ""]) {
      const app = createApp();
      const ask = async (path: string) => {
        const init = {
          method: "POST",
          headers: { "content-type": "application/json", "x-correlation-id": "same" },
          body: '{"person":"owner"}',
        };
        const answer = await app.fetch(new Request(`${ORIGIN}${path}`, init), { ...testEnv, ENVIRONMENT });
        return [answer.status, [...answer.headers], await answer.text()];
      };
      expect(await ask("/v1/auth/demo")).toEqual(await ask("/v1/auth/nothing"));
    }
  });
});

describe("an origin that is allowed", () => {
  it("may call, and is answered by name", async () => {
    const app = createApp();
    const env = { ...testEnv, ALLOWED_ORIGINS: "https://desk.example, https://n8n.example" };
    const ask = (origin: string, method = "GET") =>
      app.fetch(new Request(`${ORIGIN}/v1/me`, { method, headers: { origin } }), env);
    const answer = await ask("https://n8n.example");
    expect(answer.status).toBe(401);
    expect(answer.headers.get("access-control-allow-origin")).toBe("https://n8n.example");
    expect(answer.headers.get("vary")).toContain("origin");
    const preflight = await ask("https://desk.example", "OPTIONS");
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-headers")).toContain("idempotency-key");
    expect((await ask("https://desk.example.evil.example")).status).toBe(403);
  });
});
