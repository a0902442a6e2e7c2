import { z } from "zod";
import { defineCommand } from "../../model/command.ts";
import { defineEvent } from "../../model/event.ts";
import { invalid, isRefusal, refuse, refuseField } from "../../model/refusal.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { ReadTx } from "../../model/transaction.ts";
import { PackageId, UtcTime } from "../../model/units.ts";
import { deliveryOf, packageSpend, reportContext } from "../reporting/buy-delivery.ts";
import { flightOf } from "../reporting/pacing.ts";
import { applyChanges, changesBetween, mediaBuyChanged } from "./changes.ts";
import { MediaBuyRef, findMediaBuy, targetBuy, writableBuy } from "./entities.ts";
import type { MediaBuy } from "./entities.ts";
import { Notice } from "./notice.ts";
import { namedPackage, withPackages } from "./operation.ts";
import { brokenRule } from "./rules.ts";
import { capNotices } from "./spend-notices.ts";

const Dates = z.strictObject({
  media_buy_id: MediaBuyRef,
  start_at: UtcTime.optional(),
  end_at: UtcTime.optional(),
  /** Flights of single packages; null: the buy's. */
  packages: z
    .array(
      z.strictObject({
        package_id: PackageId,
        start_at: UtcTime.nullable().optional(),
        end_at: UtcTime.nullable().optional(),
      }),
    )
    .min(1)
    .max(50)
    .refine((items) => new Set(items.map((item) => item.package_id)).size === items.length, "A package is named twice")
    .optional(),
});
type Dates = z.infer<typeof Dates>;

export const mediaBuyDatesSet = defineEvent("media_buy:set_dates:v1:success", {
  data: z.strictObject({ ...mediaBuyChanged, warnings: z.array(Notice) }),
  apply: applyChanges,
});

export const setDates = defineCommand("media_buy:set_dates:v1", {
  about:
    "Move the flight of a media buy or of its packages. What has begun keeps its start; nothing may end in the past.",
  input: Dates,
  example: { media_buy_id: "mb_01J00000000000000000000001", end_at: "2027-01-31T05:00:00.000Z" },
  needs: "media_buy.edit",
  refuses: ["MEDIA_BUY_NOT_FOUND", "PACKAGE_NOT_FOUND", "INVALID_STATE", "VALIDATION_ERROR", "NO_CHANGE"],
  emits: [mediaBuyDatesSet],
  target: ({ media_buy_id }, tx) => targetBuy(media_buy_id, tx),
  inverse(input, before) {
    const buy = findMediaBuy(before, input.media_buy_id);
    return buy ? { type: "media_buy:set_dates:v1", payload: previousDates(buy, input) } : null;
  },
  decide(tx, input, { now }) {
    const buy = writableBuy(tx, input.media_buy_id);
    if (isRefusal(buy)) return buy;
    const after = redated(buy, input);
    if (isRefusal(after)) return after;
    const changes = changesBetween(buy, after);
    if (!changes) return refuse("NO_CHANGE", "The flight is already as asked.");
    return (
      pastDate({ before: buy, after, now }, "") ??
      pastPackageDate(input, { before: buy, after, now }) ??
      flightRule(tx, buy, after) ?? [
        mediaBuyDatesSet.of({
          media_buy_id: buy.id,
          changes,
          warnings: capNotices({ ...deliveryOf(tx, buy), buy: after }, reportContext(tx, now)),
        }),
      ]
    );
  },
});

function redated(buy: MediaBuy, input: Dates): MediaBuy | Refusal {
  let after = { ...buy, start_at: utc(input.start_at) ?? buy.start_at, end_at: utc(input.end_at) ?? buy.end_at };
  for (const [at, dates] of (input.packages ?? []).entries()) {
    const pkg = namedPackage(after, dates.package_id, `/packages/${at}/package_id`);
    if ("refused" in pkg) return pkg;
    const start_at = dates.start_at === undefined ? pkg.start_at : utc(dates.start_at);
    const end_at = dates.end_at === undefined ? pkg.end_at : utc(dates.end_at);
    after = withPackages(after, [{ ...pkg, start_at, end_at }]);
  }
  return after;
}

/** One spelling for each moment, so that equal times are equal texts. */
function utc(time: string | null | undefined): string | null {
  return time === null || time === undefined ? null : new Date(time).toISOString();
}

interface Moved {
  readonly before: Flight;
  readonly after: Flight;
  readonly now: string;
}
interface Flight {
  readonly start_at: string;
  readonly end_at: string;
}

/** A flight that has begun keeps its start, else what was delivered would lie outside it; and the past cannot be planned. */
function pastDate({ before, after, now }: Moved, pointer: string): Refusal | null {
  const past = (time: string): boolean => Date.parse(time) <= Date.parse(now);
  const moved = (a: string, b: string): boolean => Date.parse(a) !== Date.parse(b);
  if (moved(after.start_at, before.start_at)) {
    const begun = "The flight has begun: its start cannot move any more.";
    if (past(before.start_at)) return refuseField("INVALID_STATE", `${pointer}/start_at`, begun);
    if (past(after.start_at)) return invalid(`${pointer}/start_at`, "The start is in the past.", "future");
  }
  if (moved(after.end_at, before.end_at) && past(after.end_at)) {
    return invalid(`${pointer}/end_at`, "The end is in the past: complete or cancel it instead.", "future");
  }
  return null;
}

/**
 * The same for each package that is named, by the flight it has in effect: its own, or the buy's. One that is not named
 * and has no flight of its own moves with the buy, which was judged already.
 */
function pastPackageDate(
  input: Dates,
  { before, after, now }: { before: MediaBuy; after: MediaBuy; now: string },
): Refusal | null {
  for (const [at, { package_id }] of (input.packages ?? []).entries()) {
    const [old, changed] = [before, after].map((buy) => {
      const pkg = buy.packages.find((each) => each.id === package_id);
      return pkg && flightOf(buy, pkg);
    });
    const refused = old && changed && pastDate({ before: old, after: changed, now }, `/packages/${at}`);
    if (refused) return refused;
  }
  return null;
}

function flightRule(tx: ReadTx, before: MediaBuy, after: MediaBuy): Refusal | null {
  const delivery = deliveryOf(tx, before);
  return brokenRule(after, {
    before,
    spent: (packageId) => packageSpend(delivery, packageId),
    pointer: (field, packageId) =>
      packageId === undefined ? `/${field === "start" ? "start_at" : "end_at"}` : "/packages",
  });
}

function previousDates(buy: MediaBuy, input: Dates): Dates {
  const packages = input.packages?.flatMap(({ package_id }) => {
    const pkg = buy.packages.find((each) => each.id === package_id);
    return pkg ? [{ package_id, start_at: pkg.start_at, end_at: pkg.end_at }] : [];
  });
  return {
    media_buy_id: buy.id,
    ...(input.start_at !== undefined && { start_at: buy.start_at }),
    ...(input.end_at !== undefined && { end_at: buy.end_at }),
    ...(packages && { packages }),
  };
}
