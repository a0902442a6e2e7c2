import { z } from "zod";
import { invalid, refuse } from "../../model/refusal.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { ReadTx } from "../../model/transaction.ts";
import { PackageId, UtcTime } from "../../model/units.ts";
import { packageCounters } from "../delivery/entities.ts";
import { ProductRef, findProduct } from "../inventory/entities.ts";
import type { InventoryProduct, PricingOption } from "../inventory/entities.ts";
import { sortedCountries } from "./add-geo.ts";
import { CountryInput, isCountry, isoCountry } from "./countries.ts";
import { Package } from "./entities.ts";

/** A package to buy. Money is micros of the buy's currency. */
export const NewPackage = z.strictObject({
  package_id: PackageId.optional(),
  inventory_product_id: ProductRef,
  pricing_option_id: Package.shape.pricing_option_id,
  /** Default: the product's name. */
  name: Package.shape.name.optional(),
  budget_micros: Package.shape.budget_micros,
  /** Needed in an auction, refused on a fixed price. */
  bid_micros: Package.shape.bid_micros.unwrap().optional(),
  pacing_strategy: Package.shape.pacing_strategy.optional(),
  device_bid_modifiers: Package.shape.device_bid_modifiers.optional(),
  geo_countries: z.array(CountryInput).min(1).max(250),
  geo_exclude: z.array(CountryInput).max(250).optional(),
  devices: Package.shape.devices.optional(),
  audiences: Package.shape.audiences.optional(),
  impressions_goal: Package.shape.impressions_goal.unwrap().optional(),
  start_at: UtcTime.optional(),
  end_at: UtcTime.optional(),
  paused: z.boolean().optional(),
});
export type NewPackage = z.infer<typeof NewPackage>;

interface BuildContext {
  /** Its place in the list. */
  readonly at: number;
  readonly currency: string;
  /** The id it gets if the caller chose none. */
  id(): string;
}

/** Makes a package from what the caller wants and what the product offers. PRODUCT_NOT_FOUND, INVALID_STATE, ID_IN_USE, VALIDATION_ERROR. */
export function buildPackage(tx: ReadTx, input: NewPackage, context: BuildContext): Package | Refusal {
  const pointer = `/packages/${context.at}`;
  const offer = offered(tx, input, { pointer, currency: context.currency });
  if ("refused" in offer) return offer;
  const id = input.package_id ?? context.id();
  if (tx.used(packageCounters, id)) return refuse("ID_IN_USE", `The package id ${id} was used before.`);
  const bad = badCountry(input, pointer);
  if (bad) return bad;
  const { product, option } = offer;
  return {
    id,
    name: input.name ?? product.name,
    inventory_product_id: product.id,
    pricing_option_id: option.id,
    channel: product.channel,
    pricing: {
      model: option.model,
      fixed_price_micros: option.fixed_price_micros,
      floor_price_micros: option.floor_price_micros,
      max_bid_micros: option.max_bid_micros,
      min_spend_micros: Math.max(product.min_budget_micros, option.min_spend_per_package_micros ?? 0),
    },
    target_ctr: product.target_ctr,
    median_bid_micros: product.median_bid_micros,
    available_impressions: product.available_impressions,
    budget_micros: input.budget_micros,
    pacing_strategy: input.pacing_strategy ?? "even",
    bid_micros: input.bid_micros ?? null,
    device_bid_modifiers: input.device_bid_modifiers ?? {},
    geo_countries: sortedCountries(input.geo_countries.map(isoCountry)),
    geo_exclude: sortedCountries((input.geo_exclude ?? []).map(isoCountry)),
    devices: [...new Set(input.devices ?? [])],
    audiences: [...new Set(input.audiences ?? [])],
    impressions_goal: input.impressions_goal ?? null,
    start_at: input.start_at === undefined ? null : new Date(input.start_at).toISOString(),
    end_at: input.end_at === undefined ? null : new Date(input.end_at).toISOString(),
    paused: input.paused ?? false,
    canceled: false,
    creative_assignments: [],
  };
}

function offered(
  tx: ReadTx,
  input: NewPackage,
  { pointer, currency }: { pointer: string; currency: string },
): { product: InventoryProduct; option: PricingOption } | Refusal {
  const product = findProduct(tx, input.inventory_product_id);
  if (!product) {
    const message = `There is no product ${input.inventory_product_id} in this workspace's inventory.`;
    const issues = [{ pointer: `${pointer}/inventory_product_id`, message, keyword: "reference" }];
    return refuse("PRODUCT_NOT_FOUND", message, { issues });
  }
  if (product.archived) return refuse("INVALID_STATE", `${product.name} is no longer for sale.`);
  const option = product.pricing_options.find((each) => each.id === input.pricing_option_id);
  if (!option) {
    const options = product.pricing_options.map((each) => each.id).join(", ");
    return invalid(`${pointer}/pricing_option_id`, `${product.name} offers ${options}.`, "reference");
  }
  if (option.currency === currency) return { product, option };
  return invalid(
    `${pointer}/pricing_option_id`,
    `${option.id} is priced in ${option.currency}, not ${currency}.`,
    "currency",
  );
}

function badCountry(input: NewPackage, pointer: string): Refusal | null {
  for (const field of ["geo_countries", "geo_exclude"] as const) {
    for (const [at, code] of (input[field] ?? []).entries()) {
      if (isCountry(isoCountry(code))) continue;
      return invalid(`${pointer}/${field}/${at}`, `${code} is not an ISO 3166-1 country code.`, "iso3166");
    }
  }
  return null;
}
