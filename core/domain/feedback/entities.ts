import { z } from "zod";
import { defineEntity } from "../../model/entity.ts";
import { Count, FeedbackId, MediaBuyId, NonNegativeMicros, ReportDay, UtcTime } from "../../model/units.ts";

/** First and last report day, both included. */
export const FeedbackPeriod = z.strictObject({ start: ReportDay, end: ReportDay });
export type FeedbackPeriod = z.infer<typeof FeedbackPeriod>;

/** Conversions the advertiser counted, and how they were attributed. */
export const ConversionData = z.strictObject({
  conversions: Count,
  value_micros: NonNegativeMicros,
  window_days: z.int().min(1).max(90),
  attribution: z.enum(["click", "view"]),
});

/** What became of leads. `qualified` is at most `submitted`. */
export const LeadQuality = z.strictObject({ submitted: Count, qualified: Count, pipeline_micros: NonNegativeMicros });

const Lift = z.number().min(-1).max(1);

/** Survey results against a control group, as fractions: 0.061 is 6.1 points. */
export const BrandLift = z.strictObject({
  awareness: Lift,
  consideration: Lift,
  purchase_intent: Lift,
  sample_size: z.int().min(1),
});

export const FEEDBACK_TYPES = ["conversion_data", "lead_quality", "brand_lift"] as const;

export const IMPACT_BANDS = ["strong", "positive", "excellent", "good", "moderate", "weak", "unknown"] as const;

/** How good it is: the band, and the figure it was judged by (ROAS, qualified share or mean lift); null without a denominator. */
export const FeedbackImpact = z.strictObject({ band: z.enum(IMPACT_BANDS), figure: z.number().nullable() });
export type FeedbackImpact = z.infer<typeof FeedbackImpact>;

const common = {
  id: FeedbackId,
  media_buy_id: MediaBuyId,
  period: FeedbackPeriod,
  impact: FeedbackImpact,
  submitted_by: z.string(),
  submitted_at: UtcTime,
};

export const PerformanceFeedback = z.discriminatedUnion("type", [
  z.strictObject({ ...common, type: z.literal("conversion_data"), data: ConversionData }),
  z.strictObject({ ...common, type: z.literal("lead_quality"), data: LeadQuality }),
  z.strictObject({ ...common, type: z.literal("brand_lift"), data: BrandLift }),
]);
export type PerformanceFeedback = z.infer<typeof PerformanceFeedback>;

/** The measurement alone: its type and data. */
export type FeedbackMeasurement =
  | { readonly type: "conversion_data"; readonly data: z.infer<typeof ConversionData> }
  | { readonly type: "lead_quality"; readonly data: z.infer<typeof LeadQuality> }
  | { readonly type: "brand_lift"; readonly data: z.infer<typeof BrandLift> };

export const performanceFeedback = defineEntity("performance_feedback", {
  about: "What the advertiser measured about a media buy over a period, and its impact.",
  schema: PerformanceFeedback,
});
