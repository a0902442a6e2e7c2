import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CLOSE_CODES } from "../../core/protocol/close-codes.ts";
import { MAX_BODY_BYTES, MAX_FRAME_BYTES, PROTOCOL_VERSION } from "../../core/protocol/version.ts";
import { Desk, assertError, assertProblem } from "./support/desk.ts";
import { sharedUrl } from "./support/shared-server.ts";
import { RoomSocket } from "./support/room-socket.ts";

const url = sharedUrl();
const UPDATE = "campaign:update:v1";
const BAD = "INVALID_REQUEST";
const MAX_IMPORT_BYTES = 50 * 1024 * 1024;
let desk: Desk;

beforeAll(async () => {
  desk = await Desk.open(url, "operator");
});
afterAll(() => desk.socket.close());

const payload = (title: string): object => ({ campaign_id: desk.campaign.campaignId, updates: { title } });
const command = (fields: object): { id: string } & Record<string, unknown> => ({
  type: `${UPDATE}:requested`,
  id: crypto.randomUUID(),
  payload: payload("Never"),
  ...fields,
});

/** A body of exactly so many bytes that a campaign would refuse for its unknown field alone. */
const bodyOf = (bytes: number): string => `{"padding":"${"x".repeat(bytes - 14)}"}`;

describe("a frame that is no frame is answered with an error, and the socket still serves:", () => {
  test.each([
    ["text that is no JSON", "hello", null],
    ["nothing", "", null],
    ["a JSON text", '"hello"', ""],
    ["a JSON number", "5", ""],
    ["null", "null", ""],
    ["a list", "[1,2]", ""],
    ["no type", "{}", "/type"],
    ["an unknown type", '{"type":"nonsense"}', "/type"],
    ["a type that is no text", '{"type":5}', "/type"],
    ["__proto__ as its type", '{"type":"__proto__"}', "/type"],
    ["a hello without a client", `{"type":"hello","protocol":${PROTOCOL_VERSION}}`, "/client_id"],
    ["a hello from before the beginning", `{"type":"hello","protocol":1,"client_id":"x","epoch":0,"seq":-1}`, "/seq"],
    ["a report with an unknown field", '{"type":"applied","seq":1,"mood":"good"}', "/mood"],
    ["an acknowledgement of a part of a chunk", '{"type":"snapshot_ack","chunk":0.5}', "/chunk"],
    ["an endless token", `{"type":"auth","token":"${"x".repeat(10_000)}"}`, "/token"],
    ["100 levels of nothing", "[".repeat(100), ""],
  ])("%s", async (_what, text, pointer) => {
    await desk.unchangedBy(async () => {
      assertError(await desk.fault((socket) => socket.sendText(text)), { code: BAD, pointer });
    });
  });

  test("binary", async () => {
    await desk.unchangedBy(async () => {
      const bytes = new TextEncoder().encode(JSON.stringify(command({})));
      assertError(await desk.fault((socket) => socket.sendBytes(bytes)), { code: BAD, pointer: null });
    });
  });

  test("a command without an id", async () => {
    await desk.unchangedBy(async () => {
      const error = await desk.fault((socket) =>
        socket.send({ type: `${UPDATE}:requested`, payload: payload("Never") }),
      );
      assertError(error, { code: BAD, pointer: "/id" });
    });
  });
});

describe("a command whose envelope is wrong is refused under its id, and the socket still serves:", () => {
  test.each([
    ["an id that is too short", { id: "short" }, "/id"],
    ["an id with other signs", { id: "with spaces and ünicode" }, "/id"],
    ["an unknown field", { priority: 1 }, "/priority"],
    ["an unknown field of its metadata", { metadata: { mood: "good" } }, "/metadata/mood"],
    ["a revision that is none", { metadata: { expected_revision: -1 } }, "/metadata/expected_revision"],
    ["a trace that is none", { metadata: { traceparent: "00-zz" } }, "/metadata/traceparent"],
    ["a type that is not canonical", { type: "campaign:update" }, "/type"],
    ["a type that is an answer's", { type: `${UPDATE}:success` }, "/type"],
  ])("%s", async (_what, fields, pointer) => {
    await desk.unchangedBy(async () => {
      assertError(await desk.refusal({ ...command({}), ...fields }), { code: BAD, pointer });
    });
  });

  test.each([
    { other: "person", metadata: { user: { userId: "demo-mara.lindqvist" } }, pointer: "/metadata/user/userId" },
    { other: "sign-in", metadata: { session: { sessionId: "sess_other" } }, pointer: "/metadata/session/sessionId" },
  ])("metadata that claims another $other than the token proves", async ({ metadata, pointer }) => {
    await desk.unchangedBy(async () => {
      assertError(await desk.refusal(command({ metadata })), { code: "PERMISSION_DENIED", pointer });
    });
  });

  test("metadata that claims another campaign than the room's", async () => {
    await desk.unchangedBy(async () => {
      const metadata = { campaign: { campaignId: "cmp_01JD0ZZZZZZZZZZZZZZZZZZZZZ" } };
      const pointer = "/metadata/campaign/campaignId";
      assertError(await desk.refusal(command({ metadata })), { code: "CAMPAIGN_NOT_FOUND", pointer });
    });
  });
});

