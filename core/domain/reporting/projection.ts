import { z } from "zod";
import { NonNegativeMicros, UtcTime } from "../../model/units.ts";
import { totalBudget } from "../media-buys/entities.ts";
import { buyTotals, liveSpend } from "./buy-delivery.ts";
import type { BuyDelivery, ReportContext } from "./buy-delivery.ts";
import { countable } from "./ratios.ts";
import { addDays, daysBetween, daysLeft, reportDay } from "./report-day.ts";

const DAY_MS = 86_400_000;
const MEAN_DAYS = 7;

/** Where a buy's spending leads if it goes on as in the last days. */
export const Projection = z.strictObject({
  /** Mean spend of the last 7 complete report days (fewer if the flight is younger), in micros; null before the first. */
  daily_micros: NonNegativeMicros.nullable(),
  /** Spend to date + mean × days left, in micros. */
  spend_micros: NonNegativeMicros.nullable(),
  /** When the budget is used up or the flight ends, whichever comes first; null without a mean. */
  end_at: UtcTime.nullable(),
});
export type Projection = Readonly<z.infer<typeof Projection>>;

/** Projects a buy's spend. Today is not part of the mean: it is not over yet. */
export function projection(delivery: BuyDelivery, context: ReportContext): Projection {
  const { buy } = delivery;
  const spent = buyTotals(delivery).spend_micros;
  const daily = dailyMean(delivery, context);
  if (daily === null) return { daily_micros: null, spend_micros: null, end_at: null };
  const left = daysLeft(context.now, buy.end_at);
  const remaining = Math.max(0, totalBudget(buy) - liveSpend(delivery));
  const lasts = daily > 0 ? remaining / daily : Infinity;
  const exhausted = lasts < left;
  return {
    daily_micros: Math.round(daily),
    spend_micros: countable(Math.round(spent + daily * left)),
    end_at: exhausted ? new Date(Date.parse(context.now) + lasts * DAY_MS).toISOString() : buy.end_at,
  };
}

function dailyMean(delivery: BuyDelivery, { now, zone }: ReportContext): number | null {
  const today = reportDay(now, zone);
  const count = Math.min(MEAN_DAYS, daysBetween(reportDay(delivery.buy.start_at, zone), today));
  if (count < 1) return null;
  const first = addDays(today, -count);
  const days = delivery.days.filter((day) => day.date >= first && day.date < today);
  return days.reduce((sum, day) => sum + day.spend_micros, 0) / count;
}
