import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../model/json.ts";
import { NOON, given } from "../../model/given.ts";
import type { Outcome, Scenario } from "../../model/given.ts";
import { dayCounterId, dayCounters, packageCounters, ZERO } from "../delivery/entities.ts";
import type { Operation } from "./apply-operations.ts";
import { AUCTION, BUY, FIXED, UNIT, aBuy, auctionPackage, fixedPackage, givenBuy } from "./buy.fixture.ts";
import { mediaBuys, totalBudget } from "./entities.ts";
import { anyOperation } from "./operations.fixture.ts";
import { mediaBuyUpdated, updateMediaBuy } from "./update-media-buy.ts";

const update = (scenario: Scenario, ...operations: Operation[]): Outcome =>
  scenario.when(updateMediaBuy, { media_buy_id: BUY, operations });
const eventOf = (outcome: Outcome) => mediaBuyUpdated.data.parse(outcome.events[0]?.data);
const packageOf = (scenario: Scenario, id: string) => scenario.get(mediaBuys, BUY)?.packages.find((p) => p.id === id);

describe("updating a media buy", () => {
  it("applies operations in their own order, whatever the order they come in, as one event", () => {
    const scenario = givenBuy();
    const outcome = update(
      scenario,
      { operation: "set_status", status: "paused", reason: "landing page down" },
      { operation: "set_daily_cap", amount_micros: 500 * UNIT },
      { operation: "add_geo", countries: ["FR"], package_ids: [AUCTION] },
      { operation: "remove_geo", countries: ["DE"] },
    );
    expect(outcome.events).toHaveLength(1);
    expect(eventOf(outcome).changes_applied).toMatchObject([
      { operation: "remove_geo", package_ids: [AUCTION], previous_value: ["DE", "GB", "US"], new_value: ["GB", "US"] },
      { operation: "add_geo", previous_value: ["GB", "US"], new_value: ["FR", "GB", "US"] },
      { operation: "set_daily_cap", previous_value: null, new_value: 500 * UNIT },
      { operation: "set_status", previous_value: "active", new_value: "paused" },
    ]);
    expect(scenario.get(mediaBuys, BUY)).toMatchObject({
      status: "paused",
      status_reason: "landing page down",
      daily_cap_micros: 500 * UNIT,
      updated_at: NOON,
    });
    expect(scenario.browser.get(mediaBuys, BUY)).toEqual(scenario.get(mediaBuys, BUY));
  });

  it("is all or nothing: one impossible operation undoes the others", () => {
    const scenario = givenBuy();
    const outcome = update(
      scenario,
      { operation: "set_status", status: "paused" },
      { operation: "set_daily_cap", amount_micros: 70_000 * UNIT },
    );
    expect(outcome.refusal).toMatchObject({ code: "VALIDATION_ERROR", issues: [{ pointer: "/operations/1" }] });
    expect(scenario.get(mediaBuys, BUY)).toEqual(aBuy());
  });

  it("is all or nothing whatever is asked: refused and untouched, or one event and the same total", () => {
    let refused = 0;
    fc.assert(
      fc.property(fc.array(anyOperation, { minLength: 1, maxLength: 6 }), (operations) => {
        const scenario = givenBuy();
        const outcome = update(scenario, ...operations);
        const buy = scenario.get(mediaBuys, BUY)!;
        if (outcome.refusal) refused++;
        expect(outcome.events).toHaveLength(outcome.refusal ? 0 : 1);
        expect(canonicalJson(buy) === canonicalJson(aBuy())).toBe(outcome.refusal !== null);
        expect(totalBudget(buy)).toBe(60_000 * UNIT);
        expect(buy.packages.every((pkg) => pkg.geo_countries.length > 0)).toBe(true);
      }),
      { numRuns: 150, seed: 7 },
    );
    expect(refused).toBeGreaterThan(20);
  });

  it("validates once, after all of it: a last country may go if another comes", () => {
    const scenario = givenBuy(aBuy({ packages: [fixedPackage({ geo_countries: ["US"] })] }));
    const swap = update(
      scenario,
      { operation: "add_geo", countries: ["MX"] },
      { operation: "remove_geo", countries: ["US"] },
    );
    expect(swap.code).toBeNull();
    expect(packageOf(scenario, FIXED)?.geo_countries).toEqual(["MX"]);
  });

  it("changes the revision by one however many operations it holds", () => {
    const scenario = givenBuy();
    update(scenario, { operation: "add_geo", countries: ["FR"] }, { operation: "set_status", status: "paused" });
    expect(scenario.tx.revision(mediaBuys, BUY)).toBe(2);
  });

  it("carries only the fields that changed", () => {
    const event = eventOf(
      update(givenBuy(), { operation: "adjust_bid", device: "all", percent: 25, package_ids: [AUCTION] }),
    );
    expect(event.changes).toEqual({ packages: [{ id: AUCTION, bid_micros: 8 * UNIT }] });
  });

  it("tells of an operation without effect, and refuses when none has one", () => {
    const outcome = update(
      givenBuy(),
      { operation: "remove_geo", countries: ["FR"] },
      { operation: "set_status", status: "paused" },
    );
    expect(eventOf(outcome).warnings).toMatchObject([{ code: "no_effect" }]);
    expect(update(givenBuy(), { operation: "remove_geo", countries: ["FR"] }).code).toBe("NO_CHANGE");
    expect(update(givenBuy(), { operation: "set_status", status: "active" }).code).toBe("NO_CHANGE");
  });

  it("refuses operations that cancel each other out", () => {
    const both = update(
      givenBuy(),
      { operation: "remove_geo", countries: ["US"] },
      { operation: "add_geo", countries: ["US"] },
    );
    expect(both.code).toBe("NO_CHANGE");
    const bids = update(
      givenBuy(),
      { operation: "adjust_bid", device: "all", percent: 25, package_ids: [AUCTION] },
      { operation: "adjust_bid", device: "all", percent: -20, package_ids: [AUCTION] },
    );
    expect(bids.code).toBe("NO_CHANGE");
  });

  it("finds the buy by its external id, and refuses one it does not have", () => {
    const pause: Operation = { operation: "set_status", status: "paused" };
    expect(givenBuy().when(updateMediaBuy, { media_buy_id: "crm-77", operations: [pause] }).code).toBeNull();
    expect(givenBuy().when(updateMediaBuy, { media_buy_id: "crm-78", operations: [pause] }).code).toBe(
      "MEDIA_BUY_NOT_FOUND",
    );
    expect(given().when(updateMediaBuy, { media_buy_id: BUY, operations: [pause] }).code).toBe("MEDIA_BUY_NOT_FOUND");
  });

  it("refuses packages that are not there or canceled", () => {
    const buy = aBuy({ packages: [fixedPackage(), auctionPackage({ canceled: true })] });
    const add = (id: string): Operation => ({ operation: "add_geo", countries: ["FR"], package_ids: [id] });
    expect(update(givenBuy(buy), add("pkg_01J00000000000000000000404")).code).toBe("PACKAGE_NOT_FOUND");
    expect(update(givenBuy(buy), add(AUCTION)).code).toBe("INVALID_STATE");
    const scenario = givenBuy(buy);
    update(scenario, { operation: "add_geo", countries: ["FR"] });
    expect(packageOf(scenario, AUCTION)?.geo_countries).toEqual(["DE", "GB", "US"]);
  });

  it("refuses any write to a buy that has ended", () => {
    for (const status of ["completed", "rejected", "canceled"] as const) {
      const outcome = update(givenBuy(aBuy({ status })), { operation: "add_geo", countries: ["FR"] });
      expect(outcome.code).toBe("INVALID_STATE");
    }
    const again = update(givenBuy(aBuy({ status: "canceled" })), {
      operation: "set_status",
      status: "canceled",
      reason: "x",
    });
    expect(again.code).toBe("NOT_CANCELLABLE");
  });

  it("does not judge budgets anew that facts have overtaken", () => {
    const scenario = givenBuy(aBuy(), { [FIXED]: { spend_micros: 40_000 * UNIT } });
    expect(update(scenario, { operation: "set_status", status: "paused" }).code).toBeNull();
  });

  it("recommends what to do next", () => {
    const scenario = givenBuy(aBuy(), {
      [FIXED]: { spend_micros: 25_000 * UNIT },
      [AUCTION]: { spend_micros: 9_000 * UNIT },
    });
    const event = eventOf(update(scenario, { operation: "add_geo", countries: ["FR"] }));
    expect(event.recommendations.map((each) => each.kind)).toContain("shift_budget");
  });

  it("leaves delivered metrics alone when a country goes", () => {
    const scenario = givenBuy(aBuy(), { [FIXED]: { spend_micros: 100, impressions: 5 } });
    const before = scenario.get(packageCounters, FIXED);
    update(scenario, { operation: "remove_geo", countries: ["US"] });
    expect(scenario.get(packageCounters, FIXED)).toEqual(before);
  });

  it("warns of a cap under today's spend and of one too low to spend the budget", () => {
    const scenario = givenBuy();
    const date = "2026-11-20";
    const spent = { ...ZERO, spend_micros: 300 * UNIT };
    scenario.having(dayCounters, {
      id: dayCounterId(FIXED, date),
      package_id: FIXED,
      media_buy_id: BUY,
      date,
      ...spent,
    });
    const outcome = update(scenario, { operation: "set_daily_cap", amount_micros: 200 * UNIT });
    expect(eventOf(outcome).warnings.map((each) => each.code)).toEqual(["under_todays_spend", "cannot_spend_in_full"]);
  });

  it.each([
    ["no operation", []],
    ["21 operations", Array.from({ length: 21 }, () => ({ operation: "add_geo", countries: ["FR"] }))],
    ["an unknown operation", [{ operation: "delete_everything" }]],
    ["an unknown field", [{ operation: "add_geo", countries: ["FR"], force: true }]],
    ["a change of 0 %", [{ operation: "adjust_bid", device: "all", percent: 0 }]],
    ["less than −90 %", [{ operation: "adjust_bid", device: "all", percent: -91 }]],
    ["more than +900 %", [{ operation: "adjust_bid", device: "all", percent: 901 }]],
    ["an unknown device", [{ operation: "adjust_bid", device: "fridge", percent: 5 }]],
    ["not a number", [{ operation: "adjust_bid", device: "all", percent: Number.NaN }]],
    ["a cap of nothing", [{ operation: "set_daily_cap", amount_micros: 0 }]],
    ["a negative cap", [{ operation: "set_daily_cap", amount_micros: -5 }]],
    ["a shift of 101 %", [{ operation: "shift_budget", from_package_id: FIXED, to_package_id: AUCTION, percent: 101 }]],
    ["a country in small letters", [{ operation: "add_geo", countries: ["us"] }]],
    ["a package named twice", [{ operation: "add_geo", countries: ["FR"], package_ids: [FIXED, FIXED] }]],
    ["a status that is a task's", [{ operation: "set_status", status: "submitted" }]],
  ])("does not understand %s", (_case, operations) => {
    expect(givenBuy().send(updateMediaBuy, { media_buy_id: BUY, operations }).code).toBe("VALIDATION_ERROR");
  });

  it("is refused to a viewer, and on a revision that somebody else has changed", () => {
    const operations: Operation[] = [{ operation: "add_geo", countries: ["FR"] }];
    const input = { media_buy_id: BUY, operations };
    expect(givenBuy().when(updateMediaBuy, input, { as: "viewer" }).code).toBe("PERMISSION_DENIED");
    expect(givenBuy().when(updateMediaBuy, input, { expected_revision: 7 }).code).toBe("CONFLICT");
    expect(givenBuy().when(updateMediaBuy, input, { as: "operator", expected_revision: 1 }).code).toBeNull();
  });

  it("moves budget without losing a micro", () => {
    const scenario = givenBuy();
    update(scenario, { operation: "shift_budget", from_package_id: FIXED, to_package_id: AUCTION, percent: 33.333 });
    expect(packageOf(scenario, FIXED)?.budget_micros).toBe(24_000_120_000);
    expect(totalBudget(scenario.get(mediaBuys, BUY)!)).toBe(60_000 * UNIT);
  });
});