describe("what is too large", () => {
  test.each([
    ["in letters", "x".repeat(MAX_FRAME_BYTES)],
    ["in bytes, though not in letters", "€".repeat(MAX_FRAME_BYTES / 3)],
  ])("closes the socket with its reason, if it is a frame over 64 KiB %s", async (_how, padding) => {
    const before = await desk.state();
    const socket = await RoomSocket.open(url, `${desk.campaign.path}/live`, desk.api.token);
    await socket.hello();
    socket.send(command({ payload: { ...payload("Never"), padding } }));
    expect(await socket.untilClosed()).toEqual(CLOSE_CODES.TOO_LARGE);
    expect(await desk.state()).toEqual(before);
    const again = await RoomSocket.open(url, `${desk.campaign.path}/live`, desk.api.token);
    expect(await again.hello()).toMatchObject({ type: "welcome" });
    again.close();
  });

  test("a frame of exactly 64 KiB is still read", async () => {
    await desk.unchangedBy(async () => {
      const empty = JSON.stringify(command({ payload: { padding: "" } }));
      const padding = "x".repeat(MAX_FRAME_BYTES - empty.length);
      const error = await desk.refusal(command({ payload: { padding } }));
      assertError(error, { code: "VALIDATION_ERROR", pointer: "/padding" });
    });
  });

  test("is 413 if it is a body over its limit, whether its length was announced or not", async () => {
    await desk.unchangedBy(async () => {
      const tooLarge = { status: 413, code: "PAYLOAD_TOO_LARGE", pointer: null };
      assertProblem(await desk.post(UPDATE, bodyOf(MAX_BODY_BYTES + 1)), tooLarge);
      assertProblem(await desk.post(UPDATE, bodyOf(4 * MAX_BODY_BYTES)), tooLarge);
      assertProblem(await streamed(bodyOf(MAX_BODY_BYTES + 1)), tooLarge);
      const pointer = "/padding";
      assertProblem(await desk.post(UPDATE, bodyOf(MAX_BODY_BYTES)), {
        status: 422,
        code: "VALIDATION_ERROR",
        pointer,
      });
    });
  });

  test("is 413 if it is an import of more than 50 MB", async () => {
    await desk.unchangedBy(async () => {
      const text = "Date,Impressions\n".padEnd(MAX_IMPORT_BYTES + 1, "x");
      const answer = await desk.post("delivery:import:v1", text, { "content-type": "text/csv" });
      assertProblem(answer, { status: 413, code: "PAYLOAD_TOO_LARGE", pointer: null });
    });
  });
});

describe("a request whose headers are wrong is a problem that says so:", () => {
  const NO_KEY = { status: 400, code: "IDEMPOTENCY_KEY_REQUIRED", pointer: null };
  const badHeader = (name: string) => ({ status: 400, code: BAD, pointer: `/headers/${name}` });

  test.each([
    { wrong: "no Idempotency-Key", headers: { "idempotency-key": "" }, refused: NO_KEY },
    { wrong: "too short an Idempotency-Key", headers: { "idempotency-key": "short" }, refused: NO_KEY },
    { wrong: "a revision that is none", headers: { "if-match": "latest" }, refused: badHeader("if-match") },
    { wrong: "a dry run that is neither", headers: { "dry-run": "perhaps" }, refused: badHeader("dry-run") },
    {
      wrong: "another media type",
      headers: { "content-type": "text/plain" },
      refused: { status: 415, code: BAD, pointer: null },
    },
    {
      wrong: "a token that is none",
      headers: { authorization: "Bearer nonsense" },
      refused: { status: 401, code: "UNAUTHENTICATED", pointer: null },
    },
    {
      wrong: "an origin that may not call",
      headers: { origin: "https://elsewhere.example" },
      refused: { status: 403, code: "FORBIDDEN_ORIGIN", pointer: null },
    },
  ])("$wrong", async ({ headers, refused }) => {
    await desk.unchangedBy(async () => {
      assertProblem(await desk.post(UPDATE, JSON.stringify(payload("Never")), { ...headers }), refused);
    });
  });

  test("a body that is not UTF-8", async () => {
    await desk.unchangedBy(async () => {
      assertProblem(await streamed(new Uint8Array([0x7b, 0xff, 0xfe, 0x7d])), {
        status: 400,
        code: BAD,
        pointer: null,
      });
    });
  });

  test.each([
    ["a report of reversed dates", "spend?by=day&from=2026-11-19&to=2026-11-06", "/query/from"],
    ["a limit that is none", "media_buys?limit=NaN", "/query/limit"],
    ["an unknown parameter", "media_buys?colour=red", "/query/colour"],
    ["a cursor that is none", "media_buys?cursor=nonsense", "/query/cursor"],
    ["a parameter given twice", "media_buys?limit=1&limit=2", "/limit"],
    ["a search for nothing", "search?q=", "/query/q"],
  ])("%s", async (_what, query, pointer) => {
    const answer = await desk.api.get(`/v1/workspaces/${desk.api.workspaceId}/${query}`);
    assertProblem(answer, { status: 400, code: BAD, pointer });
  });
});

/** Posts a body in pieces, without a length. */
async function streamed(body: string | Uint8Array<ArrayBuffer>): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${url}${desk.campaign.path}/campaign/update`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${desk.api.token}`,
      "content-type": "application/json",
      "idempotency-key": crypto.randomUUID(),
    },
    body: new Blob([body]).stream(),
    duplex: "half",
  } as RequestInit);
  return { status: answer.status, text: await answer.text() };
}
