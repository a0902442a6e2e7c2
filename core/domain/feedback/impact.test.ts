import { describe, expect, it } from "vitest";
import { impactOf } from "./impact.ts";

const leads = (qualified: number, submitted = 100) =>
  impactOf({ type: "lead_quality", data: { submitted, qualified, pipeline_micros: 0 } }, 0);
const lift = (awareness: number, consideration: number, purchase_intent: number) =>
  impactOf({ type: "brand_lift", data: { awareness, consideration, purchase_intent, sample_size: 1 } }, 0);
const conversions = (value_micros: number, spend: number) =>
  impactOf(
    { type: "conversion_data", data: { conversions: 1, value_micros, window_days: 7, attribution: "view" } },
    spend,
  );

describe("the impact of feedback", () => {
  it("judges conversions by return on spend", () => {
    expect(conversions(300, 100).band).toBe("strong");
    expect(conversions(299, 100).band).toBe("positive");
    expect(conversions(100, 100).band).toBe("positive");
    expect(conversions(99, 100).band).toBe("weak");
    expect(conversions(99, 0)).toEqual({ band: "unknown", figure: null });
  });

  it("judges leads by the qualified share, a fraction", () => {
    expect(leads(40)).toEqual({ band: "excellent", figure: 0.4 });
    expect(leads(39).band).toBe("good");
    expect(leads(20).band).toBe("good");
    expect(leads(19).band).toBe("weak");
    expect(leads(0, 0).band).toBe("unknown");
  });

  it("judges brand lift by its mean, without losing a band to rounding", () => {
    expect(lift(0.1, 0.1, 0.1).band).toBe("strong");
    expect(lift(0.09, 0.1, 0.1).band).toBe("moderate");
    expect(lift(0.04, 0.05, 0.06)).toEqual({ band: "moderate", figure: 0.05 });
    expect(lift(-0.2, 0.1, 0.1).band).toBe("weak");
  });
});
