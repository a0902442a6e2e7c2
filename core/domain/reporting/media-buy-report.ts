import { z } from "zod";
import type { ReadTx } from "../../model/transaction.ts";
import {
  CampaignId,
  CurrencyCode,
  ExternalId,
  MediaBuyId,
  NonNegativeMicros,
  PackageId,
  PositiveMicros,
  TimeZone,
  UtcTime,
} from "../../model/units.ts";
import { Counters, ZERO } from "../delivery/entities.ts";
import { MediaBuyStatus, totalBudget } from "../media-buys/entities.ts";
import type { MediaBuy, Package } from "../media-buys/entities.ts";
import { aggregate } from "./aggregate.ts";
import type { CounterDimension } from "./aggregate.ts";
import { buyTotals, deliveryOf } from "./buy-delivery.ts";
import type { BuyDelivery, ReportContext } from "./buy-delivery.ts";
import { Health, buyHealth } from "./health.ts";
import { Pacing, buyPacing, packagePacing } from "./pacing.ts";
import { Projection, projection } from "./projection.ts";
import { Ratios, ratios } from "./ratios.ts";
import { Recommendation, recommendations } from "./recommendations.ts";

const counted = { totals: Counters, ratios: Ratios };

/** One row of a breakdown: what one channel, device or country delivered. */
export const ReportSlice = z.strictObject({ key: z.string(), ...counted });
export type ReportSlice = z.infer<typeof ReportSlice>;

export const PackageReport = z.strictObject({
  package_id: PackageId,
  name: z.string(),
  channel: z.string(),
  paused: z.boolean(),
  canceled: z.boolean(),
  budget_micros: PositiveMicros,
  bid_micros: PositiveMicros.nullable(),
  ...counted,
  pacing: Pacing,
  /** Whether reported spend exceeds the budget. */
  overdelivery: z.boolean(),
  /** The newest report of its delivery; null without any. */
  reported_at: UtcTime.nullable(),
});
export type PackageReport = z.infer<typeof PackageReport>;

/** How a media buy does: all that a person sees of it on screen, for programs. Money is micros of `currency`. */
export const MediaBuyReport = z.strictObject({
  /** The media buy's id. */
  id: MediaBuyId,
  external_id: ExternalId.nullable(),
  campaign_id: CampaignId,
  status: MediaBuyStatus,
  currency: CurrencyCode,
  start_at: UtcTime,
  end_at: UtcTime,
  /** The moment that pacing, health and projection are judged at. */
  at: UtcTime,
  /** The zone of report days. */
  timezone: TimeZone,
  /** Sum over the packages that are not canceled. */
  budget_micros: NonNegativeMicros,
  daily_cap_micros: PositiveMicros.nullable(),
  ...counted,
  pacing: Pacing,
  projection: Projection,
  /** Null for a buy that does not run: there is nothing to do about it. */
  health: Health.nullable(),
  /** Empty for a buy that does not run. */
  recommendations: z.array(Recommendation),
  /** Each adds up to `totals`; the largest spend comes first. */
  by_channel: z.array(ReportSlice),
  by_device: z.array(ReportSlice),
  by_country: z.array(ReportSlice),
  /** In the order of the buy's packages, canceled ones included. */
  by_package: z.array(PackageReport),
  /** The newest report of its delivery; null without any. */
  reported_at: UtcTime.nullable(),
});
export type MediaBuyReport = z.infer<typeof MediaBuyReport>;

/** The report of a buy of this room. The same figures as in a browser, because the same functions make them. */
export function mediaBuyReport(tx: ReadTx, buy: MediaBuy, context: ReportContext): MediaBuyReport {
  const delivery = deliveryOf(tx, buy);
  const totals = buyTotals(delivery);
  const by_package = buy.packages.map((pkg) => packageReport(delivery, pkg, context));
  return {
    id: buy.id,
    external_id: buy.external_id,
    campaign_id: buy.campaign_id,
    status: buy.status,
    currency: buy.currency,
    start_at: buy.start_at,
    end_at: buy.end_at,
    at: context.now,
    timezone: context.zone,
    budget_micros: totalBudget(buy),
    daily_cap_micros: buy.daily_cap_micros,
    totals,
    ratios: ratios(totals),
    pacing: buyPacing(delivery, context),
    projection: projection(delivery, context),
    health: buy.status === "active" ? buyHealth(delivery, context) : null,
    recommendations: recommendations(delivery, context),
    by_channel: slicesOf(delivery, "channel"),
    by_device: slicesOf(delivery, "device"),
    by_country: slicesOf(delivery, "country"),
    by_package,
    reported_at: newest(by_package.map((pkg) => pkg.reported_at)),
  };
}

function slicesOf(delivery: BuyDelivery, by: CounterDimension): ReportSlice[] {
  return aggregate([delivery], by).map(({ key, counters }) => ({ key, totals: counters, ratios: ratios(counters) }));
}

function packageReport(delivery: BuyDelivery, pkg: Package, context: ReportContext): PackageReport {
  const counter = delivery.counters.get(pkg.id);
  const totals = counter?.totals ?? ZERO;
  return {
    package_id: pkg.id,
    name: pkg.name,
    channel: pkg.channel,
    paused: pkg.paused,
    canceled: pkg.canceled,
    budget_micros: pkg.budget_micros,
    bid_micros: pkg.bid_micros,
    totals,
    ratios: ratios(totals),
    pacing: packagePacing(delivery, pkg, context),
    overdelivery: counter?.overdelivery ?? false,
    reported_at: counter?.reported_at ?? null,
  };
}

function newest(times: readonly (string | null)[]): string | null {
  return times.reduce((latest, time) => (latest === null || (time !== null && time > latest) ? time : latest), null);
}
