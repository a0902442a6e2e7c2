import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Outcome, Scenario } from "../../model/given.ts";
import { AUCTION, BUY, FIXED, aBuy, auctionPackage, fixedPackage, givenBuy } from "../media-buys/buy.fixture.ts";
import { countersOf, sumCounters } from "../reporting/counters.ts";
import { addDays } from "../reporting/report-day.ts";
import { MediaBuySummary } from "../summaries/entities.ts";
import { summarizeMediaBuy } from "../summaries/summarize.ts";
import { ZERO, dayCounterId, dayCounters, packageCounters } from "./entities.ts";
import type { FactInput } from "./fact-input.ts";
import { reportDelivery } from "./report-delivery.ts";
import { MAX_PACKAGE_DAYS } from "./report-limits.ts";
import { DAYS_BEFORE_FLIGHT, DAYS_BEFORE_HISTORY } from "./report-references.ts";

const MOST = Number.MAX_SAFE_INTEGER;
const row: FactInput = { package_id: FIXED, date: "2026-11-19", source: "api", impressions: 0, spend_micros: 1e15 };
const report = (scenario: Scenario, ...facts: FactInput[]): Outcome => scenario.when(reportDelivery, { facts });

describe("the sums of a media buy", () => {
  const spent = (fixed: number, auction: number): Scenario =>
    givenBuy(aBuy(), { [FIXED]: { spend_micros: fixed }, [AUCTION]: { spend_micros: auction } });

  it("stay exact over all its packages, so that its summary can hold them", () => {
    const scenario = spent(4e15, 45e14);
    const least = MOST - 85e14;
    expect(report(scenario, { ...row, spend_micros: least + 1 }).refusal).toMatchObject({
      code: "VALIDATION_ERROR",
      message: `The totals of the media buy ${BUY} would exceed 2^53 − 1.`,
      issues: [{ pointer: "/facts" }],
    });
    expect(report(scenario, { ...row, spend_micros: least }).code).toBeNull();
    const summary = MediaBuySummary.parse(summarizeMediaBuy(scenario.tx, BUY));
    expect(summary.totals.spend_micros).toBe(MOST);
  });

  it("count what a canceled package delivered", () => {
    const packages = [fixedPackage(), auctionPackage({ canceled: true })];
    const scenario = givenBuy(aBuy({ packages }), { [AUCTION]: { spend_micros: MOST } });
    expect(report(scenario, { ...row, spend_micros: 1 }).code).toBe("VALIDATION_ERROR");
  });

  it("are refused for one report that is too much by itself", () => {
    const facts = Array.from({ length: 10 }, (_, n) => ({ ...row, source: `s${n}` }));
    expect(report(givenBuy(), ...facts).code).toBe("VALIDATION_ERROR");
    expect(report(givenBuy(), ...facts.slice(1)).code).toBeNull();
  });

  it("are exact to the micro, or refused, however much moves from day to day and package to package", () => {
    const nearly = fc.integer({ min: 1e15 - 9, max: 1e15 });
    const fact = fc.record({
      package_id: fc.constantFrom(FIXED, AUCTION),
      date: fc.constantFrom("2026-11-17", "2026-11-18", "2026-11-19"),
      source: fc.constantFrom("a", "b", "c"),
      impressions: fc.constant(0),
      spend_micros: fc.oneof(nearly, fc.constant(0)),
    });
    const reports = fc.array(fc.array(fact, { minLength: 1, maxLength: 18 }), { maxLength: 6 });
    fc.assert(
      fc.property(reports, (all) => {
        const scenario = givenBuy();
        let known = new Map<string, bigint>();
        for (const facts of all) {
          const next = new Map(known);
          for (const each of facts)
            next.set([each.package_id, each.date, each.source].join(), BigInt(each.spend_micros));
          const truth = [...next.values()].reduce((sum, value) => sum + value, 0n);
          const { code } = report(scenario, ...facts);
          if (code === "NO_CHANGE") continue;
          expect(code).toBe(truth > BigInt(MOST) ? "VALIDATION_ERROR" : null);
          if (code === null) known = next;
        }
        const counters = scenario.tx.list(packageCounters);
        const held = [...known.values()].reduce((sum, value) => sum + value, 0n);
        expect(BigInt(sumCounters(counters.map(({ totals }) => totals)).spend_micros)).toBe(held);
        for (const { id, totals } of counters) {
          const days = scenario.tx.list(dayCounters).filter((day) => day.package_id === id);
          expect(sumCounters(days.map(countersOf))).toEqual(totals);
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe("the days that delivery is reported of", () => {
  const one = { ...row, spend_micros: 1 };
  const START = "2026-11-05";

  it(`begin ${DAYS_BEFORE_FLIGHT} days before the flight`, () => {
    const first = addDays(START, -DAYS_BEFORE_FLIGHT);
    expect(report(givenBuy(), { ...one, date: first }).code).toBeNull();
    const early = report(givenBuy(), one, { ...one, date: addDays(first, -1) });
    expect(early.refusal).toMatchObject({
      code: "VALIDATION_ERROR",
      message: expect.stringContaining(first),
      issues: [{ pointer: "/facts/1/date" }],
    });
  });

  it("begin ten years before the flight of a buy that was recorded later, as an import does", () => {
    const imported = aBuy({ start_at: "2023-08-01T04:00:00.000Z", end_at: "2023-09-01T04:00:00.000Z" });
    const first = addDays("2023-08-01", -DAYS_BEFORE_HISTORY);
    for (const date of ["2023-08-17", "2020-02-29", first])
      expect(report(givenBuy(imported), { ...one, date }).code).toBeNull();
    expect(report(givenBuy(imported), { ...one, date: addDays(first, -1) }).code).toBe("VALIDATION_ERROR");
  });

  it("are named one by one, for every row of a year that cannot be", () => {
    const ancient = Array.from({ length: 3 }, (_, n) => ({ ...one, date: addDays("1000-01-01", n) }));
    const scenario = givenBuy();
    expect(report(scenario, ...ancient).refusal?.issues?.map(({ pointer }) => pointer)).toEqual([
      "/facts/0/date",
      "/facts/1/date",
      "/facts/2/date",
    ]);
    expect(scenario.tx.list(dayCounters)).toEqual([]);
  });

  it(`are at most ${MAX_PACKAGE_DAYS} of one package, and those go on being corrected`, () => {
    const scenario = givenBuy(aBuy({ start_at: "2020-01-01T12:00:00.000Z" }));
    const days = Array.from({ length: MAX_PACKAGE_DAYS - 1 }, (_, n) => addDays("2020-01-01", n));
    const counters = days.map((date) => ({
      ...{ id: dayCounterId(FIXED, date), package_id: FIXED, media_buy_id: BUY, date },
      ...ZERO,
    }));
    scenario.having(dayCounters, ...counters);
    const more = [one, { ...one, date: "2026-11-18" }];
    expect(report(scenario, ...more).refusal).toMatchObject({
      code: "VALIDATION_ERROR",
      issues: [{ pointer: "/facts/1/date", keyword: "maxItems" }],
    });
    expect(report(scenario, ...more.map((each) => ({ ...each, package_id: AUCTION }))).code).toBeNull();
    expect(report(scenario, one, { ...one, date: "2020-01-01" }).code).toBeNull();
    expect(report(scenario, { ...one, source: "other" }).code).toBeNull();
    expect(report(scenario, { ...one, date: "2026-11-18" }).code).toBe("VALIDATION_ERROR");
  });
});
