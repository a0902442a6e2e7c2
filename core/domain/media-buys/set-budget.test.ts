import { describe, expect, it } from "vitest";
import { given, testId } from "../../model/given.ts";
import { packageCounters } from "../delivery/entities.ts";
import { AUCTION, BUY, FIXED, UNIT, aBuy, auctionPackage, fixedPackage, givenBuy } from "./buy.fixture.ts";
import { mediaBuys } from "./entities.ts";
import { setBudget } from "./set-budget.ts";

const set = (package_id: string, budget_micros: number) => ({
  media_buy_id: BUY,
  packages: [{ package_id, budget_micros }],
});

describe("setting budgets", () => {
  it("changes the named packages", () => {
    const scenario = givenBuy();
    scenario.when(setBudget, set(FIXED, 40_000 * UNIT));
    expect(scenario.get(mediaBuys, BUY)?.packages.map((pkg) => pkg.budget_micros)).toEqual([
      40_000 * UNIT,
      24_000 * UNIT,
    ]);
  });

  it("can be undone", () => {
    const scenario = givenBuy();
    const { inverse } = scenario.when(setBudget, set(AUCTION, 25_000 * UNIT));
    scenario.send(setBudget, inverse?.payload);
    expect(scenario.get(mediaBuys, BUY)?.packages).toEqual(aBuy().packages);
  });

  it("decides anew whether a package is over-delivered, in the room and in browsers", () => {
    const scenario = givenBuy(aBuy(), { [FIXED]: { spend_micros: 37_000 * UNIT } });
    expect(scenario.get(packageCounters, FIXED)?.overdelivery).toBe(true);
    scenario.when(setBudget, set(FIXED, 38_000 * UNIT));
    expect(scenario.get(packageCounters, FIXED)?.overdelivery).toBe(false);
    expect(scenario.browser.get(packageCounters, FIXED)?.overdelivery).toBe(false);
  });

  it("keeps what is spent, the product's minimum, and the daily cap", () => {
    const spent = givenBuy(aBuy(), { [FIXED]: { spend_micros: 9_000 * UNIT } });
    expect(spent.when(setBudget, set(FIXED, 9_000 * UNIT)).code).toBeNull();
    expect(spent.when(setBudget, set(FIXED, 8_999 * UNIT)).refusal).toMatchObject({
      code: "BUDGET_EXCEEDED",
      issues: [{ pointer: "/packages/0/budget_micros" }],
    });
    expect(givenBuy().when(setBudget, set(FIXED, 4_999 * UNIT)).code).toBe("BUDGET_TOO_LOW");
    const capped = givenBuy(aBuy({ daily_cap_micros: 50_000 * UNIT }));
    expect(capped.when(setBudget, set(FIXED, 20_000 * UNIT)).code).toBe("VALIDATION_ERROR");
  });

  it("refuses a total that could no longer be counted to the micro", () => {
    expect(givenBuy().when(setBudget, set(FIXED, Number.MAX_SAFE_INTEGER)).code).toBe("VALIDATION_ERROR");
  });

  it("refuses packages that are unknown, canceled or named twice", () => {
    expect(givenBuy().when(setBudget, set(testId("pkg", 404), UNIT)).code).toBe("PACKAGE_NOT_FOUND");
    const canceled = givenBuy(aBuy({ packages: [fixedPackage(), auctionPackage({ canceled: true })] }));
    expect(canceled.when(setBudget, set(AUCTION, 25_000 * UNIT)).code).toBe("INVALID_STATE");
    const { packages } = set(FIXED, 40_000 * UNIT);
    expect(givenBuy().when(setBudget, { media_buy_id: BUY, packages: [...packages, ...packages] }).code).toBe(
      "VALIDATION_ERROR",
    );
  });

  it("refuses a buy that ended or is not there, no change, nothing, and viewers", () => {
    const input = set(FIXED, 40_000 * UNIT);
    expect(givenBuy(aBuy({ status: "completed" })).when(setBudget, input).code).toBe("INVALID_STATE");
    expect(given().when(setBudget, input).code).toBe("MEDIA_BUY_NOT_FOUND");
    expect(givenBuy().when(setBudget, set(FIXED, 36_000 * UNIT)).code).toBe("NO_CHANGE");
    expect(givenBuy().send(setBudget, set(FIXED, 0)).code).toBe("VALIDATION_ERROR");
    expect(givenBuy().when(setBudget, input, { as: "viewer" }).code).toBe("PERMISSION_DENIED");
  });
});
