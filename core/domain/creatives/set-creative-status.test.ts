import { describe, expect, it } from "vitest";
import { given, testId } from "../../model/given.ts";
import type { Scenario } from "../../model/given.ts";
import { BUY, aBuy, givenBuy } from "../media-buys/buy.fixture.ts";
import { mediaBuys } from "../media-buys/entities.ts";
import type { MediaBuy } from "../media-buys/entities.ts";
import { addCreative } from "./add-creative.ts";
import { creatives } from "./entities.ts";
import { setCreativeStatus } from "./set-creative-status.ts";

const FIRST = testId("cre", 1);
const SECOND = testId("cre", 2);

function withCreatives(buy: Partial<MediaBuy> = {}): Scenario {
  const scenario = givenBuy(aBuy(buy));
  for (const [at, creative_id] of [FIRST, SECOND].entries()) {
    const input = { creative_id, media_buy_id: BUY, name: `Ad ${at}`, format: "native", external_id: `ad-${at}` };
    scenario.when(addCreative, input);
  }
  return scenario;
}

const approve = (scenario: Scenario, creative_id: string) =>
  scenario.when(setCreativeStatus, { creative_id, status: "approved" });

describe("setting a creative's status", () => {
  it("rejects with a reason and approves later", () => {
    const scenario = withCreatives();
    scenario.when(setCreativeStatus, { creative_id: FIRST, status: "rejected", reason: "illegible" });
    expect(scenario.get(creatives, FIRST)).toMatchObject({ status: "rejected", rejection_reason: "illegible" });
    approve(scenario, FIRST);
    expect(scenario.get(creatives, FIRST)).toMatchObject({ status: "approved", rejection_reason: null });
  });

  it("finds the creative by its external id", () => {
    const scenario = withCreatives();
    approve(scenario, "ad-1");
    expect(scenario.get(creatives, SECOND)?.status).toBe("approved");
  });

  it("starts a waiting buy with the last approval, in the room and in browsers", () => {
    const scenario = withCreatives({ status: "pending_creatives" });
    approve(scenario, FIRST);
    expect(scenario.get(mediaBuys, BUY)?.status).toBe("pending_creatives");
    approve(scenario, SECOND);
    expect(scenario.get(mediaBuys, BUY)?.status).toBe("active");
    expect(scenario.browser.get(mediaBuys, BUY)?.status).toBe("active");
  });

  it("lets a buy wait for its start if that is to come", () => {
    const scenario = withCreatives({ status: "pending_creatives", start_at: "2026-11-23T05:00:00.000Z" });
    approve(scenario, FIRST);
    approve(scenario, SECOND);
    expect(scenario.get(mediaBuys, BUY)?.status).toBe("pending_start");
  });

  it("keeps a buy waiting while one is rejected", () => {
    const scenario = withCreatives({ status: "pending_creatives" });
    scenario.when(setCreativeStatus, { creative_id: FIRST, status: "rejected", reason: "illegible" });
    approve(scenario, SECOND);
    expect(scenario.get(mediaBuys, BUY)?.status).toBe("pending_creatives");
  });

  it("leaves every other status of a buy alone", () => {
    const scenario = withCreatives({ status: "paused" });
    approve(scenario, FIRST);
    approve(scenario, SECOND);
    expect(scenario.get(mediaBuys, BUY)?.status).toBe("paused");
  });

  it("can be undone, unless it set the buy going", () => {
    const scenario = withCreatives({ status: "pending_creatives" });
    const { inverse } = scenario.when(setCreativeStatus, { creative_id: FIRST, status: "rejected", reason: "x" });
    expect(inverse?.payload).toEqual({ creative_id: FIRST, status: "pending" });
    scenario.send(setCreativeStatus, inverse?.payload);
    expect(scenario.get(creatives, FIRST)).toMatchObject({ status: "pending", rejection_reason: null });
    expect(approve(scenario, FIRST).inverse).not.toBeNull();
    expect(approve(scenario, SECOND).inverse).toBeNull();
  });

  it("needs a reason to reject, and takes none otherwise", () => {
    const set = (fields: object) => withCreatives().send(setCreativeStatus, { creative_id: FIRST, ...fields }).code;
    expect(set({ status: "rejected" })).toBe("VALIDATION_ERROR");
    expect(set({ status: "approved", reason: "fine" })).toBe("VALIDATION_ERROR");
    expect(set({ status: "rejected", reason: "" })).toBe("VALIDATION_ERROR");
    expect(set({ status: "deleted" })).toBe("VALIDATION_ERROR");
  });

  it("refuses no change, unknown creatives, buys that ended, and viewers", () => {
    const input = { creative_id: FIRST, status: "approved" as const };
    expect(withCreatives().when(setCreativeStatus, { ...input, status: "pending" }).code).toBe("NO_CHANGE");
    expect(given().when(setCreativeStatus, input).code).toBe("CREATIVE_NOT_FOUND");
    const ended = withCreatives().having(mediaBuys, aBuy({ status: "canceled" }));
    expect(ended.when(setCreativeStatus, input).code).toBe("INVALID_STATE");
    expect(withCreatives().when(setCreativeStatus, input, { as: "viewer" }).code).toBe("PERMISSION_DENIED");
    expect(withCreatives().when(setCreativeStatus, input, { expected_revision: 9 }).code).toBe("CONFLICT");
  });
});
