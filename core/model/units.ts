import { z } from "zod";
import { JURISDICTIONS } from "./placement.ts";

/** Integer micros of a currency: 1,000,000 micros = 1 unit. Up to 2^53−1, about 9 billion units. */
export const PositiveMicros = z.int().positive();
export const NonNegativeMicros = z.int().nonnegative();
/** A count of things. */
export const Count = z.int().nonnegative();
/** An ISO-8601 time in UTC, e.g. 2026-11-20T09:30:00.000Z. */
export const UtcTime = z.iso.datetime();
/** A day, YYYY-MM-DD, in the workspace's report zone. */
export const ReportDay = z.iso.date();
/** ISO-4217. */
export const CurrencyCode = z.string().regex(/^[A-Z]{3}$/, "A currency is an ISO-4217 code such as USD");
/** IANA time zone that this runtime knows. */
export const TimeZone = z.string().max(64).refine(isTimeZone, "Not an IANA time zone such as America/New_York");

const ULID = "[0-7][0-9A-HJKMNP-TV-Z]{25}";
const idPattern = (prefix: string): RegExp => new RegExp(`^${prefix}_${ULID}$`);

const prefixedId = (prefix: string): z.ZodString =>
  z.string().regex(idPattern(prefix), `An id is ${prefix}_ and a ULID`);

/** `ws_{ULID}`, or `ws_{jurisdiction}_{ULID}` for a workspace whose data stays in a jurisdiction. */
export const WorkspaceId = z
  .string()
  .regex(new RegExp(`^ws(_(${JURISDICTIONS.join("|")}))?_${ULID}$`), "An id is ws_ and a ULID");
export const CampaignId = prefixedId("cmp");
export const MediaBuyId = prefixedId("mb");
export const PackageId = prefixedId("pkg");
export const ProductId = prefixedId("prod");
export const CreativeId = prefixedId("cre");
export const FeedbackId = prefixedId("fb");
export const MemberId = prefixedId("mem");
export const ApiKeyId = prefixedId("key");
export const ImportId = prefixedId("imp");

/** An id of the caller's own system. It may not look like one of ours. */
export const ExternalId = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[^\s/]+$/u, "An external id has no spaces or slashes")
  .refine(
    (text) => !new RegExp(`^[a-z_]+_${ULID}$`).test(text),
    "An external id may not look like one of Flightdeck's ids",
  );

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
