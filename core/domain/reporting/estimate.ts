import type { MediaBuy, Package } from "../media-buys/entities.ts";
import { flightOf } from "./pacing.ts";
import { countable } from "./ratios.ts";

const DAY_MS = 86_400_000;
/** Products state their available impressions per this many days. */
const AVAILABILITY_DAYS = 30;

/**
 * Σ packages min(budget ÷ CPM price × 1,000, available impressions pro rata to the flight), whole impressions.
 * A package that is not bought by the thousand is limited by what is available. Never more than 2^53 − 1.
 */
export function estimatedImpressions(buy: MediaBuy): number {
  return countable(buy.packages.reduce((sum, pkg) => (pkg.canceled ? sum : sum + packageEstimate(buy, pkg)), 0));
}

function packageEstimate(buy: MediaBuy, pkg: Package): number {
  const flight = flightOf(buy, pkg);
  const days = (Date.parse(flight.end_at) - Date.parse(flight.start_at)) / DAY_MS;
  const available = Math.floor((pkg.available_impressions * days) / AVAILABILITY_DAYS);
  const price = pkg.pricing.fixed_price_micros ?? pkg.bid_micros;
  const perThousand = pkg.pricing.model === "cpm" || pkg.pricing.model === "vcpm";
  if (!perThousand || price === null || price === 0) return available;
  return Math.min(available, Math.floor((pkg.budget_micros / price) * 1000));
}
