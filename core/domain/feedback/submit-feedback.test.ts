import { describe, expect, it } from "vitest";
import { ACTING_MEMBER, NOON, given, testId } from "../../model/given.ts";
import { campaigns } from "../campaigns/entities.ts";
import { BUY, FIXED, UNIT, aBuy, aCampaign, givenBuy } from "../media-buys/buy.fixture.ts";
import { performanceFeedback } from "./entities.ts";
import { submitFeedback } from "./submit-feedback.ts";

const ID = testId("fb", 1);
const common = { feedback_id: ID, media_buy_id: BUY, period: { start: "2026-11-06", end: "2026-11-19" } };
const leads = {
  ...common,
  type: "lead_quality" as const,
  data: { submitted: 148, qualified: 62, pipeline_micros: 310_000 * UNIT },
};
const lift = {
  ...common,
  type: "brand_lift" as const,
  data: { awareness: 0.061, consideration: 0.061, purchase_intent: 0.061, sample_size: 2_400 },
};
const conversions = {
  ...common,
  type: "conversion_data" as const,
  data: { conversions: 129, value_micros: 300 * UNIT, window_days: 30, attribution: "click" as const },
};

describe("submitting feedback", () => {
  it("keeps what was measured, by whom, and its impact", () => {
    const scenario = givenBuy();
    scenario.when(submitFeedback, leads, { as: "operator" });
    expect(scenario.get(performanceFeedback, ID)).toEqual({
      id: ID,
      media_buy_id: BUY,
      type: "lead_quality",
      period: leads.period,
      data: leads.data,
      impact: { band: "excellent", figure: 62 / 148 },
      submitted_by: `member:${ACTING_MEMBER}`,
      submitted_at: NOON,
    });
  });

  it("judges conversions by what the buy spent in the period", () => {
    const spent = (spend: number, period = common.period) => {
      const scenario = givenBuy(aBuy(), { [FIXED]: { spend_micros: spend * UNIT } });
      scenario.when(submitFeedback, { ...conversions, period });
      return scenario.get(performanceFeedback, ID)?.impact;
    };
    expect(spent(100)).toEqual({ band: "strong", figure: 3 });
    expect(spent(300)).toEqual({ band: "positive", figure: 1 });
    expect(spent(301)?.band).toBe("weak");
    expect(spent(100, { start: "2026-11-06", end: "2026-11-18" })).toEqual({ band: "unknown", figure: null });
  });

  it("takes a buy by its external id and makes an id of its own", () => {
    const scenario = givenBuy();
    const { feedback_id: _chosen, ...input } = lift;
    expect(scenario.when(submitFeedback, { ...input, media_buy_id: "crm-77" }).code).toBeNull();
    expect(scenario.tx.list(performanceFeedback)).toMatchObject([{ media_buy_id: BUY, impact: { band: "moderate" } }]);
  });

  it.each([
    ["a reversed period", { start: "2026-11-19", end: "2026-11-06" }],
    ["a period that ends in the future", { start: "2026-11-06", end: "2026-11-21" }],
    ["a period that is over before the buy starts", { start: "2026-10-01", end: "2026-11-04" }],
  ])("refuses %s", (_case, period) => {
    expect(givenBuy().when(submitFeedback, { ...leads, period }).refusal).toMatchObject({
      code: "VALIDATION_ERROR",
      issues: [{ pointer: "/period/end" }],
    });
  });

  it("refuses a buy that has not started", () => {
    const scenario = givenBuy(aBuy({ start_at: "2026-11-20T12:00:00.001Z", status: "pending_start" }));
    expect(scenario.when(submitFeedback, leads).code).toBe("VALIDATION_ERROR");
  });

  it("accepts today, and a buy that has ended", () => {
    const today = { ...leads, period: { start: "2026-11-20", end: "2026-11-20" } };
    expect(givenBuy(aBuy({ status: "completed" })).when(submitFeedback, today).code).toBeNull();
  });

  it("refuses what comes after the campaign was archived", () => {
    const scenario = givenBuy(aBuy({ status: "completed" })).having(campaigns, { ...aCampaign, status: "archived" });
    expect(scenario.when(submitFeedback, leads).code).toBe("INVALID_STATE");
    expect(scenario.tx.list(performanceFeedback)).toEqual([]);
  });

  it("refuses more qualified leads than there were", () => {
    const data = { ...leads.data, qualified: 149 };
    expect(givenBuy().when(submitFeedback, { ...leads, data }).refusal?.issues).toMatchObject([
      { pointer: "/data/qualified" },
    ]);
  });

  it.each([
    ["data of another type", { ...leads, data: lift.data }],
    ["a lift beyond 1", { ...lift, data: { ...lift.data, awareness: 1.01 } }],
    ["a survey of nobody", { ...lift, data: { ...lift.data, sample_size: 0 } }],
    ["a window of 91 days", { ...conversions, data: { ...conversions.data, window_days: 91 } }],
    ["negative value", { ...conversions, data: { ...conversions.data, value_micros: -1 } }],
    ["half a conversion", { ...conversions, data: { ...conversions.data, conversions: 0.5 } }],
    ["an unknown type", { ...leads, type: "mood" }],
    ["an unknown field", { ...leads, impact: "strong" }],
  ])("does not understand %s", (_case, input) => {
    expect(givenBuy().send(submitFeedback, input).code).toBe("VALIDATION_ERROR");
  });

  it("refuses an id used before, an unknown buy, and viewers", () => {
    const scenario = givenBuy();
    scenario.when(submitFeedback, leads);
    expect(scenario.when(submitFeedback, lift).code).toBe("ID_IN_USE");
    expect(given().when(submitFeedback, leads).code).toBe("MEDIA_BUY_NOT_FOUND");
    expect(givenBuy().when(submitFeedback, leads, { as: "viewer" }).code).toBe("PERMISSION_DENIED");
  });
});
