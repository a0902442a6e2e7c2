import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NOON, WORKSPACE, testId } from "../../model/given.ts";
import type { Outcome, Scenario } from "../../model/given.ts";
import { campaigns } from "../campaigns/entities.ts";
import { addCreative } from "../creatives/add-creative.ts";
import { AUCTION, BUY, FIXED, UNIT, aBuy, aCampaign, givenBuy } from "../media-buys/buy.fixture.ts";
import { DEVICES } from "../media-buys/entities.ts";
import { sumCounters, countersOf } from "../reporting/counters.ts";
import { DEFAULT_THRESHOLDS, workspaces } from "../workspaces/entities.ts";
import { MAX_COUNTRIES, ZERO, dayCounters, deliveryFacts, factId, packageCounters } from "./entities.ts";
import type { FactInput } from "./fact-input.ts";
import { deliveryReported, reportDelivery } from "./report-delivery.ts";

const row: FactInput = {
  package_id: FIXED,
  date: "2026-11-19",
  device: "ctv",
  country: "US",
  source: "google_ads",
  impressions: 1_000,
  clicks: 5,
  spend_micros: 30 * UNIT,
  reported_at: "2026-11-20T04:00:00Z",
};
const report = (scenario: Scenario, ...facts: FactInput[]): Outcome => scenario.when(reportDelivery, { facts });
const totals = (scenario: Scenario, id = FIXED) => scenario.get(packageCounters, id)?.totals;
const eventOf = (outcome: Outcome) => deliveryReported.data.parse(outcome.events[0]?.data);

