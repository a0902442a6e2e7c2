import type { LocationHint } from "../../core/model/placement.ts";

const MIDDLE_EAST = new Set(["AE", "BH", "IL", "IQ", "IR", "JO", "KW", "LB", "OM", "PS", "QA", "SA", "SY", "YE"]);

/**
 * The location hint nearest to whoever first reaches an object; undefined leaves it to Cloudflare.
 * `cf` is what Cloudflare says of a request, all of which may be missing.
 */
export function locationHint(cf: object = {}): LocationHint | undefined {
  if (MIDDLE_EAST.has(String(Reflect.get(cf, "country")))) return "me";
  const east = Number(Reflect.get(cf, "longitude") ?? 0);
  switch (Reflect.get(cf, "continent")) {
    case "NA":
      return east < -100 ? "wnam" : "enam";
    case "SA":
      return "sam";
    case "EU":
      return east < 15 ? "weur" : "eeur";
    case "AS":
      return "apac";
    case "OC":
      return "oc";
    case "AF":
      return "afr";
    default:
      return undefined;
  }
}
