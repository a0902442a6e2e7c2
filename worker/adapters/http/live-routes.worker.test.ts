import { Hono } from "hono";
import { beforeAll, describe, expect, it } from "vitest";
import { CLOSE_CODES } from "../../../core/protocol/close-codes.ts";
import { PROTOCOL_VERSION, SUBPROTOCOL } from "../../../core/protocol/version.ts";
import { foundTeam, jsonOf, post, send, tokenOf } from "../../app.fixture.ts";
import type { Team } from "../../app.fixture.ts";
import { parseProof } from "../../objects/live-proof.ts";
import { liveRoutes } from "./live-routes.ts";
import { LIVE_HEADERS } from "./ports.ts";
import type { Http, HttpPorts } from "./ports.ts";

let team: Team;
let other: Team;
beforeAll(async () => {
  [team, other] = [await foundTeam(), await foundTeam()];
});

const upgrade = (path: string, headers: Record<string, string>) =>
  send(path, { headers: { upgrade: "websocket", ...headers } });
const offering = (token: string) => ({ "sec-websocket-protocol": `${SUBPROTOCOL}, bearer.${token}` });

/** The code a socket is closed with. */
async function closeCode(answer: Response): Promise<number> {
  expect(answer.status).toBe(101);
  const socket = answer.webSocket!;
  const closed = new Promise<number>((resolve) => socket.addEventListener("close", ({ code }) => resolve(code)));
  socket.accept();
  return await closed;
}

/** The first frame after a hello. */
async function welcome(answer: Response): Promise<unknown> {
  expect(answer.status).toBe(101);
  const socket = answer.webSocket!;
  const first = new Promise<string>((resolve) =>
    socket.addEventListener("message", ({ data }) => resolve(String(data)), { once: true }),
  );
  socket.accept();
  socket.send(JSON.stringify({ type: "hello", protocol: PROTOCOL_VERSION, client_id: "test-client" }));
  const frame: unknown = JSON.parse(await first);
  socket.close(1000);
  return frame;
}

describe("a live address", () => {
  it("connects whoever has a token in the subprotocol, and echoes the protocol alone", async () => {
    const answer = await upgrade(`/v1/workspaces/${team.ws}/live`, offering(team.owner));
    expect(answer.headers.get("sec-websocket-protocol")).toBe(SUBPROTOCOL);
    expect(await welcome(answer)).toMatchObject({ type: "welcome", room: team.ws, me: { role: "owner" } });
  });

  it("connects whoever has it in the Authorization header, without a subprotocol that was not offered", async () => {
    const answer = await upgrade(`/v1/workspaces/${team.ws}/live`, { authorization: `Bearer ${team.owner}` });
    expect(answer.headers.get("sec-websocket-protocol")).toBeNull();
    expect(await welcome(answer)).toMatchObject({ type: "welcome" });
  });

  it("connects whoever it is, in whatever script they are named", async () => {
    const token = await tokenOf("日本");
    const workspace = { name: "Tokyo", timezone: "Asia/Tokyo", currency: "JPY", owner_name: "Aiko" };
    const created = await post("/v1/workspaces", token, workspace);
    const { data } = await jsonOf<{ data: { workspace: { id: string } } }>(created);
    const answer = await upgrade(`/v1/workspaces/${data.workspace.id}/live`, offering(token));
    expect(await welcome(answer)).toMatchObject({ type: "welcome", me: { role: "owner" } });
  });

  it("tells the room who it is in ASCII, since a header holds no more everywhere", async () => {
    const identity = { kind: "user", subject: "日本 50%", session_id: null } as const;
    let passed: Request | undefined;
    const ports = {
      verify: async () => ({ identity, expires_at: null, workspace_id: null }),
      workspace: () => ({ live: async (request: Request) => ((passed = request), new Response()) }),
    } as unknown as HttpPorts; // The others are not reached.
    const app = new Hono<Http>();
    app.use(async (c, next) => {
      c.set("ports", ports);
      await next();
    });
    app.route("/", liveRoutes());
    await app.request(`/${team.ws}/live`, { headers: { upgrade: "websocket", authorization: "Bearer x" } });
    const header = passed?.headers.get(LIVE_HEADERS.identity) ?? null;
    expect(header).toMatch(/^[!-~]+$/);
    expect(parseProof(header)).toEqual({ identity, expires_at: null });
  });

  it.each(["id", "slug"] as const)("of a campaign is found by its %s", async (name) => {
    const answer = await upgrade(
      `/v1/workspaces/${team.ws}/campaigns/${team.campaign[name]}/live`,
      offering(team.owner),
    );
    expect(await welcome(answer)).toMatchObject({ type: "welcome", room: `${team.ws}/${team.campaign.id}` });
  });

  it("closes with UNAUTHENTICATED without a valid token", async () => {
    for (const headers of [
      {},
      offering("nonsense"),
      { authorization: "Bearer x" },
      { "sec-websocket-protocol": SUBPROTOCOL },
    ]) {
      const answer = await upgrade(`/v1/workspaces/${team.ws}/live`, headers);
      expect(await closeCode(answer)).toBe(CLOSE_CODES.UNAUTHENTICATED.code);
    }
  });

  it("closes alike for what is not yours and for what does not exist", async () => {
    const paths = [
      `/v1/workspaces/${team.ws}/live`,
      "/v1/workspaces/ws_01JD0ZZZZZZZZZZZZZZZZZZZZZ/live",
      "/v1/workspaces/nonsense/live",
      `/v1/workspaces/${team.ws}/campaigns/${team.campaign.id}/live`,
      `/v1/workspaces/${team.ws}/campaigns/autumn/live`,
      `/v1/workspaces/${other.ws}/campaigns/${team.campaign.id}/live`,
      `/v1/workspaces/${other.ws}/campaigns/no-such-slug/live`,
    ];
    for (const path of paths)
      expect([path, await closeCode(await upgrade(path, offering(other.owner)))]).toEqual([
        path,
        CLOSE_CODES.NOT_FOUND.code,
      ]);
  });

  it("closes with NOT_FOUND if the token is for another workspace", async () => {
    const { sub } = JSON.parse(atob(team.owner.split(".")[1] ?? "")) as { sub: string };
    const narrow = await tokenOf(sub, { workspace_id: other.ws });
    expect(await closeCode(await upgrade(`/v1/workspaces/${team.ws}/live`, offering(narrow)))).toBe(
      CLOSE_CODES.NOT_FOUND.code,
    );
  });

  it("does not believe a client that says who it is", async () => {
    const identity = { kind: "system", subject: "room", session_id: null };
    const headers = {
      "x-flightdeck-identity": JSON.stringify({ identity, expires_at: null }),
      "x-flightdeck-room": team.ws,
    };
    const path = `/v1/workspaces/${team.ws}/live`;
    expect(await closeCode(await upgrade(path, headers))).toBe(CLOSE_CODES.UNAUTHENTICATED.code);
    expect(await closeCode(await upgrade(path, { ...headers, ...offering(other.owner) }))).toBe(
      CLOSE_CODES.NOT_FOUND.code,
    );
  });

  it("asks for an upgrade if there was none", async () => {
    const answer = await send(`/v1/workspaces/${team.ws}/live`, { token: team.owner });
    expect(answer.status).toBe(426);
    expect(answer.headers.get("upgrade")).toBe("websocket");
  });
});
