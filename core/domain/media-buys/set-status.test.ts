import { describe, expect, it } from "vitest";
import { ACTING_MEMBER, NOON } from "../../model/given.ts";
import type { Scenario } from "../../model/given.ts";
import { AUCTION, FIXED, UNIT, aBuy, auctionPackage, fixedPackage, givenBuy, operate } from "./buy.fixture.ts";
import { totalBudget } from "./entities.ts";

describe("setting the status", () => {
  it("pauses and resumes, keeping the reason for the present status", () => {
    const scenario = givenBuy();
    const paused = operate(scenario, { operation: "set_status", status: "paused", reason: "landing page down" }).buy;
    expect(paused).toMatchObject({ status: "paused", status_reason: "landing page down" });
    const resumed = operate(scenario, { operation: "set_status", status: "active" }).buy;
    expect(resumed).toMatchObject({ status: "active", status_reason: null });
  });

  it("cancels with a reason, which is kept with who and when", () => {
    const { buy } = operate(givenBuy(), { operation: "set_status", status: "canceled", reason: "withdrawn" });
    expect(buy.cancellation).toEqual({ reason: "withdrawn", at: NOON, by: `member:${ACTING_MEMBER}` });
    expect(operate(givenBuy(), { operation: "set_status", status: "canceled" }).outcome.code).toBe("VALIDATION_ERROR");
  });

  it("refuses what the graph does not lead to", () => {
    const scenario = givenBuy(aBuy({ status: "pending_start" }));
    const { outcome } = operate(scenario, { operation: "set_status", status: "completed" });
    expect(outcome.refusal).toMatchObject({
      code: "INVALID_STATE",
      details: { allowed: ["active", "paused", "canceled", "rejected"] },
    });
  });

  it("says when a buy is set active before its flight", () => {
    const buy = aBuy({ status: "pending_start", start_at: "2026-11-25T00:00:00.000Z" });
    const { warnings } = operate(givenBuy(buy), { operation: "set_status", status: "active" });
    expect(warnings).toMatchObject([{ code: "flight_not_begun" }]);
  });

  it("pauses, resumes and cancels single packages", () => {
    const scenario = givenBuy();
    const only = (status: "active" | "paused" | "canceled") =>
      operate(scenario, { operation: "set_status", status, package_ids: [AUCTION] });
    expect(only("paused").packages.map((pkg) => pkg.paused)).toEqual([false, true]);
    expect(only("active").changes).toMatchObject([
      { package_ids: [AUCTION], previous_value: "paused", new_value: "active" },
    ]);
    const { buy } = only("canceled");
    expect(buy).toMatchObject({ status: "active", packages: [{ canceled: false }, { canceled: true }] });
    expect(totalBudget(buy)).toBe(36_000 * UNIT);
  });

  it("refuses to cancel the last package, or to complete one", () => {
    const one = givenBuy(aBuy({ packages: [fixedPackage(), auctionPackage({ canceled: true })] }));
    const set = (scenario: Scenario, status: "canceled" | "completed") =>
      operate(scenario, { operation: "set_status", status, package_ids: [FIXED] }).outcome.code;
    expect(set(one, "canceled")).toBe("VALIDATION_ERROR");
    expect(set(givenBuy(), "completed")).toBe("VALIDATION_ERROR");
  });
});
