import { z } from "zod";
import { totalBudget } from "../media-buys/entities.ts";
import type { Package } from "../media-buys/entities.ts";
import { buyTotals, livePackages, packageSpend } from "./buy-delivery.ts";
import type { BuyDelivery, ReportContext } from "./buy-delivery.ts";
import { buyPacing, packagePacing } from "./pacing.ts";
import { ratio, ratios } from "./ratios.ts";
import { daysLeft } from "./report-day.ts";

/** Advice on a running buy, with the command that would carry it out; null where a person must decide what to do. */
export const Recommendation = z.strictObject({
  kind: z.enum(["cap_spend", "raise_bid", "remove_country", "shift_budget", "improve_viewability"]),
  reason: z.string().max(300),
  command: z.strictObject({ type: z.string(), payload: z.record(z.string(), z.unknown()) }).nullable(),
});
export type Recommendation = z.infer<typeof Recommendation>;

const MAX_RECOMMENDATIONS = 10;

/** What one could do better about an active buy; nothing for a buy that does not run. */
export function recommendations(delivery: BuyDelivery, context: ReportContext): Recommendation[] {
  if (delivery.buy.status !== "active") return [];
  return [capSpend, shiftBudget, raiseBids, removeCountries, improveViewability]
    .flatMap((rule) => rule(delivery, context))
    .slice(0, MAX_RECOMMENDATIONS);
}

type Operation = Readonly<Record<string, unknown>>;

function update(delivery: BuyDelivery, operation: Operation): Recommendation["command"] {
  return { type: "media_buy:update:v1", payload: { media_buy_id: delivery.buy.id, operations: [operation] } };
}

/** Over-pacing: a daily cap of what remains ÷ days left. */
function capSpend(delivery: BuyDelivery, context: ReportContext): Recommendation[] {
  const { buy } = delivery;
  const pacing = buyPacing(delivery, context);
  const remaining = totalBudget(buy) - pacing.spend_micros;
  const left = daysLeft(context.now, buy.end_at);
  if (pacing.state !== "overspend" || remaining <= 0 || left === 0) return [];
  const cap = Math.min(remaining, Math.floor(remaining / left));
  if (cap <= 0 || (buy.daily_cap_micros !== null && buy.daily_cap_micros <= cap)) return [];
  const reason = `Spending runs ahead of plan: what remains lasts ${left.toFixed(1)} days at an even pace`;
  const command = update(delivery, { operation: "set_daily_cap", amount_micros: cap });
  return [{ kind: "cap_spend", reason, command }];
}

/** One package over- and another under-pacing: move what the slow one would leave unspent, as far as the fast one can use it. */
function shiftBudget(delivery: BuyDelivery, context: ReportContext): Recommendation[] {
  const paced = livePackages(delivery.buy).flatMap((pkg) => {
    const { index, state } = packagePacing(delivery, pkg, context);
    return index === null ? [] : [{ pkg, index, state }];
  });
  paced.sort((a, b) => a.index - b.index);
  const slow = paced[0];
  const fast = paced.at(-1);
  if (slow?.state !== "behind" || fast?.state !== "overspend") return [];
  const { budget_micros: budget } = slow.pkg;
  const least = Math.max(packageSpend(delivery, slow.pkg.id), slow.pkg.pricing.min_spend_micros, 1);
  const unspent = budget * (1 - slow.index);
  const wanted = fast.pkg.budget_micros * (fast.index - 1);
  const percent = Math.floor((Math.min(unspent, wanted, budget - least) * 100) / budget);
  if (percent < 1) return [];
  const reason = `${slow.pkg.name} is behind (${slow.index.toFixed(2)}) while ${fast.pkg.name} is ahead (${fast.index.toFixed(2)})`;
  const packages = { from_package_id: slow.pkg.id, to_package_id: fast.pkg.id };
  return [
    { kind: "shift_budget", reason, command: update(delivery, { operation: "shift_budget", ...packages, percent }) },
  ];
}

/** Behind, and bidding below what others usually bid for the product: bid the median, as far as the product allows. */
function raiseBids(delivery: BuyDelivery, context: ReportContext): Recommendation[] {
  return livePackages(delivery.buy).flatMap((pkg): Recommendation[] => {
    const bid = pkg.bid_micros;
    if (bid === null || pkg.median_bid_micros === null || bid >= pkg.median_bid_micros) return [];
    if (packagePacing(delivery, pkg, context).state !== "behind") return [];
    const percent = Math.min(900, Math.floor(((highestBid(pkg, pkg.median_bid_micros) - bid) * 100) / bid));
    if (percent < 1) return [];
    const operation = { operation: "adjust_bid", device: "all", percent, package_ids: [pkg.id] };
    const reason = `${pkg.name} is behind and bids below the product's median`;
    return [{ kind: "raise_bid", reason, command: update(delivery, operation) }];
  });
}

function highestBid(pkg: Package, wanted: number): number {
  return pkg.pricing.max_bid_micros === null ? wanted : Math.min(wanted, pkg.pricing.max_bid_micros);
}

/** A country with little response and a good part of the spend, unless it is the last one somewhere. */
function removeCountries(delivery: BuyDelivery, { thresholds }: ReportContext): Recommendation[] {
  const { buy } = delivery;
  const whole = buyTotals(delivery);
  const ctr = ratio(whole.clicks, whole.impressions);
  if (ctr === null) return [];
  const live = livePackages(buy);
  return [...new Set(live.flatMap((pkg) => pkg.geo_countries))].sort().flatMap((country): Recommendation[] => {
    const targeting = live.filter((pkg) => pkg.geo_countries.includes(country));
    const packages = targeting.filter((pkg) => pkg.geo_countries.length > 1).map((pkg) => pkg.id);
    const parts = [...delivery.counters.values()].flatMap((counter) => counter.by_country[country] ?? []);
    const clicks = parts.reduce((sum, part) => sum + part.clicks, 0);
    const impressions = parts.reduce((sum, part) => sum + part.impressions, 0);
    const spend = parts.reduce((sum, part) => sum + part.spend_micros, 0);
    const share = ratio(spend, whole.spend_micros) ?? 0;
    const own = ratio(clicks, impressions);
    if (own === null || packages.length === 0) return [];
    if (own >= ctr * thresholds.country_ctr || share <= thresholds.country_spend) return [];
    const reason = `${country} takes ${Math.round(share * 100)} % of the spend at ${Math.round((own / ctr) * 100)} % of the buy's click-through rate`;
    const operation = { operation: "remove_geo", countries: [country], package_ids: packages };
    return [{ kind: "remove_country", reason, command: update(delivery, operation) }];
  });
}

function improveViewability(delivery: BuyDelivery, { thresholds }: ReportContext): Recommendation[] {
  const { viewability } = ratios(buyTotals(delivery));
  if (viewability === null || viewability >= thresholds.viewability_low) return [];
  const reason = `Only ${Math.round(viewability * 100)} % of measurable impressions are viewable: ask the seller for better placements`;
  return [{ kind: "improve_viewability", reason, command: null }];
}
