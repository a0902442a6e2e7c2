import { z } from "zod";
import { actorRef, can } from "../../model/access.ts";
import { defineCommand } from "../../model/command.ts";
import type { DecideContext } from "../../model/command.ts";
import { defineEvent } from "../../model/event.ts";
import { invalid, isRefusal, refuse, refuseField } from "../../model/refusal.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { ReadTx } from "../../model/transaction.ts";
import { CreativeId, ExternalId, ImportId, PackageId, UtcTime } from "../../model/units.ts";
import { campaignOf, readOnlyCampaign } from "../campaigns/entities.ts";
import { Creative, MAX_BUY_CREATIVES, creatives, fullBuy } from "../creatives/entities.ts";
import { packageCounters, zeroPackageCounter } from "../delivery/entities.ts";
import { inventoryProducts } from "../inventory/entities.ts";
import { findMediaBuy, MediaBuy, mediaBuys, tooManyBuys, totalBudget } from "../media-buys/entities.ts";
import { reportContext } from "../reporting/buy-delivery.ts";
import { reportDay } from "../reporting/report-day.ts";
import type { DeliveryImport } from "./entities.ts";
import { deliveryImports, endedRun, FileDigest } from "./entities.ts";
import { importedBuy, ReportedCampaign } from "./imported-buy.ts";

/** As many ads as a batch can have facts, and as many campaigns as keep its log row well under 2 MB. */
const MAX_BATCH_ADS = 500;
export const MAX_BATCH_CAMPAIGNS = 50;

const ReportedAd = z.strictObject({
  /** Its campaign's external id. */
  campaign: ExternalId,
  external_id: ExternalId,
  name: z.string().trim().min(1).max(200).nullable(),
});
type ReportedAd = z.infer<typeof ReportedAd>;

/** Our ids for what a report names, in the order of the batch's campaigns and ads. */
export const BatchReferences = z.strictObject({
  packages: z.array(PackageId),
  creatives: z.array(CreativeId),
  /** When what the file says was first reported here: the same file again is no newer. */
  reported_at: UtcTime,
});
export type BatchReferences = z.infer<typeof BatchReferences>;

export const batchPrepared = defineEvent("delivery:import_batch:v1:success", {
  data: z.strictObject({
    import_id: ImportId,
    references: BatchReferences,
    media_buys: z.array(MediaBuy),
    creatives: z.array(Creative),
  }),
  apply(tx, data) {
    for (const buy of data.media_buys) {
      tx.create(mediaBuys, buy);
      for (const { id } of buy.packages) tx.create(packageCounters, zeroPackageCounter(id, buy.id));
    }
    for (const creative of data.creatives) tx.create(creatives, creative);
  },
});

const Input = z.strictObject({
  import_id: ImportId,
  /** Which batch of the file, counted from 0. */
  batch: z.int().nonnegative(),
  digest: FileDigest,
  campaigns: z.array(ReportedCampaign).min(1).max(MAX_BATCH_CAMPAIGNS),
  ads: z.array(ReportedAd).max(MAX_BATCH_ADS),
});
type Input = z.infer<typeof Input>;

export const prepareBatch = defineCommand("delivery:import_batch:v1", {
  about:
    "Make the media buys and creatives that the next facts of an import belong to. NO_CHANGE if all exist; both answers hold their ids. What is made takes media_buy.edit or creative.edit besides. Sent by whoever reads the file; people need not send it.",
  input: Input,
  example: {
    import_id: "imp_01J00000000000000000000000",
    batch: 0,
    digest: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    campaigns: [
      {
        external_id: "916",
        name: null,
        first_day: "2023-08-01",
        last_day: "2023-08-31",
        spend_micros: 149_710_000,
        impressions: 482_925,
        countries: [],
      },
    ],
    ads: [{ campaign: "916", external_id: "708746", name: null }],
  },
  needs: "delivery.report",
  refuses: [
    "IMPORT_NOT_FOUND",
    "STALE_RUN",
    "INVALID_STATE",
    "PERMISSION_DENIED",
    "CAMPAIGN_NOT_FOUND",
    "PRODUCT_NOT_FOUND",
    "VALIDATION_ERROR",
    "NO_CHANGE",
  ],
  emits: [batchPrepared],
  optimistic: false,
  decide(tx, input, context) {
    const run = tx.get(deliveryImports, input.import_id);
    if (!run) return refuseField("IMPORT_NOT_FOUND", "/import_id", `There is no import ${input.import_id}`);
    const made = planned(tx, input, { run, context });
    if (isRefusal(made)) return made;
    const { buys, ads, references } = made;
    if (buys.length === 0 && ads.length === 0) {
      return refuse("NO_CHANGE", "All media buys and creatives exist already", { details: { references } });
    }
    if (run.status !== "running") return endedRun(run);
    const refused =
      readOnlyCampaign(tx) ?? notAllowed(made, context) ?? tooMuchBudget(tx, input, buys) ?? tooMany(tx, made);
    if (refused) return refused;
    return [batchPrepared.of({ import_id: run.id, references, media_buys: buys, creatives: ads })];
  },
});

/** Who may only report delivery adds facts to what is there: what a report makes besides takes the permission to make it. */
function notAllowed({ buys, ads }: Made, { grants, campaign_id }: DecideContext): Refusal | null {
  const made = [
    ["media_buy.edit", buys.length, "media buys"],
    ["creative.edit", ads.length, "creatives"],
  ] as const;
  for (const [needs, count, what] of made) {
    if (count === 0 || can(grants, needs, campaign_id)) continue;
    const message = `The report has ${count} ${what} that do not exist yet: to make them takes ${needs}`;
    return refuse("PERMISSION_DENIED", message, { details: { needs } });
  }
  return null;
}

