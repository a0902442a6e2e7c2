import { beforeAll, describe, expect, it } from "vitest";
import { fetchApp, foundTeam, jsonOf, newKey, post, send } from "../../app.fixture.ts";
import type { Team } from "../../app.fixture.ts";

let team: Team;
let rename: string;
beforeAll(async () => {
  team = await foundTeam();
  rename = `/v1/workspaces/${team.ws}/campaigns/${team.campaign.id}/campaign/update`;
});

const titled = (title: string) => ({ updates: { title } });
const refused = async (response: Response) => {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const body = await jsonOf(response);
  expect(body).toMatchObject({ status: response.status, type: `urn:flightdeck:refusal:${String(body["code"])}` });
  return [response.status, body["code"]];
};

describe("a command over HTTP", () => {
  it("is carried out once, and answers a retry alike, marked as replayed", async () => {
    const headers = { "idempotency-key": newKey() };
    const first = await send(rename, { token: team.owner, body: titled("Retried"), headers });
    const answer = await jsonOf(first);
    expect(first.status).toBe(200);
    expect(answer).toMatchObject({
      type: "campaign:update:v1:success",
      id: headers["idempotency-key"],
      seq: expect.any(Number),
    });
    const again = await send(rename, { token: team.owner, body: titled("Retried"), headers });
    expect(again.status).toBe(200);
    expect(await jsonOf(again)).toEqual({ ...answer, replayed: true });
  });

  it("creates with 201, and says so again to a retry", async () => {
    const path = `/v1/workspaces/${team.ws}/campaign/create`;
    const headers = { "idempotency-key": newKey() };
    const created = await send(path, { token: team.owner, body: { title: "Created" }, headers });
    expect(created.status).toBe(201);
    const again = await send(path, { token: team.owner, body: { title: "Created" }, headers });
    expect(again.status).toBe(201);
    const idOf = async (answer: Response) => (await jsonOf<{ data: { id: string } }>(answer)).data.id;
    expect(await idOf(again)).toBe(await idOf(created));
  });

  it("finds the campaign by its slug, and may repeat it in the body", async () => {
    const bySlug = rename.replace(team.campaign.id, team.campaign.slug);
    expect((await post(bySlug, team.owner, titled("By slug"))).status).toBe(200);
    const repeated = { ...titled("Repeated"), campaign_id: team.campaign.slug };
    expect((await post(bySlug, team.owner, repeated)).status).toBe(200);
  });

  it("is refused if the body names another campaign than the address", async () => {
    const other = { ...titled("Other"), campaign_id: "cmp_01JD0000000000000000000000" };
    expect(await refused(await post(rename, team.owner, other))).toEqual([404, "CAMPAIGN_NOT_FOUND"]);
  });

  it("does nothing in a dry run", async () => {
    const before = await jsonOf(await send(`/v1/workspaces/${team.ws}/campaigns/autumn`, { token: team.owner }));
    const dry = await send(rename, { token: team.owner, body: titled("Dry"), headers: { "dry-run": "true" } });
    expect(dry.status).toBe(200);
    expect(await jsonOf(dry)).toMatchObject({ dry_run: true });
    const after = await jsonOf(await send(`/v1/workspaces/${team.ws}/campaigns/autumn`, { token: team.owner }));
    expect(after["data"]).toEqual(before["data"]);
  });

  it("is refused if the entity is no longer at the revision of If-Match", async () => {
    const read = await send(`/v1/workspaces/${team.ws}/campaigns/autumn`, { token: team.owner });
    const etag = read.headers.get("etag") ?? "";
    expect(etag).toMatch(/^"\d+"$/);
    expect(
      (await send(rename, { token: team.owner, body: titled("First"), headers: { "if-match": etag } })).status,
    ).toBe(200);
    const second = await send(rename, { token: team.owner, body: titled("Second"), headers: { "if-match": etag } });
    expect(second.status).toBe(409);
    const body = await jsonOf(second);
    expect(body).toMatchObject({ code: "CONFLICT", details: { current_revision: Number(etag.slice(1, -1)) + 1 } });
  });

  it("may say its charset", async () => {
    const headers = { "content-type": "Application/JSON; charset=utf-8" };
    expect((await send(rename, { token: team.owner, body: titled("Charset"), headers })).status).toBe(200);
  });

  it("keeps a trace and answers its correlation id", async () => {
    const answer = await send(rename, {
      token: team.owner,
      body: titled("Traced"),
      headers: { "x-correlation-id": "trace-me-17" },
    });
    expect(answer.headers.get("x-correlation-id")).toBe("trace-me-17");
    const made = await send(rename, {
      token: team.owner,
      body: titled("Traced too"),
      headers: { "x-correlation-id": "no spaces allowed" },
    });
    expect(made.headers.get("x-correlation-id")).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe("a command over HTTP is refused", () => {
  it("without an Idempotency-Key, or with one that is too short or has other characters", async () => {
    for (const key of [undefined, "short", "has spaces in it ....", "x".repeat(256)]) {
      const answer = await send(rename, {
        token: team.owner,
        body: titled("Keyless"),
        headers: { "idempotency-key": key },
      });
      expect(await refused(answer)).toEqual([400, "IDEMPOTENCY_KEY_REQUIRED"]);
    }
  });

  it("if its key was used with another payload, or another expected revision", async () => {
    const headers = { "idempotency-key": newKey() };
    await send(rename, { token: team.owner, body: titled("Once"), headers });
    const other = await send(rename, { token: team.owner, body: titled("Twice"), headers });
    expect(await refused(other)).toEqual([409, "IDEMPOTENCY_CONFLICT"]);
    const conditional = await send(rename, {
      token: team.owner,
      body: titled("Once"),
      headers: { ...headers, "if-match": "7" },
    });
    expect(await refused(conditional)).toEqual([409, "IDEMPOTENCY_CONFLICT"]);
  });

  it.each([
    ["text/plain", 415],
    [undefined, 415],
    ["application/x-www-form-urlencoded", 415],
    ["application/json-patch+json", 415],
  ])("as %s", async (type, status) => {
    const answer = await send(rename, {
      token: team.owner,
      body: JSON.stringify(titled("Typed")),
      headers: { "content-type": type },
    });
    expect(await refused(answer)).toEqual([status, "INVALID_REQUEST"]);
  });

  it.each([
    ["nothing", ""],
    ["half of an object", '{"updates": {'],
    ["a NaN", '{"updates": {"title": NaN}}'],
    ["100 levels", `{"updates": ${"[".repeat(100)}${"]".repeat(100)}}`],
    ["100,000 levels", "[".repeat(100_000)],
    ["a __proto__ key", '{"updates": {"title": "P", "__proto__": {"role": "owner"}}}'],
    ["a constructor key", '{"constructor": {"prototype": {"role": "owner"}}}'],
    ["a lone surrogate", '{"updates": {"title": "\\ud800"}}'],
    ["two values", "{} {}"],
  ])("with %s for a body", async (_case, body) => {
    expect(await refused(await post(rename, team.owner, body))).toEqual([400, "INVALID_REQUEST"]);
    expect(Object.hasOwn(Object.prototype, "role")).toBe(false);
  });

  it.each([
    ["an unknown field", { updates: { title: "X" }, tenant: "other" }],
    ["an unknown field further in", { updates: { title: "X", revision: 7 } }],
    ["a list", [1]],
    ["a number", 7],
    ["null", "null"],
    ["a title that is no text", { updates: { title: 7 } }],
  ])("with %s, naming the field", async (_case, body) => {
    const answer = await post(rename, team.owner, body);
    const problem = await jsonOf<{ code: string; issues: unknown[] }>(answer);
    expect([answer.status, problem.code]).toEqual([422, "VALIDATION_ERROR"]);
    expect(problem.issues[0]).toMatchObject({ pointer: expect.any(String), message: expect.any(String) });
  });

  it("with text that is not UTF-8", async () => {
    const answer = await fetchApp(rename, {
      method: "POST",
      headers: {
        authorization: `Bearer ${team.owner}`,
        "idempotency-key": newKey(),
        "content-type": "application/json",
      },
      body: new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
    });
    expect(await refused(answer)).toEqual([400, "INVALID_REQUEST"]);
  });

  it("over 256 KB, announced or not, and the next request works", async () => {
    const long = JSON.stringify(titled("x".repeat(256 * 1024)));
    expect(await refused(await post(rename, team.owner, long))).toEqual([413, "PAYLOAD_TOO_LARGE"]);
    const chunk = new TextEncoder().encode(" ".repeat(64 * 1024));
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        if (sent++ < 10) controller.enqueue(chunk);
        else controller.close();
      },
    });
    const headers = {
      authorization: `Bearer ${team.owner}`,
      "idempotency-key": newKey(),
      "content-type": "application/json",
    };
    const streamed = await fetchApp(rename, { method: "POST", headers, body });
    expect(await refused(streamed)).toEqual([413, "PAYLOAD_TOO_LARGE"]);
    expect((await post(rename, team.owner, titled("After"))).status).toBe(200);
  });

  it.each([
    ["if-match", "*"],
    ["if-match", '"1", "2"'],
    ["if-match", "-1"],
    ["dry-run", "perhaps"],
  ])("with %s: %s", async (name, value) => {
    const answer = await send(rename, { token: team.owner, body: titled("Header"), headers: { [name]: value } });
    expect(await refused(answer)).toEqual([400, "INVALID_REQUEST"]);
  });

  it("if nothing would change", async () => {
    await post(rename, team.owner, titled("Same"));
    expect(await refused(await post(rename, team.owner, titled("Same")))).toEqual([409, "NO_CHANGE"]);
  });
});
