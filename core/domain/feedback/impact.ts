import { ratio } from "../reporting/ratios.ts";
import type { FeedbackImpact, FeedbackMeasurement } from "./entities.ts";

type Band = FeedbackImpact["band"];

/**
 * Judges a measurement. Conversions by ROAS (value ÷ what the buy spent in the period): from 3 strong, from 1 positive.
 * Leads by the qualified share: from 0.40 excellent, from 0.20 good. Brand lift by its mean: from 0.10 strong, from 0.05
 * moderate. Below that it is weak; without a denominator unknown.
 */
export function impactOf(measurement: FeedbackMeasurement, spendMicros: number): FeedbackImpact {
  switch (measurement.type) {
    case "conversion_data":
      return judged(ratio(measurement.data.value_micros, spendMicros), [
        [3, "strong"],
        [1, "positive"],
      ]);
    case "lead_quality":
      return judged(ratio(measurement.data.qualified, measurement.data.submitted), [
        [0.4, "excellent"],
        [0.2, "good"],
      ]);
    case "brand_lift":
      return judged(meanLift(measurement.data), [
        [0.1, "strong"],
        [0.05, "moderate"],
      ]);
  }
}

/** Rounded to six decimals: 0.04 + 0.05 + 0.06 is 0.15000000000000002, and its third must still reach 0.05. */
function meanLift(lift: { awareness: number; consideration: number; purchase_intent: number }): number {
  return Math.round(((lift.awareness + lift.consideration + lift.purchase_intent) / 3) * 1e6) / 1e6;
}

function judged(figure: number | null, bands: readonly (readonly [number, Band])[]): FeedbackImpact {
  if (figure === null) return { band: "unknown", figure };
  const band = bands.find(([least]) => figure >= least)?.[1] ?? "weak";
  return { band, figure };
}
