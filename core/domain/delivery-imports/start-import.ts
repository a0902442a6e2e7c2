import { z } from "zod";
import { actorRef } from "../../model/access.ts";
import { defineCommand } from "../../model/command.ts";
import type { DecideContext } from "../../model/command.ts";
import { defineEvent } from "../../model/event.ts";
import { invalid, isRefusal, refuse, refuseField } from "../../model/refusal.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { ReadTx } from "../../model/transaction.ts";
import { CurrencyCode, ImportId, ReportDay } from "../../model/units.ts";
import { campaignOf, readOnlyCampaign } from "../campaigns/entities.ts";
import { findProduct, inventoryProducts, ProductRef } from "../inventory/entities.ts";
import type { InventoryProduct } from "../inventory/entities.ts";
import { Brand, mediaBuys } from "../media-buys/entities.ts";
import { reportContext } from "../reporting/buy-delivery.ts";
import { reportDay } from "../reporting/report-day.ts";
import { workspaceOf } from "../workspaces/entities.ts";
import {
  DeliveryImport,
  deliveryImports,
  FileName,
  IMPORT_TIME_LIMIT_MS,
  Mapping,
  MAX_KEPT_RUNS,
  ZERO_COUNTS,
} from "./entities.ts";

/** Where an imported buy's advertiser is said to be when nobody said: a name that can never resolve (RFC 2606). */
const NO_DOMAIN = "advertiser.invalid";

/** A run has begun; its outcome is a `completed` or `failed` of the same name. */
export const importStarted = defineEvent("delivery:import:v1:started", {
  data: z.strictObject({
    import_id: ImportId,
    run: DeliveryImport,
    /** Today in the workspace's report zone: no fact can be of a later day. */
    report_day: ReportDay,
    /** Old runs that are forgotten, so that a daily import does not fill the room. */
    forgotten: z.array(ImportId),
  }),
  apply(tx, { run, forgotten }) {
    tx.create(deliveryImports, run);
    for (const id of forgotten) tx.delete(deliveryImports, id);
  },
});

const Input = z.strictObject({
  import_id: ImportId.optional(),
  file_name: FileName,
  inventory_product_id: ProductRef.optional(),
  brand: Brand.optional(),
  currency: CurrencyCode.optional(),
  mapping: Mapping,
});
type Input = z.infer<typeof Input>;

export const startImport = defineCommand("delivery:import:v1", {
  about:
    "Begin to import a delivery report. Over HTTP, POST the file itself to this address: its rows are read, mapped and reported.",
  input: Input,
  example: {
    file_name: "facebook-ads.csv",
    currency: "USD",
    mapping: {
      layout: "facebook_conversions",
      source: "meta_ads",
      delimiter: ",",
      header_line: 1,
      columns: { date: "Date", campaign_id: "xyz_campaign_id", impressions: "Impressions", spend: "Spent" },
      date_order: "day_first",
      decimal_mark: "point",
    },
  },
  needs: "delivery.report",
  refuses: ["CAMPAIGN_NOT_FOUND", "PRODUCT_NOT_FOUND", "INVALID_STATE", "VALIDATION_ERROR", "ID_IN_USE"],
  emits: [importStarted],
  answers: "accepted",
  optimistic: false,
  decide(tx, input, context) {
    const campaign = campaignOf(tx);
    if (!campaign) return refuse("CAMPAIGN_NOT_FOUND", "Delivery is imported into a campaign");
    const archived = readOnlyCampaign(tx);
    if (archived) return archived;
    const id = input.import_id ?? context.id("imp");
    if (tx.used(deliveryImports, id)) return refuse("ID_IN_USE", `The import ${id} exists already`);
    const currency = input.currency ?? workspaceOf(tx)?.currency;
    if (!currency) return invalid("/currency", "Say the currency: the workspace has not told its own yet");
    const product = productFor(tx, input, currency);
    if (isRefusal(product)) return product;
    const run = newRun({ tx, input, context, id, currency, product });
    const report_day = reportDay(context.now, reportContext(tx, context.now).zone);
    return [importStarted.of({ import_id: id, run, report_day, forgotten: oldRuns(tx) })];
  },
});

function oldRuns(tx: ReadTx): string[] {
  const ended = tx.list(deliveryImports).filter(({ status }) => status !== "running");
  const newestFirst = ended.toSorted((a, b) => (a.started_at > b.started_at ? -1 : 1));
  return newestFirst.slice(MAX_KEPT_RUNS).map(({ id }) => id);
}

/** The named product, else the first for sale in the currency: social if there is one, as most ad reports are. */
function productFor(tx: ReadTx, { inventory_product_id }: Input, currency: string): InventoryProduct | Refusal {
  if (inventory_product_id !== undefined) {
    const named = findProduct(tx, inventory_product_id);
    if (!named)
      return refuseField(
        "PRODUCT_NOT_FOUND",
        "/inventory_product_id",
        `There is no inventory product ${inventory_product_id}`,
      );
    if (named.pricing_options.some((option) => option.currency === currency)) return named;
    return invalid("/inventory_product_id", `${named.name} is not sold in ${currency}`);
  }
  const suitable = tx
    .list(inventoryProducts)
    .filter(({ archived, pricing_options }) => !archived && pricing_options.some((o) => o.currency === currency))
    .sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
  const [first] = suitable;
  return first ?? refuse("PRODUCT_NOT_FOUND", `The workspace has no inventory product for sale in ${currency}`);
}

function rank({ channel }: InventoryProduct): number {
  return channel === "social" ? 0 : channel === "search" ? 1 : 2;
}

interface NewRun {
  readonly tx: ReadTx;
  readonly input: Input;
  readonly context: DecideContext;
  readonly id: string;
  readonly currency: string;
  readonly product: InventoryProduct;
}

function newRun({ tx, input, context, id, currency, product }: NewRun): DeliveryImport {
  const known = tx.list(mediaBuys).toSorted((a, b) => (a.id < b.id ? -1 : 1))[0]?.brand;
  const title = campaignOf(tx)?.title ?? input.file_name;
  return {
    id,
    file_name: input.file_name,
    digest: null,
    status: "running",
    mapping: input.mapping,
    currency,
    inventory_product_id: product.id,
    brand: input.brand ?? known ?? { name: title.slice(0, 120).trim(), domain: NO_DOMAIN },
    counts: ZERO_COUNTS,
    errors: [],
    failure: null,
    started_at: context.now,
    started_by: actorRef(context.actor),
    finished_at: null,
    deadline_at: new Date(Date.parse(context.now) + IMPORT_TIME_LIMIT_MS).toISOString(),
  };
}
