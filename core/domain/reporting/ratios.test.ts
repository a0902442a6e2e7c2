import { describe, expect, it } from "vitest";
import { ZERO } from "../delivery/entities.ts";
import { ratios } from "./ratios.ts";

describe("ratios", () => {
  it("are null where there is nothing to divide by, never 0 and never NaN", () => {
    expect(new Set(Object.values(ratios(ZERO)))).toEqual(new Set([null]));
  });

  it("are fractions and micros, as their formulas say", () => {
    const counters = {
      ...ZERO,
      impressions: 1_434_375,
      clicks: 2_582,
      conversions: 129,
      leads: 60,
      spend_micros: 9_180_000_000,
      conversion_value_micros: 12_301_200_000,
      completed_views: 470,
      video_impressions: 500,
      measurable: 1_000,
      viewable: 520,
    };
    expect(ratios(counters)).toEqual({
      ctr: 2_582 / 1_434_375,
      cpm_micros: 6_400_000,
      cpc_micros: 3_555_383,
      cpa_micros: 71_162_791,
      cpl_micros: 153_000_000,
      roas: 1.34,
      cvr: 129 / 2_582,
      vcr: 0.94,
      viewability: 0.52,
    });
  });

  it("stay micros that can be counted: a fortune for one impression", () => {
    expect(ratios({ ...ZERO, impressions: 1, spend_micros: 9e15 }).cpm_micros).toBe(Number.MAX_SAFE_INTEGER);
  });

  it("do not let display impressions dilute the video completion rate", () => {
    const mixed = { ...ZERO, impressions: 10_000, video_impressions: 100, completed_views: 90 };
    expect(ratios(mixed).vcr).toBe(0.9);
  });
});