/** A report may claim any spend, and with it any budget: the campaign's budgets must still add up to the micro. */
function tooMuchBudget(tx: ReadTx, { campaigns }: Input, buys: readonly MediaBuy[]): Refusal | null {
  let sum = tx.list(mediaBuys).reduce((total, buy) => total + totalBudget(buy), 0);
  for (const buy of buys) {
    sum += totalBudget(buy);
    if (Number.isSafeInteger(sum)) continue;
    const at = campaigns.findIndex(({ external_id }) => external_id === buy.external_id);
    const message = "The budgets of the campaign's media buys would exceed 2^53 − 1 micros together";
    return invalid(`/campaigns/${at}/spend_micros`, message, "maximum");
  }
  return null;
}

/** A room, and every browser in it, holds what a report names: no number of files makes that endless. */
function tooMany(tx: ReadTx, { buys, ads }: Made): Refusal | null {
  const refused = buys.length === 0 ? null : tooManyBuys(tx, buys.length, "/campaigns");
  if (refused || ads.length === 0) return refused;
  const added = new Map<string, number>();
  for (const { media_buy_id: id } of ads) added.set(id, (added.get(id) ?? 0) + 1);
  const full = fullBuy(tx, added);
  if (full === undefined) return null;
  const message = `The media buy ${full} would have more than ${MAX_BUY_CREATIVES} creatives`;
  return invalid("/ads", message, "maxItems");
}

interface Made {
  readonly buys: MediaBuy[];
  readonly ads: Creative[];
  readonly references: BatchReferences;
}

function planned(tx: ReadTx, input: Input, given: { run: DeliveryImport; context: DecideContext }): Made | Refusal {
  const { run, context } = given;
  const buys: MediaBuy[] = [];
  const inOrder: MediaBuy[] = [];
  const byCampaign = new Map<string, MediaBuy>();
  for (const [at, reported] of input.campaigns.entries()) {
    const known = findMediaBuy(tx, reported.external_id) ?? byCampaign.get(reported.external_id);
    const buy = known ?? newBuy(tx, reported, { run, context, at });
    if (isRefusal(buy)) return buy;
    if (buy.currency !== run.currency) {
      const message = `The media buy ${reported.external_id} is in ${buy.currency}, the report in ${run.currency}`;
      return invalid(`/campaigns/${at}/external_id`, message, "currency");
    }
    if (!known) buys.push(buy);
    byCampaign.set(reported.external_id, buy);
    inOrder.push(buy);
  }
  const ads = adsOf(tx, input.ads, { byCampaign, context });
  if (isRefusal(ads)) return ads;
  const packages = inOrder.map(packageOf);
  const references = { packages, creatives: ads.ids, reported_at: firstReported(tx, run, input.digest) };
  return { buys, ads: ads.created, references };
}

function newBuy(
  tx: ReadTx,
  reported: ReportedCampaign,
  { run, context, at }: { run: DeliveryImport; context: DecideContext; at: number },
): MediaBuy | Refusal {
  const campaign = campaignOf(tx);
  if (!campaign) return refuse("CAMPAIGN_NOT_FOUND", "Delivery is imported into a campaign");
  const product = tx.get(inventoryProducts, run.inventory_product_id);
  if (!product) return refuse("PRODUCT_NOT_FOUND", `There is no inventory product ${run.inventory_product_id}`);
  const { now } = context;
  const { zone } = reportContext(tx, now);
  return importedBuy(reported, {
    run,
    product,
    campaign_id: campaign.id,
    zone,
    now,
    today: reportDay(now, zone),
    by: actorRef(context.actor),
    media_buy_id: context.id("mb", at),
    package_id: context.id("pkg", at),
  });
}

/** The package that takes the facts of a buy: its only one, or of a buy made by hand the first that is not canceled. */
function packageOf(buy: MediaBuy): string {
  const [first] = buy.packages;
  const live = buy.packages.find(({ canceled }) => !canceled) ?? first;
  if (!live) throw new Error(`The media buy ${buy.id} has no package`);
  return live.id;
}

function adsOf(
  tx: ReadTx,
  reported: readonly ReportedAd[],
  { byCampaign, context }: { byCampaign: ReadonlyMap<string, MediaBuy>; context: DecideContext },
): { ids: string[]; created: Creative[] } | Refusal {
  const key = (buyId: string, externalId: string): string => `${buyId} ${externalId}`;
  const known = new Map(tx.list(creatives).map((ad) => [key(ad.media_buy_id, ad.external_id ?? ad.id), ad.id]));
  const ids: string[] = [];
  const created: Creative[] = [];
  for (const [at, { campaign, external_id, name }] of reported.entries()) {
    const buy = byCampaign.get(campaign);
    if (!buy) return invalid(`/ads/${at}/campaign`, `The batch has no campaign ${campaign}`, "reference");
    const place = key(buy.id, external_id);
    let id = known.get(place);
    if (id === undefined) {
      id = context.id("cre", at);
      known.set(place, id);
      created.push(newCreative({ id, media_buy_id: buy.id, external_id, name, created_at: context.now }));
    }
    ids.push(id);
  }
  return { ids, created };
}

function newCreative(
  ad: Pick<Creative, "id" | "media_buy_id" | "created_at"> & Pick<ReportedAd, "external_id" | "name">,
): Creative {
  const name = ad.name ?? `Ad ${ad.external_id}`;
  // It was delivered, so somebody had approved it.
  return { ...ad, name, format: "imported", status: "approved", rejection_reason: null };
}

/** When the first run that read the very same file began. */
function firstReported(tx: ReadTx, run: DeliveryImport, digest: string): string {
  const same = tx.list(deliveryImports).filter((other) => other.digest === digest);
  return same.reduce((first, { started_at }) => (started_at < first ? started_at : first), run.started_at);
}
