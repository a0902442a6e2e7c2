import { beforeAll, describe, expect, test } from "vitest";
import { campaignRoom } from "../../core/rooms/campaign-room.ts";
import { workspaceRoom } from "../../core/rooms/workspace-room.ts";
import { Api, makeCampaign, mustWork } from "./support/api.ts";
import type { TestCampaign } from "./support/api.ts";
import { BAD_PAYLOADS } from "./support/bad-payloads.ts";
import { Desk, assertError, assertProblem, errorIn } from "./support/desk.ts";
import { RoomSocket } from "./support/room-socket.ts";
import { sharedUrl } from "./support/shared-server.ts";

const url = sharedUrl();
const UPDATE = "campaign:update:v1";
const CHANGE = "media_buy:update:v1";
const BAD = "INVALID_REQUEST";
const STATUS = new Map([
  ["VALIDATION_ERROR", 422],
  [BAD, 400],
]);

let desk: Desk;
let elsewhere: TestCampaign;

beforeAll(async () => {
  desk = await Desk.open(url, "operator");
  elsewhere = await makeCampaign(await Api.as(url, "owner"));
});

/** An update of the desk's campaign, as it travels. */
const retitled = (title: string): string =>
  JSON.stringify({ campaign_id: desk.campaign.campaignId, updates: { title } });

describe("by HTTP and by socket alike, refused with a code, a sentence and the field, and nothing changes:", () => {
  test.each(BAD_PAYLOADS)("$wrong", async ({ type, payload, code, pointer }) => {
    const text = payload({ ...desk.campaign, elsewhere });
    await desk.unchangedBy(async () => {
      assertProblem(await desk.post(type, text), { status: STATUS.get(code) ?? 404, code, pointer });
      const frame = await desk.frame(type, text);
      expect(frame.type).toBe(`${type}:failed`);
      // What is wrong with the JSON itself is found before it is known to be a payload.
      const inFrame = code === BAD && pointer !== "" ? `/payload${pointer}` : pointer;
      assertError(errorIn(frame), { code, pointer: inFrame });
    });
  });

  test.each([
    ["NaN", '{"updates":{"state":{"a":NaN}}}'],
    ["Infinity", '{"updates":{"state":{"a":-Infinity}}}'],
    ["half a document", '{"updates":{"title":"x"'],
    ["another language", "<updates><title>x</title></updates>"],
    ["nothing", ""],
  ])("%s, which is not JSON", async (_what, text) => {
    await desk.unchangedBy(async () => {
      assertProblem(await desk.post(UPDATE, text), { status: 400, code: BAD, pointer: null });
      const frame = `{"type":"${UPDATE}:requested","id":"${crypto.randomUUID()}","payload":${text}}`;
      assertError(await desk.fault((socket) => socket.sendText(frame)), { code: BAD, pointer: null });
    });
  });

  test("an unknown type", async () => {
    await desk.unchangedBy(async () => {
      assertProblem(await desk.post("campaign:explode:v1", "{}"), { status: 404, code: "NOT_FOUND", pointer: null });
      for (const type of ["campaign:explode:v1", "campaign:update:v9", "workspace:update:v1", "constructor:x:v1"]) {
        const frame = await desk.frame(type, "{}");
        expect(frame.type).toBe(`${type}:failed`);
        assertError(errorIn(frame), { code: "UNKNOWN_TYPE", pointer: "/type" });
      }
    });
  });

  test("the same id, or key, for another payload or another command", async () => {
    const key = `bad-input-${crypto.randomUUID()}`;
    const first = retitled("The first of this key");
    expect((await desk.post(UPDATE, first, { "idempotency-key": key })).status).toBe(200);
    await desk.unchangedBy(async () => {
      const conflict = { status: 409, code: "IDEMPOTENCY_CONFLICT", pointer: null };
      const other = retitled("The second of this key");
      assertProblem(await desk.post(UPDATE, other, { "idempotency-key": key }), conflict);
      assertProblem(await desk.post(UPDATE, first, { "idempotency-key": key, "if-match": '"1"' }), conflict);
      const change = {
        media_buy_id: desk.campaign.mediaBuyId,
        operations: [{ operation: "remove_geo", countries: ["DE"] }],
      };
      assertProblem(await desk.post(CHANGE, JSON.stringify(change), { "idempotency-key": key }), conflict);
      // The same person by socket: another sign-in, the same actor.
      const answer = await desk.socket.command(UPDATE, JSON.parse(other) as object, { id: key });
      assertError(errorIn(answer), conflict);
      expect(JSON.parse((await desk.post(UPDATE, first, { "idempotency-key": key })).text)).toMatchObject({
        replayed: true,
      });
    });
  });

  test("a revision that is stale: it says who changed it since, when and with what", async () => {
    const { campaignId } = desk.campaign;
    const read = await desk.api.get(desk.campaign.path);
    const revision = Number(read.body["revision"]);
    const owner = await Api.as(url, "owner");
    const { actor: changed_by } = await whoIs(owner);
    mustWork(
      await owner.post(`${desk.campaign.path}/campaign/update`, { updates: { title: `Meanwhile ${revision}` } }),
    );
    const now = await desk.api.get(desk.campaign.path);
    const details = {
      kind: "campaign",
      id: campaignId,
      expected_revision: revision,
      current_revision: revision + 1,
      changed_by,
      changed_at: (now.body["data"] as { updated_at: string }).updated_at,
      changed_with: UPDATE,
    };
    await desk.unchangedBy(async () => {
      const text = retitled("On what I last saw");
      const answer = await desk.post(UPDATE, text, { "if-match": `"${revision}"` });
      assertProblem(answer, { status: 409, code: "CONFLICT", pointer: null });
      expect(JSON.parse(answer.text)).toMatchObject({ details });
      const metadata = { expected_revision: revision };
      const frame = await desk.socket.command(UPDATE, JSON.parse(text) as object, { metadata });
      expect(frame).toMatchObject({ type: `${UPDATE}:failed`, error: { code: "CONFLICT", details } });
    });
  });
});

