import { describe, expect, it } from "vitest";
import { AUCTION, aBuy, auctionPackage, fixedPackage, givenBuy, operate } from "./buy.fixture.ts";

describe("removing countries", () => {
  it("takes them out of every package that has them", () => {
    const { packages } = operate(givenBuy(), { operation: "remove_geo", countries: ["US"] });
    expect(packages.map((pkg) => pkg.geo_countries)).toEqual([["CA"], ["DE", "GB"]]);
  });

  it("takes them out of the named packages alone", () => {
    const { packages } = operate(givenBuy(), { operation: "remove_geo", countries: ["US"], package_ids: [AUCTION] });
    expect(packages.map((pkg) => pkg.geo_countries)).toEqual([
      ["CA", "US"],
      ["DE", "GB"],
    ]);
  });

  it("understands UK as GB and says so", () => {
    const { packages, warnings } = operate(givenBuy(), { operation: "remove_geo", countries: ["UK"] });
    expect(packages[1]?.geo_countries).toEqual(["DE", "US"]);
    expect(warnings).toMatchObject([{ code: "country_renamed" }]);
  });

  it("refuses to take the last one: that would run everywhere", () => {
    const { outcome } = operate(givenBuy(), { operation: "remove_geo", countries: ["US", "CA"] });
    expect(outcome.refusal).toMatchObject({
      code: "VALIDATION_ERROR",
      message: expect.stringContaining("use pause") as string,
      issues: [{ pointer: "/operations/0" }],
    });
  });

  it("does not mind canceled packages", () => {
    const buy = aBuy({ packages: [fixedPackage({ canceled: true, geo_countries: ["US"] }), auctionPackage()] });
    const { packages } = operate(givenBuy(buy), { operation: "remove_geo", countries: ["US"] });
    expect(packages.map((pkg) => pkg.geo_countries)).toEqual([["US"], ["DE", "GB"]]);
  });

  it("has nothing to do where nobody runs", () => {
    const { outcome } = operate(givenBuy(), { operation: "remove_geo", countries: ["FR", "JP"] });
    expect(outcome.code).toBe("NO_CHANGE");
    expect(outcome.events).toEqual([]);
  });
});
