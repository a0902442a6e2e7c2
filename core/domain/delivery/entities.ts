import { z } from "zod";
import { defineEntity } from "../../model/entity.ts";
import { Count, CreativeId, MediaBuyId, NonNegativeMicros, PackageId, ReportDay, UtcTime } from "../../model/units.ts";
import { Country, DEVICES, Device } from "../media-buys/entities.ts";

/**
 * What is counted. `video_impressions` are the impressions of facts that report completed views:
 * the denominator of the video completion rate, so that display impressions do not dilute it.
 */
export const MEASURES = [
  "impressions",
  "clicks",
  "completed_views",
  "video_impressions",
  "views",
  "measurable",
  "viewable",
  "conversions",
  "leads",
  "conversion_value_micros",
  "spend_micros",
] as const;
export type Measure = (typeof MEASURES)[number];

const measures = {
  impressions: Count,
  clicks: Count,
  completed_views: Count,
  video_impressions: Count,
  views: Count,
  measurable: Count,
  viewable: Count,
  conversions: Count,
  leads: Count,
  conversion_value_micros: NonNegativeMicros,
  spend_micros: NonNegativeMicros,
} satisfies Record<Measure, z.ZodType<number>>;

/** Sums over delivery facts; money in integer micros of the buy's currency. */
export const Counters = z.strictObject(measures);
export type Counters = Readonly<z.infer<typeof Counters>>;

/** Every measure zero. */
export const ZERO: Counters = Object.freeze({
  impressions: 0,
  clicks: 0,
  completed_views: 0,
  video_impressions: 0,
  views: 0,
  measurable: 0,
  viewable: 0,
  conversions: 0,
  leads: 0,
  conversion_value_micros: 0,
  spend_micros: 0,
});

/** What cannot be told apart from others: an unreported device or country. */
export const UNKNOWN = "unknown";
/** Countries beyond the {@link MAX_COUNTRIES} a package counter keeps are counted together under this name. */
export const OTHER_COUNTRIES = "other";
/** Keeps a package counter under 64 KB of JSON. */
export const MAX_COUNTRIES = 160;

/** Who reported a fact, e.g. `google_ads`: part of its key, so that two sources never overwrite each other. */
export const DeliverySource = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_.-]{0,31}$/, "A source is up to 32 of a-z 0-9 _ . - such as google_ads");

export const FINALITIES = ["partial", "final"] as const;

/** Where an imported fact stands: the SHA-256 (hex) of the file and the line. */
export const SourceRef = z.strictObject({ digest: z.string().regex(/^[0-9a-f]{64}$/), line: z.int().positive() });

/** What one source says about one package, creative, day, device and country. A newer `reported_at` replaces it. */
export const DeliveryFact = z.strictObject({
  /** {@link factId} of its key. */
  id: z.string().max(256),
  media_buy_id: MediaBuyId,
  package_id: PackageId,
  /** Empty if unknown. */
  creative_id: z.union([CreativeId, z.literal("")]),
  date: ReportDay,
  device: Device,
  country: z.union([Country, z.literal(UNKNOWN)]),
  source: DeliverySource,
  impressions: Count,
  clicks: Count,
  completed_views: Count.nullable(),
  views: Count.nullable(),
  measurable: Count.nullable(),
  viewable: Count.nullable(),
  conversions: Count,
  leads: Count.nullable(),
  conversion_value_micros: NonNegativeMicros,
  spend_micros: NonNegativeMicros,
  finality: z.enum(FINALITIES),
  reported_at: UtcTime,
  source_ref: SourceRef.nullable(),
});
export type DeliveryFact = z.infer<typeof DeliveryFact>;

export const deliveryFacts = defineEntity("delivery_fact", {
  about: "One reported row of delivery. Written by delivery:report only; not held by browsers, read by query.",
  schema: DeliveryFact,
  resident: false,
});

/** Sums of a package's facts: whole, by device and by country. The parts of each always add up to `totals`. */
export const PackageCounter = z.strictObject({
  /** The package's id. */
  id: PackageId,
  media_buy_id: MediaBuyId,
  totals: Counters,
  by_device: z.partialRecord(z.enum(DEVICES), Counters),
  /** By ISO country, `unknown` or {@link OTHER_COUNTRIES}. */
  by_country: z.record(z.string().max(8), Counters),
  /** Whether reported spend exceeds the package's budget; never a reason to refuse facts. */
  overdelivery: z.boolean(),
  /** The newest `reported_at` of its facts; null without any. */
  reported_at: UtcTime.nullable(),
});
export type PackageCounter = z.infer<typeof PackageCounter>;

export const packageCounters = defineEntity("package_counter", {
  about: "Running delivery totals of one package, by device and by country. Made with the buy, at zero.",
  schema: PackageCounter,
});

export const DayCounter = z.strictObject({
  /** {@link dayCounterId}. */
  id: z.string().max(64),
  package_id: PackageId,
  media_buy_id: MediaBuyId,
  date: ReportDay,
  ...measures,
});
export type DayCounter = z.infer<typeof DayCounter>;

export const dayCounters = defineEntity("day_counter", {
  about: "Delivery totals of one package on one report day.",
  schema: DayCounter,
});

/** The parts of a fact that make it that fact. */
export type FactKey = Pick<DeliveryFact, "package_id" | "creative_id" | "date" | "device" | "country" | "source">;

/** The id of the fact with that key. No part can hold a `|`, so two keys never share an id. */
export function factId(key: FactKey): string {
  return [key.package_id, key.creative_id, key.date, key.device, key.country, key.source].join("|");
}

/** The id of a package's counter of one day. */
export function dayCounterId(packageId: string, date: string): string {
  return `${packageId}:${date}`;
}

/** A new package's counter. */
export function zeroPackageCounter(packageId: string, mediaBuyId: string): PackageCounter {
  return {
    id: packageId,
    media_buy_id: mediaBuyId,
    totals: ZERO,
    by_device: {},
    by_country: {},
    overdelivery: false,
    reported_at: null,
  };
}