/** Whom the desk's room takes somebody for. */
async function whoIs({ token }: Api): Promise<{ actor: string }> {
  const socket = await RoomSocket.open(url, `${desk.campaign.path}/live`, token);
  const { me } = await socket.hello();
  socket.close();
  return me;
}

describe("a viewer", () => {
  test("is refused every command of both rooms, by HTTP and by socket, and changes nothing", async () => {
    const viewers = await Desk.open(url, "viewer");
    const owner = await Api.as(url, "owner");
    const workspace = await RoomSocket.open(url, `/v1/workspaces/${owner.workspaceId}/live`, viewers.api.token);
    await workspace.hello();
    const before = await viewers.state();
    for (const room of [workspaceRoom, campaignRoom]) {
      const socket = room === workspaceRoom ? workspace : viewers.socket;
      const base = room === workspaceRoom ? `/v1/workspaces/${owner.workspaceId}` : viewers.campaign.path;
      for (const { type, example, needs, creates_room } of room.commands.values()) {
        if (needs(example) === "workspace.read") continue; // Signing out is everybody's.
        const denied = { code: "PERMISSION_DENIED", pointer: null };
        const frame = await socket.command(type, example as object);
        assertError(errorIn(frame), denied);
        expect(errorIn(frame).details).toEqual({ needs: needs(example) });
        const answer = await viewers.api.post(`${base}/${type.split(":").slice(0, 2).join("/")}`, example);
        const hidden = needs(example) === "system" || creates_room;
        assertProblem(answer, hidden ? { status: 404, code: "NOT_FOUND", pointer: null } : { status: 403, ...denied });
      }
    }
    expect(await viewers.state()).toEqual(before);
    await workspace.hello(workspace.position);
    // The room itself keeps its mirrors meanwhile.
    expect(workspace.commits.filter(([, actor]) => actor !== "system:room")).toEqual([]);
    for (const socket of [workspace, viewers.socket]) socket.close();
  });
});

test("nothing of it reached a prototype: the worker still answers as before", async () => {
  const answer = await desk.api.get(desk.campaign.path);
  expect(answer.status).toBe(200);
  expect(answer.text).not.toContain("polluted");
});
