import type { BuyDelivery, ReportContext } from "../reporting/buy-delivery.ts";
import { liveSpend } from "../reporting/buy-delivery.ts";
import { daysLeft, reportDay } from "../reporting/report-day.ts";
import { totalBudget } from "./entities.ts";
import type { Notice } from "./notice.ts";

/** What the caller should know about a buy's daily cap: it may be under today's spend, or too low to spend the budget in time. */
export function capNotices(delivery: BuyDelivery, { now, zone }: ReportContext): Notice[] {
  const { buy, days } = delivery;
  const cap = buy.daily_cap_micros;
  if (cap === null) return [];
  const notices: Notice[] = [];
  const today = reportDay(now, zone);
  const spentToday = days.reduce((sum, day) => (day.date === today ? sum + day.spend_micros : sum), 0);
  if (cap < spentToday) {
    notices.push({
      code: "under_todays_spend",
      message: `Today's spend of ${spentToday} micros is above the cap already.`,
    });
  }
  const from = Date.parse(buy.start_at) > Date.parse(now) ? buy.start_at : now;
  const left = daysLeft(from, buy.end_at);
  const remaining = totalBudget(buy) - liveSpend(delivery);
  if (cap * left < remaining) {
    const message = `With this cap the budget cannot be spent in full: ${left.toFixed(1)} days are left for ${remaining} micros.`;
    notices.push({ code: "cannot_spend_in_full", message });
  }
  return notices;
}