describe("reporting delivery", () => {
  it("keeps the fact and counts it for its package, day, device and country", () => {
    const scenario = givenBuy();
    report(scenario, row);
    const id = factId({ ...row, creative_id: "", device: "ctv", country: "US" });
    expect(scenario.get(deliveryFacts, id)).toMatchObject({
      media_buy_id: BUY,
      creative_id: "",
      completed_views: null,
      conversions: 0,
      finality: "partial",
      reported_at: "2026-11-20T04:00:00.000Z",
    });
    const counted = { ...ZERO, impressions: 1_000, clicks: 5, spend_micros: 30 * UNIT };
    expect(scenario.get(packageCounters, FIXED)).toMatchObject({
      totals: counted,
      by_device: { ctv: counted },
      by_country: { US: counted },
      reported_at: "2026-11-20T04:00:00.000Z",
      overdelivery: false,
    });
    expect(scenario.get(dayCounters, `${FIXED}:2026-11-19`)).toMatchObject(counted);
    expect(totals(scenario, AUCTION)).toEqual(ZERO);
  });

  it("tells browsers the sums alone, and they count the same", () => {
    const scenario = givenBuy();
    report(scenario, row, { ...row, country: "CA", impressions: 400 });
    const outcome = report(scenario, { ...row, impressions: 1_200, reported_at: "2026-11-20T05:00:00Z" });
    expect(deliveryReported.wire?.from(eventOf(outcome))).not.toHaveProperty("facts");
    expect(scenario.browser.get(packageCounters, FIXED)).toEqual(scenario.get(packageCounters, FIXED));
    expect(scenario.browser.list(dayCounters)).toEqual(scenario.tx.list(dayCounters));
    expect(totals(scenario)?.impressions).toBe(1_600);
  });

  it("replaces an older report of the same fact by a newer one", () => {
    const scenario = givenBuy();
    report(scenario, row);
    report(scenario, {
      ...row,
      impressions: 900,
      clicks: 4,
      spend_micros: 27 * UNIT,
      reported_at: "2026-11-20T06:00:00Z",
    });
    expect(totals(scenario)).toEqual({ ...ZERO, impressions: 900, clicks: 4, spend_micros: 27 * UNIT });
  });

  it("ignores an older report that comes late", () => {
    const scenario = givenBuy();
    report(scenario, row);
    const older = { ...row, impressions: 10, clicks: 0, reported_at: "2026-11-20T03:00:00Z" };
    expect(report(scenario, older).code).toBe("NO_CHANGE");
    const mixed = eventOf(report(scenario, older, { ...row, country: "CA" }));
    expect(mixed).toMatchObject({ accepted: 1, ignored: 1, unchanged: 0 });
    expect(totals(scenario)?.impressions).toBe(2_000);
  });

  it("changes nothing when it is told the same again", () => {
    const scenario = givenBuy();
    report(scenario, row);
    expect(report(scenario, row).code).toBe("NO_CHANGE");
    expect(eventOf(report(scenario, row, { ...row, country: "CA" }))).toMatchObject({ accepted: 1, unchanged: 1 });
  });

  it("takes other numbers that are equally new: a file read again with a corrected mapping", () => {
    const scenario = givenBuy();
    const source_ref = { digest: "a".repeat(64), line: 2 };
    report(scenario, { ...row, source_ref });
    const again = eventOf(report(scenario, { ...row, source_ref, impressions: 800 }));
    expect(again).toMatchObject({ accepted: 1, ignored: 0, unchanged: 0 });
    expect(totals(scenario)).toEqual({ ...ZERO, impressions: 800, clicks: 5, spend_micros: 30 * UNIT });
  });

  it("rewrites nothing where an overlapping export says the same", () => {
    const scenario = givenBuy();
    const first = { digest: "a".repeat(64), line: 2 };
    report(scenario, { ...row, source_ref: first });
    const later = { ...row, reported_at: "2026-11-20T09:00:00Z", source_ref: { digest: "b".repeat(64), line: 9 } };
    expect(report(scenario, later).code).toBe("NO_CHANGE");
    expect(eventOf(report(scenario, later, { ...later, country: "CA" }))).toMatchObject({ accepted: 1, unchanged: 1 });
    const id = factId({ ...row, creative_id: "", device: "ctv", country: "US" });
    expect(scenario.get(deliveryFacts, id)).toMatchObject({
      source_ref: first,
      reported_at: "2026-11-20T04:00:00.000Z",
    });
    expect(eventOf(report(scenario, { ...later, clicks: 6 }))).toMatchObject({ accepted: 1 });
  });

  it("remembers when a fact was confirmed, so that a report from before that does not stand", () => {
    const scenario = givenBuy();
    report(scenario, row);
    report(scenario, { ...row, reported_at: "2026-11-20T09:00:00Z" });
    const between = { ...row, impressions: 700, reported_at: "2026-11-20T06:00:00Z" };
    expect(report(scenario, between).code).toBe("NO_CHANGE");
  });

  it("lets the newest of one report stand, of equally new ones the last", () => {
    const scenario = givenBuy();
    const newest = { ...row, impressions: 700, reported_at: "2026-11-20T09:00:00Z" };
    const outcome = report(scenario, newest, row, { ...newest, impressions: 800 });
    expect(eventOf(outcome)).toMatchObject({ accepted: 1, ignored: 2 });
    expect(totals(scenario)?.impressions).toBe(800);
  });

  it("keeps sources apart", () => {
    const scenario = givenBuy();
    report(scenario, row, { ...row, source: "meta_ads" });
    expect(totals(scenario)?.impressions).toBe(2_000);
  });

  it("flags what exceeds the budget and refuses nothing for it", () => {
    const scenario = givenBuy();
    const outcome = report(scenario, { ...row, spend_micros: 36_000 * UNIT + 1 });
    expect(outcome.code).toBeNull();
    expect(scenario.get(packageCounters, FIXED)?.overdelivery).toBe(true);
    report(scenario, { ...row, spend_micros: 36_000 * UNIT, reported_at: "2026-11-20T07:00:00Z" });
    expect(scenario.get(packageCounters, FIXED)?.overdelivery).toBe(false);
  });

  it("accepts facts of a buy that has ended: they were delivered all the same", () => {
    expect(report(givenBuy(aBuy({ status: "canceled" })), row).code).toBeNull();
  });

  it("accepts late facts in an archived campaign, which refuses everything else", () => {
    const scenario = givenBuy(aBuy({ status: "completed" })).having(campaigns, { ...aCampaign, status: "archived" });
    expect(report(scenario, row).code).toBeNull();
    expect(totals(scenario)?.impressions).toBe(1_000);
  });

  it("leaves the budget, status and revision of the buy alone", () => {
    const scenario = givenBuy();
    const touched = eventOf(report(scenario, row));
    expect(Object.keys(touched)).toEqual(["facts", "deltas", "accepted", "ignored", "unchanged"]);
    expect(touched.deltas.map((delta) => delta.package_id)).toEqual([FIXED]);
  });

  it("finds creatives by id or external id, within the buy", () => {
    const scenario = givenBuy();
    const creative_id = testId("cre", 1);
    scenario.when(addCreative, { creative_id, media_buy_id: BUY, name: "A", format: "native", external_id: "ad-1" });
    report(scenario, { ...row, creative_id: "ad-1" });
    expect(report(scenario, { ...row, creative_id }).code).toBe("NO_CHANGE");
    expect(report(scenario, { ...row, creative_id: "ad-2" }).refusal).toMatchObject({
      code: "CREATIVE_NOT_FOUND",
      issues: [{ pointer: "/facts/0/creative_id" }],
    });
  });

  it("refuses the whole report for one unknown package", () => {
    const scenario = givenBuy();
    const outcome = report(scenario, row, { ...row, package_id: testId("pkg", 404) });
    expect(outcome.refusal).toMatchObject({
      code: "PACKAGE_NOT_FOUND",
      issues: [{ pointer: "/facts/1/package_id" }],
    });
    expect(totals(scenario)).toEqual(ZERO);
  });

  it.each([
    ["clicks", { clicks: 1_001 }],
    ["completed_views", { completed_views: 1_001 }],
    ["measurable", { measurable: 1_001 }],
    ["viewable", { measurable: 500, viewable: 501 }],
    ["viewable", { viewable: 1 }],
    ["date", { date: "2026-11-21" }],
    ["date", { date: "2025-09-30" }],
    ["date", { date: "1000-01-01" }],
    ["reported_at", { reported_at: "2026-11-20T12:10:01Z" }],
    ["country", { country: "XX" }],
  ])("refuses impossible %s, naming the row", (field, fields) => {
    const outcome = report(givenBuy(), row, { ...row, date: "2026-11-18", ...fields });
    expect(outcome.refusal).toMatchObject({ code: "VALIDATION_ERROR", issues: [{ pointer: `/facts/1/${field}` }] });
  });

  it("names everything that is wrong, up to 50", () => {
    const facts = Array.from({ length: 60 }, () => ({ ...row, clicks: 2_000 }));
    expect(givenBuy().when(reportDelivery, { facts }).refusal?.issues).toHaveLength(50);
  });

  it("judges the future by the workspace's day, and understands UK", () => {
    const late = { now: "2026-11-20T02:00:00.000Z" };
    const scenario = givenBuy().having(workspaces, {
      id: WORKSPACE,
      name: "Halcyon",
      timezone: "America/New_York",
      currency: "USD",
      jurisdiction: null,
      location_hint: null,
      thresholds: DEFAULT_THRESHOLDS,
      created_at: NOON,
      created_by: "member:mem_1",
      updated_at: NOON,
    });
    const { reported_at: _reported, ...timeless } = row;
    const facts = [{ ...timeless, date: "2026-11-20", country: "UK" }];
    expect(scenario.when(reportDelivery, { facts }, late).code).toBe("VALIDATION_ERROR");
    expect(scenario.when(reportDelivery, { facts }).code).toBeNull();
    expect(scenario.get(packageCounters, FIXED)?.by_country).toHaveProperty("GB");
  });

  it.each([
    ["nothing", []],
    ["501 facts", Array.from({ length: 501 }, () => row)],
    ["more than a billion of money in one row", [{ ...row, spend_micros: 1e15 + 1 }]],
    ["more than 10^15 impressions in one row", [{ ...row, impressions: 1e15 + 1 }]],
    ["negative money", [{ ...row, spend_micros: -1 }]],
    ["fractions", [{ ...row, impressions: 1.5 }]],
    ["a date that is none", [{ ...row, date: "19-11-2026" }]],
    ["an unknown field", [{ ...row, budget: 1 }]],
    ["a source with a pipe", [{ ...row, source: "a|b" }]],
    ["an unknown device", [{ ...row, device: "fridge" }]],
  ])("does not understand %s", (_case, facts) => {
    expect(givenBuy().send(reportDelivery, { facts }).code).toBe("VALIDATION_ERROR");
  });

  it("is refused to viewers, and allowed to a key with the scope", () => {
    const facts = [row];
    expect(givenBuy().when(reportDelivery, { facts }, { as: "viewer" }).code).toBe("PERMISSION_DENIED");
    const scopes = { kind: "scopes" as const, scopes: ["delivery.report"] };
    expect(givenBuy().when(reportDelivery, { facts }, { as: scopes }).code).toBeNull();
  });

  it("counts countries beyond the limit together, and always the same ones", () => {
    const codes = everyCountry();
    const scenario = givenBuy();
    report(scenario, ...codes.map((country) => ({ ...row, country })));
    report(
      scenario,
      ...codes.map((country) => ({ ...row, country, impressions: 3, clicks: 0, reported_at: "2026-11-20T08:00:00Z" })),
    );
    const { by_country } = scenario.get(packageCounters, FIXED)!;
    expect(Object.keys(by_country)).toHaveLength(MAX_COUNTRIES + 1);
    expect(by_country["other"]?.impressions).toBe((codes.length - MAX_COUNTRIES) * 3);
    expect(JSON.stringify(scenario.get(packageCounters, FIXED)).length).toBeLessThan(64 * 1024);
  });

  it("fits the largest report into a body and into a log row", () => {
    const scenario = givenBuy(aBuy({ start_at: "2026-01-05T12:00:00.000Z" }));
    const long = { ...row, completed_views: 1, views: 1, measurable: 1, viewable: 1, conversions: 1, leads: 1 };
    const facts = Array.from({ length: 500 }, (_, n) => ({
      ...long,
      conversion_value_micros: 1_000_000_000_000,
      spend_micros: 1_000_000_000_000,
      finality: "partial" as const,
      date: new Date(Date.parse(NOON) - n * 86_400_000).toISOString().slice(0, 10),
      source_ref: { digest: "a".repeat(64), line: n + 1 },
    }));
    const outcome = report(scenario, ...facts);
    expect(outcome.code).toBeNull();
    expect(JSON.stringify(outcome.events).length).toBeLessThan(600_000);
    const wire = deliveryReported.wire?.from(eventOf(outcome));
    expect(JSON.stringify(wire).length).toBeLessThan(256 * 1024);
  });
});

