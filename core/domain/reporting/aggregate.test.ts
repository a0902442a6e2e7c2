import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { testId } from "../../model/given.ts";
import { reportDelivery } from "../delivery/report-delivery.ts";
import { factId } from "../delivery/entities.ts";
import type { DeliveryFact } from "../delivery/entities.ts";
import { AUCTION, BUY, FIXED, givenBuy } from "../media-buys/buy.fixture.ts";
import { DEVICES, mediaBuys } from "../media-buys/entities.ts";
import { FACT_DIMENSIONS, aggregateFacts } from "./aggregate.fixture.ts";
import { aggregate } from "./aggregate.ts";
import { buyTotals, deliveryOf } from "./buy-delivery.ts";
import { factCounters, sumCounters } from "./counters.ts";

const describePackage = (id: string) => ({ brand: "NorthTrail", channel: id === FIXED ? "ctv" : "display" });

const count = fc.integer({ min: 0, max: 1_000_000 });
const fact: fc.Arbitrary<DeliveryFact> = fc
  .record({
    media_buy_id: fc.constant(BUY),
    package_id: fc.constantFrom(FIXED, AUCTION),
    creative_id: fc.constantFrom("", testId("cre", 1), testId("cre", 2)),
    date: fc.constantFrom("2026-11-18", "2026-11-19"),
    device: fc.constantFrom(...DEVICES),
    country: fc.constantFrom("US", "DE", "unknown"),
    source: fc.constant("meta_ads"),
    impressions: fc.integer({ min: 1_000_000, max: 2_000_000 }),
    clicks: count,
    completed_views: fc.option(count),
    views: fc.option(count),
    measurable: fc.constant(null),
    viewable: fc.constant(null),
    conversions: count,
    leads: fc.option(count),
    conversion_value_micros: count,
    spend_micros: count,
    finality: fc.constantFrom("partial" as const, "final" as const),
    reported_at: fc.constant("2026-11-20T01:00:00.000Z"),
    source_ref: fc.constant(null),
  })
  .map((each) => ({ ...each, id: factId(each) }));

describe("breakdowns", () => {
  it("of facts add up to the whole, by every dimension", () => {
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 40 }), (facts) => {
        const whole = sumCounters(facts.map(factCounters));
        for (const by of FACT_DIMENSIONS) {
          expect(sumCounters(aggregateFacts(facts, by, describePackage).map((slice) => slice.counters))).toEqual(whole);
        }
      }),
    );
  });

  it("of counters equal those of the facts behind them", () => {
    const unique = fc.uniqueArray(fact, { minLength: 1, maxLength: 30, selector: (each) => each.id });
    fc.assert(
      fc.property(unique, (known) => {
        const facts = known.map((each) => ({ ...each, creative_id: "", id: factId({ ...each, creative_id: "" }) }));
        const distinct = [...new Map(facts.map((each) => [each.id, each])).values()];
        const scenario = givenBuy();
        scenario.when(reportDelivery, { facts: distinct.map(({ id: _id, media_buy_id: _buy, ...row }) => row) });
        const delivery = deliveryOf(scenario.browser, scenario.get(mediaBuys, BUY)!);
        for (const by of ["channel", "device", "country"] as const) {
          const slices = aggregate([delivery], by);
          expect(slices.filter((slice) => slice.counters.impressions > 0)).toEqual(
            aggregateFacts(distinct, by, describePackage),
          );
          expect(sumCounters(slices.map((slice) => slice.counters))).toEqual(buyTotals(delivery));
        }
      }),
      { numRuns: 40 },
    );
  });

  it("put the largest spend first", () => {
    const [one, two] = fc.sample(fact, 2);
    const facts = [
      { ...one!, country: "DE", spend_micros: 5 },
      { ...two!, country: "US", spend_micros: 9 },
    ];
    expect(aggregateFacts(facts, "country", describePackage).map((slice) => slice.key)).toEqual(["US", "DE"]);
  });
});
