import { z } from "zod";
import { PositiveMicros } from "../../model/units.ts";
import type { MediaBuy } from "./entities.ts";
import type { OperationResult } from "./operation.ts";

/** Limit what the buy spends per day in its cap's zone; null takes the limit away. At most the total budget. */
export const SetDailyCap = z.strictObject({
  operation: z.literal("set_daily_cap"),
  amount_micros: PositiveMicros.nullable(),
});

/** Sets the daily cap. Whether it fits the budget is judged when all operations are applied. */
export function setDailyCap(buy: MediaBuy, { amount_micros }: z.infer<typeof SetDailyCap>): OperationResult {
  const previous = buy.daily_cap_micros;
  if (previous === amount_micros) return { buy, changes: [], notices: [] };
  const details = amount_micros === null ? "Took the daily cap away" : "Set the daily cap";
  return {
    buy: { ...buy, daily_cap_micros: amount_micros },
    changes: [
      { operation: "set_daily_cap", details, package_ids: [], previous_value: previous, new_value: amount_micros },
    ],
    notices: [],
  };
}
