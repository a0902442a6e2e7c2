import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { testId } from "../../../core/model/given.ts";
import type { CommandCall } from "../../../core/model/command.ts";
import { isRefusal } from "../../../core/model/refusal.ts";
import type { Identity } from "../../../core/model/room.ts";
import smallReport from "../../../tests/fixtures/facebook-ads.csv?raw";
import type { Env } from "../../env.ts";
import { roomStub } from "../../objects/room-address.ts";
import type { RoomRpc } from "../../objects/room-rpc.ts";
import { bodyOf } from "./body.fixture.ts";
import type { Executed } from "./execute.ts";
import { runImport } from "./run-import.ts";
import type { ImportAnswer } from "./run-import.ts";
import { detectEncoding, Utf8Recoder } from "./text.ts";

const OWNER: Identity = { kind: "user", subject: "user-owner", session_id: "session-0001" };
const WS = testId("ws", 77);
const testEnv = env as unknown as Env; // The test bindings are those of wrangler.toml.

type Room = DurableObjectStub & RoomRpc;

async function send(room: Room, { type, payload }: CommandCall, id = `${type}-by-the-test`): Promise<Executed> {
  const envelope = { type: `${type}:requested`, id, payload };
  const outcome = await room.command({ identity: OWNER, envelope, correlation: { id: "test" } });
  return outcome.ok ? { ok: true, data: outcome.data } : outcome.refusal;
}

/** A campaign's room in a workspace with one product. */
async function aCampaignRoom(): Promise<Room> {
  const workspace = roomStub({ workspace_id: WS }, testEnv) as Room;
  const founding = { workspace_id: WS, name: "Test", timezone: "America/New_York", currency: "USD", owner_name: "Ada" };
  await send(workspace, { type: "workspace:create:v1", payload: founding });
  const product = {
    name: "Social feed",
    channel: "social",
    delivery_type: "non_guaranteed",
    pricing_options: [{ id: "cpm", model: "cpm", currency: "USD", fixed_price_micros: 9_000_000 }],
    min_budget_micros: 1_000_000,
    available_impressions: 20_000_000,
  };
  expect(await send(workspace, { type: "inventory_product:create:v1", payload: product })).toMatchObject({ ok: true });
  const campaign_id = testId("cmp", 77);
  expect(
    await send(workspace, { type: "campaign:create:v1", payload: { campaign_id, title: "Spring" } }),
  ).toMatchObject({ ok: true });
  return roomStub({ workspace_id: WS, campaign_id }, testEnv) as Room;
}

async function upload(room: Room, command_id: string): Promise<ImportAnswer> {
  const answer = await runImport({
    body: bodyOf(smallReport, 100),
    options: { file_name: "facebook-ads.csv" },
    command_id,
    execute: (call, id) => send(room, call, id),
    signal: (name, data) => void room.signal({ identity: OWNER, name, data }).catch(() => undefined),
  });
  if (isRefusal(answer)) throw new Error(`${answer.code}: ${answer.message}`);
  return answer;
}

async function totals(room: Room): Promise<{ impressions: number; spend_micros: number }[]> {
  const read = await room.read({ identity: OWNER, kind: "package_counter" });
  if (!read.ok) throw new Error(read.refusal.message);
  // A row is [kind, id, revision, value]; only the totals are looked at.
  const rows = read.rows as unknown as readonly (readonly unknown[])[];
  return rows.map((row) => (row.find((part) => typeof part === "object") as { totals: never }).totals);
}

it("imports a report into a real room, and again without a change", async () => {
  const room = await aCampaignRoom();
  const first = await upload(room, "upload-of-the-report-1");
  expect(first.counts).toMatchObject({ rows: 8, facts: 8, unchanged: 0, buys_created: 2, creatives_created: 6 });
  const sums = await totals(room);
  expect(sums.map(({ spend_micros }) => spend_micros).toSorted((a, b) => a - b)).toEqual([7_470_000, 153_900_000]);
  expect(sums.reduce((sum, { impressions }) => sum + impressions, 0)).toBe(422_543);

  const again = await upload(room, "upload-of-the-report-2");
  expect(again.counts).toMatchObject({ facts: 8, unchanged: 8, buys_created: 0, creatives_created: 0 });
  expect(await totals(room)).toEqual(sums);
});

it("decodes in the Workers runtime what spreadsheets write", () => {
  const decode = (bytes: number[]): string => {
    const all = new Uint8Array(bytes);
    return new TextDecoder().decode(new Utf8Recoder(detectEncoding(all)).recode(all));
  };
  expect(decode([0xff, 0xfe, 0xe9, 0x00, 0x0a, 0x00])).toBe("é\n");
  expect(decode([0xfe, 0xff, 0x00, 0xe9, 0x00, 0x0a])).toBe("é\n");
  expect(decode([0x43, 0x61, 0x66, 0xe9, 0x0a])).toBe("Café\n");
});
