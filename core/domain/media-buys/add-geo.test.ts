import { describe, expect, it } from "vitest";
import { aBuy, auctionPackage, fixedPackage, givenBuy, operate } from "./buy.fixture.ts";

describe("adding countries", () => {
  it("keeps each country once, in alphabetical order", () => {
    const { packages } = operate(givenBuy(), { operation: "add_geo", countries: ["FR", "US", "AT", "FR"] });
    expect(packages.map((pkg) => pkg.geo_countries)).toEqual([
      ["AT", "CA", "FR", "US"],
      ["AT", "DE", "FR", "GB", "US"],
    ]);
  });

  it("understands UK as GB and says so", () => {
    const { packages, warnings } = operate(givenBuy(), { operation: "add_geo", countries: ["UK"] });
    expect(packages[0]?.geo_countries).toEqual(["CA", "GB", "US"]);
    expect(warnings).toMatchObject([{ code: "country_renamed" }]);
  });

  it.each(["XX", "EU", "ZZ", "AA"])("refuses %s, which is no ISO country", (code) => {
    const { outcome } = operate(givenBuy(), { operation: "add_geo", countries: ["FR", code] });
    expect(outcome.refusal).toMatchObject({
      code: "VALIDATION_ERROR",
      issues: [{ pointer: "/operations/0/countries/1" }],
    });
  });

  it("refuses a country that a package excludes", () => {
    const buy = aBuy({ packages: [fixedPackage(), auctionPackage({ geo_exclude: ["FR"] })] });
    expect(operate(givenBuy(buy), { operation: "add_geo", countries: ["FR"] }).outcome.code).toBe("VALIDATION_ERROR");
  });

  it("has nothing to do where it runs already", () => {
    expect(operate(givenBuy(), { operation: "add_geo", countries: ["US"] }).outcome.code).toBe("NO_CHANGE");
  });
});