function everyCountry(): string[] {
  const countries =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ";
  return countries.split(" ");
}

describe("whatever is reported in whatever order", () => {
  const counts = fc.integer({ min: 0, max: 10_000 });
  const fact: fc.Arbitrary<FactInput> = fc
    .record({
      package_id: fc.constantFrom(FIXED, AUCTION),
      date: fc.constantFrom("2026-11-17", "2026-11-18", "2026-11-19"),
      device: fc.constantFrom(...DEVICES),
      country: fc.constantFrom("US", "GB", "unknown"),
      source: fc.constantFrom("a", "b"),
      impressions: fc.integer({ min: 10_000, max: 20_000 }),
      clicks: counts,
      completed_views: fc.option(counts),
      conversions: counts,
      conversion_value_micros: counts,
      spend_micros: fc.integer({ min: 0, max: 9_000_000_000 }),
      hour: fc.integer({ min: 0, max: 9 }),
    })
    .map(({ hour, ...fields }) => ({ ...fields, reported_at: `2026-11-20T0${hour}:00:00Z` }));
  const reports = fc.array(fc.array(fact, { minLength: 1, maxLength: 8 }), { maxLength: 8 });

  it("the parts add up to the whole, and the whole is the sum of the facts", () => {
    fc.assert(
      fc.property(reports, (all) => {
        const scenario = givenBuy();
        const newest = new Map<string, FactInput>();
        for (const facts of all) {
          report(scenario, ...facts);
          for (const each of facts) {
            const key = [each.package_id, each.date, each.device, each.country, each.source].join();
            const other = newest.get(key);
            if (!other || (each.reported_at ?? "") >= (other.reported_at ?? "")) newest.set(key, each);
          }
        }
        for (const id of [FIXED, AUCTION]) {
          const counter = scenario.get(packageCounters, id)!;
          const days = scenario.tx.list(dayCounters).filter((day) => day.package_id === id);
          expect(sumCounters(Object.values(counter.by_device))).toEqual(counter.totals);
          expect(sumCounters(Object.values(counter.by_country))).toEqual(counter.totals);
          expect(sumCounters(days.map(countersOf))).toEqual(counter.totals);
          const facts = [...newest.values()].filter((each) => each.package_id === id);
          expect(counter.totals.spend_micros).toBe(facts.reduce((sum, each) => sum + each.spend_micros, 0));
          expect(counter.totals.impressions).toBe(facts.reduce((sum, each) => sum + each.impressions, 0));
          expect(scenario.browser.get(packageCounters, id)).toEqual(counter);
        }
      }),
      { numRuns: 60 },
    );
  });
});
