import { z } from "zod";
import type { Refusal } from "../../model/refusal.ts";
import { CountryInput, isoCountry } from "./countries.ts";
import type { MediaBuy } from "./entities.ts";
import { UK_NOTICE } from "./notice.ts";
import { PackageIds, packageResult, packagesOf } from "./operation.ts";
import type { OperationContext, OperationResult } from "./operation.ts";

/** Stop running in countries. Delivered metrics stay as they are; a package keeps at least one country. */
export const RemoveGeo = z.strictObject({
  operation: z.literal("remove_geo"),
  countries: z.array(CountryInput).min(1).max(250),
  package_ids: PackageIds,
});

/** Takes countries out of packages. A package that does not have them is left alone. */
export function removeGeo(
  buy: MediaBuy,
  input: z.infer<typeof RemoveGeo>,
  context: OperationContext,
): OperationResult | Refusal {
  const packages = packagesOf(buy, input.package_ids, context);
  if ("refused" in packages) return packages;
  const removed = new Set(input.countries.map(isoCountry));
  const changes = packages.map((pkg) => {
    const left = pkg.geo_countries.filter((country) => !removed.has(country));
    return { after: { ...pkg, geo_countries: left }, previous_value: pkg.geo_countries, new_value: left };
  });
  return packageResult(buy, changes, {
    operation: "remove_geo",
    details: `Stopped running in ${listed([...removed])}`,
    notices: input.countries.includes("UK") ? [UK_NOTICE] : [],
  });
}

const MAX_LISTED = 12;

/** Codes for a sentence: the first few, and how many more. */
export function listed(codes: readonly string[]): string {
  const more = codes.length - MAX_LISTED;
  return more > 0 ? `${codes.slice(0, MAX_LISTED).join(", ")} and ${more} more` : codes.join(", ");
}
