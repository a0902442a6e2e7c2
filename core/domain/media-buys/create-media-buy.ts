import { z } from "zod";
import { actorRef } from "../../model/access.ts";
import { defineCommand } from "../../model/command.ts";
import type { DecideContext } from "../../model/command.ts";
import { defineEvent } from "../../model/event.ts";
import { invalid, isRefusal, refuse } from "../../model/refusal.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { ReadTx } from "../../model/transaction.ts";
import { Count, ExternalId, MediaBuyId, UtcTime } from "../../model/units.ts";
import { campaignOf, readOnlyCampaign } from "../campaigns/entities.ts";
import { packageCounters, zeroPackageCounter } from "../delivery/entities.ts";
import { deliveryOf, reportContext } from "../reporting/buy-delivery.ts";
import { estimatedImpressions } from "../reporting/estimate.ts";
import { NewPackage, buildPackage } from "./build-package.ts";
import { Brand, MediaBuy, findMediaBuy, mediaBuys, tooManyBuys } from "./entities.ts";
import type { Package } from "./entities.ts";
import { Notice, UK_NOTICE } from "./notice.ts";
import { brokenRule } from "./rules.ts";
import type { RuleField } from "./rules.ts";
import { capNotices } from "./spend-notices.ts";

const NewMediaBuy = z.strictObject({
  media_buy_id: MediaBuyId.optional(),
  external_id: ExternalId.optional(),
  brand: Brand,
  buyer_ref: MediaBuy.shape.buyer_ref.unwrap().optional(),
  currency: MediaBuy.shape.currency,
  /** `asap` begins at once. */
  start_at: z.union([UtcTime, z.literal("asap")]),
  end_at: UtcTime,
  packages: z.array(NewPackage).min(1).max(50),
  daily_cap_micros: MediaBuy.shape.daily_cap_micros.unwrap().optional(),
  /** Default: the workspace's zone. */
  cap_timezone: MediaBuy.shape.cap_timezone.optional(),
  notes: MediaBuy.shape.notes.unwrap().optional(),
});
type NewMediaBuy = z.infer<typeof NewMediaBuy>;

export const mediaBuyCreated = defineEvent("media_buy:create:v1:success", {
  data: z.strictObject({ media_buy: MediaBuy, estimated_impressions: Count, warnings: z.array(Notice) }),
  apply(tx, { media_buy }) {
    tx.create(mediaBuys, media_buy);
    for (const { id } of media_buy.packages) tx.create(packageCounters, zeroPackageCounter(id, media_buy.id));
  },
});

export const createMediaBuy = defineCommand("media_buy:create:v1", {
  about:
    "Buy inventory for the campaign. The buy waits for its creatives; its packages keep the terms of their products as they are now.",
  input: NewMediaBuy,
  example: {
    brand: { name: "NorthTrail", domain: "northtrail.example" },
    currency: "USD",
    start_at: "asap",
    end_at: "2027-01-31T05:00:00.000Z",
    packages: [
      {
        inventory_product_id: "prod_01J00000000000000000000001",
        pricing_option_id: "cpm-fixed",
        budget_micros: 36_000_000_000,
        geo_countries: ["US", "CA"],
      },
    ],
  },
  needs: "media_buy.edit",
  refuses: [
    "CAMPAIGN_NOT_FOUND",
    "PRODUCT_NOT_FOUND",
    "INVALID_STATE",
    "ID_IN_USE",
    "VALIDATION_ERROR",
    "BUDGET_TOO_LOW",
    "BUDGET_EXCEEDED",
  ],
  emits: [mediaBuyCreated],
  answers: "created",
  decide(tx, input, context) {
    const media_buy = plannedBuy(tx, input, context);
    if (isRefusal(media_buy)) return media_buy;
    const broken = brokenRule(media_buy, {
      before: null,
      spent: () => 0,
      pointer: (field, packageId) => createPointer(media_buy, field, packageId),
    });
    if (broken) return broken;
    const data = { media_buy, estimated_impressions: estimatedImpressions(media_buy) };
    return [mediaBuyCreated.of({ ...data, warnings: noticesOf(tx, input, { media_buy, now: context.now }) })];
  },
});

