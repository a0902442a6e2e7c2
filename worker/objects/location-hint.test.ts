import { expect, it } from "vitest";
import { locationHint } from "./location-hint.ts";

it.each([
  [{ continent: "NA", country: "US", longitude: "-122.4" }, "wnam"],
  [{ continent: "NA", country: "US", longitude: "-74" }, "enam"],
  [{ continent: "SA", country: "BR", longitude: "-46" }, "sam"],
  [{ continent: "EU", country: "FR", longitude: "2.3" }, "weur"],
  [{ continent: "EU", country: "RO", longitude: "26.1" }, "eeur"],
  [{ continent: "AS", country: "JP", longitude: "139" }, "apac"],
  [{ continent: "AS", country: "AE", longitude: "55" }, "me"],
  [{ continent: "OC", country: "AU", longitude: "151" }, "oc"],
  [{ continent: "AF", country: "KE", longitude: "36" }, "afr"],
  [{}, undefined],
])("%j is near %s", (whereabouts, hint) => {
  expect(locationHint(whereabouts)).toBe(hint);
});
