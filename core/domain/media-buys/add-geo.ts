import { z } from "zod";
import { invalid } from "../../model/refusal.ts";
import type { Refusal } from "../../model/refusal.ts";
import { CountryInput, isCountry, isoCountry } from "./countries.ts";
import type { MediaBuy } from "./entities.ts";
import { UK_NOTICE } from "./notice.ts";
import { PackageIds, packageResult, packagesOf } from "./operation.ts";
import type { OperationContext, OperationResult } from "./operation.ts";
import { listed } from "./remove-geo.ts";

/** Run in more countries. */
export const AddGeo = z.strictObject({
  operation: z.literal("add_geo"),
  countries: z.array(CountryInput).min(1).max(250),
  package_ids: PackageIds,
});

/** Adds countries to packages. VALIDATION_ERROR for a code that is not ISO 3166-1 or that a package excludes. */
export function addGeo(
  buy: MediaBuy,
  input: z.infer<typeof AddGeo>,
  context: OperationContext,
): OperationResult | Refusal {
  const packages = packagesOf(buy, input.package_ids, context);
  if ("refused" in packages) return packages;
  const added = input.countries.map(isoCountry);
  for (const [at, country] of added.entries()) {
    const pointer = `${context.pointer}/countries/${at}`;
    if (!isCountry(country)) return invalid(pointer, `${country} is not an ISO 3166-1 country code.`, "iso3166");
    const excluding = packages.find((pkg) => pkg.geo_exclude.includes(country));
    if (excluding) return invalid(pointer, `${country} is excluded from ${excluding.name}.`, "excluded");
  }
  const changes = packages.map((pkg) => {
    const all = sortedCountries([...pkg.geo_countries, ...added]);
    return { after: { ...pkg, geo_countries: all }, previous_value: pkg.geo_countries, new_value: all };
  });
  return packageResult(buy, changes, {
    operation: "add_geo",
    details: `Began to run in ${listed(added)}`,
    notices: input.countries.includes("UK") ? [UK_NOTICE] : [],
  });
}

/** Each country once, in alphabetical order: the form in which packages keep them, so that equal sets are equal lists. */
export function sortedCountries(countries: readonly string[]): string[] {
  return [...new Set(countries)].sort();
}