function plannedBuy(tx: ReadTx, input: NewMediaBuy, context: DecideContext): MediaBuy | Refusal {
  const campaign = campaignOf(tx);
  if (!campaign) return refuse("CAMPAIGN_NOT_FOUND", "There is no campaign here.");
  const id = input.media_buy_id ?? context.id("mb");
  const refused =
    readOnlyCampaign(tx) ??
    takenId(tx, id, input.external_id) ??
    ended(input.end_at, context.now) ??
    tooManyBuys(tx, 1, "");
  if (refused) return refused;
  const packages = plannedPackages(tx, input, context);
  if ("refused" in packages) return packages;
  const { now } = context;
  return {
    id,
    campaign_id: campaign.id,
    external_id: input.external_id ?? null,
    brand: input.brand,
    buyer_ref: input.buyer_ref ?? null,
    status: "pending_creatives",
    status_reason: null,
    currency: input.currency,
    start_at: input.start_at === "asap" ? now : new Date(input.start_at).toISOString(),
    end_at: new Date(input.end_at).toISOString(),
    packages,
    daily_cap_micros: input.daily_cap_micros ?? null,
    cap_timezone: input.cap_timezone ?? reportContext(tx, now).zone,
    notes: input.notes ?? null,
    cancellation: null,
    created_at: now,
    updated_at: now,
    updated_by: actorRef(context.actor),
  };
}

function takenId(tx: ReadTx, id: string, externalId: string | undefined): Refusal | null {
  if (tx.used(mediaBuys, id)) return refuse("ID_IN_USE", `The media buy id ${id} was used before.`);
  if (externalId === undefined || !findMediaBuy(tx, externalId)) return null;
  return refuse("ID_IN_USE", `Another media buy has the external id ${externalId}.`);
}

function ended(endAt: string, now: string): Refusal | null {
  return Date.parse(endAt) > Date.parse(now) ? null : invalid("/end_at", "The flight ends in the past.", "future");
}

function plannedPackages(tx: ReadTx, input: NewMediaBuy, context: DecideContext): Package[] | Refusal {
  const packages: Package[] = [];
  for (const [at, wanted] of input.packages.entries()) {
    const pkg = buildPackage(tx, wanted, { at, currency: input.currency, id: () => context.id("pkg", at) });
    if ("refused" in pkg) return pkg;
    if (packages.some((other) => other.id === pkg.id)) {
      return invalid(`/packages/${at}/package_id`, "Two packages have this id.", "unique");
    }
    packages.push(pkg);
  }
  return packages;
}

function createPointer(buy: MediaBuy, field: RuleField, packageId: string | undefined): string {
  const names = { geo: "geo_countries", bid: "bid_micros", budget: "budget_micros", cap: "daily_cap_micros" } as const;
  const flight = { start: "start_at", end: "end_at", size: "packages" } as const;
  const name = { ...names, ...flight }[field];
  const at = buy.packages.findIndex((pkg) => pkg.id === packageId);
  if (at >= 0) return `/packages/${at}/${name}`;
  return field === "budget" ? "/packages" : `/${name}`;
}

function noticesOf(tx: ReadTx, input: NewMediaBuy, { media_buy, now }: { media_buy: MediaBuy; now: string }): Notice[] {
  const notices = capNotices(deliveryOf(tx, media_buy), reportContext(tx, now));
  if (input.packages.some((pkg) => [...pkg.geo_countries, ...(pkg.geo_exclude ?? [])].includes("UK"))) {
    notices.push(UK_NOTICE);
  }
  if (Date.parse(media_buy.start_at) < Date.parse(now)) {
    notices.push({ code: "flight_began_before", message: "The flight began before the media buy was recorded." });
  }
  return notices;
}
