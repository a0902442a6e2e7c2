import { describe, expect, it } from "vitest";
import { inventoryProducts } from "../../core/domain/inventory/entities.ts";
import { aProduct } from "../../core/domain/inventory/product.fixture.ts";
import { members } from "../../core/domain/members/entities.ts";
import { OWNER, VIEWER, aCampaignSummary } from "../../core/domain/members/team.fixture.ts";
import { sessionRevocations } from "../../core/domain/sessions/entities.ts";
import { campaignSummaries } from "../../core/domain/summaries/entities.ts";
import { given, NOON, testId, WORKSPACE } from "../../core/model/given.ts";
import type { CollectedRow } from "../../core/rooms/mirrors.ts";
import { birthCommands, birthOf } from "./campaign-birth.ts";

const CAMPAIGN = aCampaignSummary(1);
const AT = { epoch: 1, seq: 9, now: NOON };

function aWorkspace(products: number) {
  return given(null)
    .having(campaignSummaries, CAMPAIGN)
    .having(inventoryProducts, ...Array.from({ length: products }, (_, n) => aProduct(n + 1)))
    .having(members, OWNER, VIEWER);
}

function aBirth(products: number) {
  const birth = birthOf(aWorkspace(products).tx, CAMPAIGN.id, AT);
  if (!birth) throw new Error("The workspace lists the campaign");
  return birth;
}

const partsOf = (commands: ReturnType<typeof birthCommands>) =>
  commands.map(({ type, payload }) => ({
    type,
    ...(payload as { rows: readonly CollectedRow[]; partial: boolean }),
  }));

describe("a campaign's birth", () => {
  it("of a small workspace is one command", () => {
    expect(partsOf(birthCommands(aBirth(3), WORKSPACE, null))).toMatchObject([
      { type: "campaign:open:v1", partial: false, epoch: 1, seq: 9 },
    ]);
  });

  it("of a large one is as many as fit commits, people first, and complete with the last", () => {
    const parts = partsOf(birthCommands(aBirth(2_000), WORKSPACE, null));
    expect(parts.length).toBeGreaterThan(3);
    expect(parts.map(({ type }) => type === "campaign:open:v1")).toEqual(parts.map((_, index) => index === 0));
    expect(parts.map(({ partial }) => partial)).toEqual(parts.map((_, index) => index < parts.length - 1));
    expect(parts[0]?.rows.slice(0, 2).map(({ kind }) => kind)).toEqual(["member", "member"]);
    expect(parts.reduce((count, { rows }) => count + rows.length, 0)).toBe(2_002);
    for (const part of parts) expect(JSON.stringify(part).length).toBeLessThan(600_000);
  });

  it("that broke off goes on with what is gone meanwhile, and without opening again", () => {
    const left = { ...VIEWER, id: testId("mem", 77) };
    const begun = given().having(members, OWNER, left).tx;
    const [first, ...rest] = partsOf(birthCommands(aBirth(1), WORKSPACE, begun));
    expect(first).toMatchObject({ type: "mirror:apply:v1", source: WORKSPACE, partial: false });
    expect(first?.rows[0]).toEqual({ kind: "member", id: left.id, value: null });
    expect(first?.rows.map(({ id }) => id)).toEqual(expect.arrayContaining([OWNER.id, VIEWER.id, aProduct(1).id]));
    expect(rest).toEqual([]);
  });

  it("leaves out sign-outs whose tokens have expired by themselves", () => {
    const fields = { user_id: null, revoked_at: "2026-10-01T00:00:00.000Z" };
    const { tx } = aWorkspace(0).having(
      sessionRevocations,
      { id: "session-over", until: NOON, ...fields },
      { id: "session-held", until: "2027-01-01T00:00:00.000Z", ...fields },
    );
    const ids = birthOf(tx, CAMPAIGN.id, AT)?.rows.map(({ id }) => id);
    expect(ids).toContain("session-held");
    expect(ids).not.toContain("session-over");
  });

  it("is of a campaign that the workspace lists by this very id", () => {
    expect(birthOf(aWorkspace(0).tx, testId("cmp", 9), AT)).toBeNull();
    expect(birthOf(aWorkspace(0).tx, CAMPAIGN.slug, AT)).toBeNull();
  });
});
