/** Where a request entered Cloudflare, as `request.cf` tells; all of it may be missing. */
export interface Whereabouts {
  readonly continent?: unknown;
  readonly country?: unknown;
  readonly longitude?: unknown;
}

const MIDDLE_EAST = new Set(["AE", "BH", "IL", "IQ", "IR", "JO", "KW", "LB", "OM", "PS", "QA", "SA", "SY", "YE"]);

type Hint = "wnam" | "enam" | "sam" | "weur" | "eeur" | "apac" | "oc" | "afr" | "me";

/** The location hint nearest to whoever first reaches an object; undefined leaves it to Cloudflare. */
export function locationHint({ continent, country, longitude }: Whereabouts): Hint | undefined {
  if (typeof country === "string" && MIDDLE_EAST.has(country)) return "me";
  const east = Number(longitude ?? 0);
  switch (continent) {
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
