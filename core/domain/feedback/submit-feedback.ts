import { z } from "zod";
import { actorRef } from "../../model/access.ts";
import { defineCommand } from "../../model/command.ts";
import { defineEvent } from "../../model/event.ts";
import { invalid, refuse } from "../../model/refusal.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { ReadTx } from "../../model/transaction.ts";
import { FeedbackId } from "../../model/units.ts";
import { readOnlyCampaign } from "../campaigns/entities.ts";
import { dayCounters } from "../delivery/entities.ts";
import { MediaBuyRef, findMediaBuy, noSuchBuy } from "../media-buys/entities.ts";
import type { MediaBuy } from "../media-buys/entities.ts";
import { reportContext } from "../reporting/buy-delivery.ts";
import { reportDay } from "../reporting/report-day.ts";
import {
  BrandLift,
  ConversionData,
  FeedbackPeriod,
  LeadQuality,
  PerformanceFeedback,
  performanceFeedback,
} from "./entities.ts";
import { impactOf } from "./impact.ts";

const common = { feedback_id: FeedbackId.optional(), media_buy_id: MediaBuyRef, period: FeedbackPeriod };

const NewFeedback = z.discriminatedUnion("type", [
  z.strictObject({ ...common, type: z.literal("conversion_data"), data: ConversionData }),
  z.strictObject({ ...common, type: z.literal("lead_quality"), data: LeadQuality }),
  z.strictObject({ ...common, type: z.literal("brand_lift"), data: BrandLift }),
]);
type NewFeedback = z.infer<typeof NewFeedback>;

export const feedbackSubmitted = defineEvent("feedback:submit:v1:success", {
  data: z.strictObject({ feedback: PerformanceFeedback }),
  apply(tx, { feedback }) {
    tx.create(performanceFeedback, feedback);
  },
});

export const submitFeedback = defineCommand("feedback:submit:v1", {
  about:
    "Tell how a media buy performed outside: conversions, lead quality or brand lift over a period. Answers its impact.",
  input: NewFeedback,
  example: {
    media_buy_id: "mb_01J00000000000000000000001",
    period: { start: "2026-11-06", end: "2026-11-19" },
    type: "lead_quality",
    data: { submitted: 148, qualified: 62, pipeline_micros: 310_000_000_000 },
  },
  needs: "feedback.submit",
  refuses: ["MEDIA_BUY_NOT_FOUND", "INVALID_STATE", "ID_IN_USE", "VALIDATION_ERROR"],
  emits: [feedbackSubmitted],
  answers: "created",
  decide(tx, input, context) {
    const buy = findMediaBuy(tx, input.media_buy_id);
    if (!buy) return noSuchBuy(input.media_buy_id);
    const archived = readOnlyCampaign(tx);
    if (archived) return archived;
    const id = input.feedback_id ?? context.id("fb");
    if (tx.used(performanceFeedback, id)) return refuse("ID_IN_USE", `The feedback id ${id} was used before.`);
    const refused = badPeriod(tx, { buy, input, now: context.now }) ?? badLeads(input);
    if (refused) return refused;
    const feedback = PerformanceFeedback.parse({
      id,
      media_buy_id: buy.id,
      period: input.period,
      type: input.type,
      data: input.data,
      impact: impactOf(input, spendIn(tx, buy.id, input.period)),
      submitted_by: actorRef(context.actor),
      submitted_at: context.now,
    });
    return [feedbackSubmitted.of({ feedback })];
  },
});

/** A period lies between the first day of the buy and today, in the workspace's report zone. */
function badPeriod(
  tx: ReadTx,
  { buy, input, now }: { buy: MediaBuy; input: NewFeedback; now: string },
): Refusal | null {
  const { start, end } = input.period;
  const { zone } = reportContext(tx, now);
  const today = reportDay(now, zone);
  if (Date.parse(now) < Date.parse(buy.start_at)) {
    return invalid("/media_buy_id", `The media buy has not started: it begins at ${buy.start_at}.`, "started");
  }
  if (end < start) return invalid("/period/end", "The period ends before it begins.", "order");
  if (end > today) return invalid("/period/end", `The period ends in the future: today is ${today}.`, "past");
  const first = reportDay(buy.start_at, zone);
  return end < first ? invalid("/period/end", `The period is over before the buy starts on ${first}.`, "range") : null;
}

function badLeads(input: NewFeedback): Refusal | null {
  if (input.type !== "lead_quality" || input.data.qualified <= input.data.submitted) return null;
  return invalid("/data/qualified", "More leads are qualified than were submitted.", "maximum");
}

/** Micros the buy spent on the days of a period. */
function spendIn(tx: ReadTx, mediaBuyId: string, { start, end }: FeedbackPeriod): number {
  let sum = 0;
  for (const day of tx.list(dayCounters)) {
    if (day.media_buy_id === mediaBuyId && day.date >= start && day.date <= end) sum += day.spend_micros;
  }
  return sum;
}
