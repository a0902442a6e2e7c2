import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { campaignRoom } from "../../core/rooms/campaign-room.ts";
import { workspaceRoom } from "../../core/rooms/workspace-room.ts";
import { z } from "zod";
import type { Role } from "../../core/model/access.ts";
import { PERMISSIONS } from "../../core/model/access.ts";
import { testId } from "../../core/model/given.ts";
import { ProjectedRoom } from "../platform/projected-room.fixture.ts";
import { SPRING, twoWorkspaces, WS } from "./read-model.fixture.ts";
import { bindReads } from "./queries.ts";

const queries = bindReads(env.DB, new Map([...workspaceRoom.events, ...campaignRoom.events]));
const AuditPage = z.looseObject({ items: z.array(z.looseObject({ seq: z.int() })) });
const owner = { grants: { kind: "role", role: "owner" } as const, workspace_id: WS };

function query(name: string): (typeof queries)[number] {
  const found = queries.find((one) => one.name === name);
  if (!found) throw new Error(`There is no query ${name}`);
  return found;
}

beforeAll(async () => {
  await twoWorkspaces();
});

describe("a query bound for an adapter", () => {
  it("has a name of its own, and asks for a permission that exists", () => {
    expect(new Set(queries.map(({ name }) => name)).size).toBe(queries.length);
    for (const { name, needs } of queries) {
      expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect(PERMISSIONS).toContain(needs);
    }
  });

  it("answers parameters as they come in an address", async () => {
    const answered = await query("media_buys").run(owner, { limit: "1", status: "paused", campaign_id: SPRING });
    expect(answered).toMatchObject({ ok: true, answer: { items: [{ campaign_id: SPRING, status: "paused" }] } });
  });

  it.each([
    ["media_buys", { limit: "-1" }, "/query/limit"],
    ["media_buys", { status: "asleep" }, "/query/status"],
    ["media_buys", { workspace_id: WS }, "/query/workspace_id"],
    ["spend", {}, "/query/by"],
    ["search", { q: "" }, "/query/q"],
    ["audit_trail", { kind: "member" }, "/query/id"],
    ["campaigns", { cursor: "made.up" }, "/query/cursor"],
  ])("refuses what does not fit, with its place: %s %o", async (name, parameters, pointer) => {
    const answered = await query(name).run(owner, parameters);
    expect(answered).toMatchObject({ ok: false, refusal: { code: "INVALID_REQUEST" } });
    expect(answered.ok || answered.refusal.issues?.map((issue) => issue.pointer)).toContain(pointer);
  });

  it("keeps to the campaigns in the caller's grants", async () => {
    const grants = { kind: "role", role: "operator", campaign_ids: [SPRING] } as const;
    const answered = await query("campaigns").run({ grants, workspace_id: WS }, {});
    expect(answered).toMatchObject({ ok: true, answer: { items: [{ id: SPRING }] } });
  });

  it("shows of the audit only what the rooms' own events let the caller see", async () => {
    const room = new ProjectedRoom(testId("ws", 40));
    const name = (n: number) => ({ type: "workspace:update:v1:success", data: { workspace_id: room.workspaceId, n } });
    room.commit(() => undefined, { events: [name(1)] });
    room.commit(() => undefined, { events: [{ type: "api_key:create:v1:success", data: { key: {}, hash: "" } }] });
    room.commit(() => undefined, { events: [{ type: "never:heard_of:v1:success", data: {} }] });
    await room.project();
    const seqs = async (role: Role): Promise<unknown> => {
      const caller = { grants: { kind: "role", role } as const, workspace_id: room.workspaceId };
      const answered = await query("audit").run(caller, {});
      return answered.ok && AuditPage.parse(answered.answer).items.map(({ seq }) => seq);
    };
    expect(await seqs("viewer")).toEqual([1]);
    expect(await seqs("owner")).toEqual([2, 1]);
  });
});
