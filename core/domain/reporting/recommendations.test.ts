import { describe, expect, it } from "vitest";
import { ZERO } from "../delivery/entities.ts";
import type { Counters } from "../delivery/entities.ts";
import { AUCTION, BUY, FIXED, UNIT, aBuy, auctionPackage, fixedPackage, givenBuy } from "../media-buys/buy.fixture.ts";
import { updateMediaBuy } from "../media-buys/update-media-buy.ts";
import { recommendations } from "./recommendations.ts";
import { AT_NOON, deliveryFor, halfway } from "./reporting.fixture.ts";

const spent = (units: number) => ({ totals: { spend_micros: units * UNIT } });
const counted = (fields: Partial<Counters>): Counters => ({ ...ZERO, ...fields });

describe("recommendations", () => {
  it("are none for a buy on plan, and none for one that does not run", () => {
    expect(recommendations(deliveryFor(halfway(), spent(15_000)), AT_NOON)).toEqual([]);
    expect(recommendations(deliveryFor(halfway({}, { status: "paused" }), spent(29_000)), AT_NOON)).toEqual([]);
  });

  it("cap what spends too fast at what remains per day", () => {
    const [first] = recommendations(deliveryFor(halfway(), spent(22_500)), AT_NOON);
    expect(first).toMatchObject({
      kind: "cap_spend",
      command: {
        type: "media_buy:update:v1",
        payload: { media_buy_id: BUY, operations: [{ operation: "set_daily_cap", amount_micros: 500 * UNIT }] },
      },
    });
  });

  it("do not cap what is capped lower already, or has nothing left", () => {
    const capped = halfway({}, { daily_cap_micros: 500 * UNIT });
    expect(recommendations(deliveryFor(capped, spent(22_500)), AT_NOON)).toEqual([]);
    expect(recommendations(deliveryFor(halfway(), spent(30_000)), AT_NOON)).toEqual([]);
  });

  it("raise a bid below the median when the package is behind, as far as the product allows", () => {
    const raise = (fields: object) => {
      const buy = aBuy({
        packages: [auctionPackage({ budget_micros: 30_000 * UNIT, bid_micros: 5 * UNIT, ...fields })],
      });
      return recommendations(deliveryFor(buy, spent(9_000)), AT_NOON);
    };
    expect(raise({})[0]).toMatchObject({
      kind: "raise_bid",
      command: { payload: { operations: [{ device: "all", percent: 40, package_ids: [AUCTION] }] } },
    });
    const pricing = { ...auctionPackage().pricing, max_bid_micros: 6 * UNIT };
    expect(raise({ pricing })[0]).toMatchObject({ command: { payload: { operations: [{ percent: 20 }] } } });
    expect(raise({ bid_micros: 7 * UNIT })).toEqual([]);
    expect(raise({ median_bid_micros: null })).toEqual([]);
  });

  it("leave a country that costs much and clicks little, unless it is the last", () => {
    const parts = {
      US: counted({ impressions: 80_000, clicks: 200, spend_micros: 12_000 * UNIT }),
      DE: counted({ impressions: 20_000, clicks: 10, spend_micros: 3_000 * UNIT }),
    };
    const totals = counted({ impressions: 100_000, clicks: 210, spend_micros: 15_000 * UNIT });
    const delivered = { totals, by_country: parts };
    const found = recommendations(deliveryFor(halfway({ geo_countries: ["DE", "US"] }), delivered), AT_NOON);
    expect(found).toMatchObject([
      {
        kind: "remove_country",
        command: { payload: { operations: [{ operation: "remove_geo", countries: ["DE"], package_ids: [FIXED] }] } },
      },
    ]);
    expect(recommendations(deliveryFor(halfway({ geo_countries: ["DE"] }), delivered), AT_NOON)).toEqual([]);
  });

  it("move budget from a package that is behind to one that is ahead", () => {
    const packages = [fixedPackage({ budget_micros: 20_000 * UNIT }), auctionPackage({ budget_micros: 20_000 * UNIT })];
    const buy = aBuy({ packages });
    const found = recommendations(deliveryFor(buy, spent(6_000), spent(13_000)), AT_NOON);
    expect(found[0]).toMatchObject({
      kind: "shift_budget",
      command: { payload: { operations: [{ from_package_id: FIXED, to_package_id: AUCTION, percent: 30 }] } },
    });
  });

  it("note poor viewability, which no command mends", () => {
    const totals = { spend_micros: 15_000 * UNIT, measurable: 100, viewable: 52, impressions: 200 };
    expect(recommendations(deliveryFor(halfway(), { totals }), AT_NOON)).toMatchObject([
      { kind: "improve_viewability", command: null },
    ]);
  });

  it("name commands that the room carries out", () => {
    const packages = [fixedPackage(), auctionPackage({ bid_micros: 5 * UNIT })];
    const slow = { [FIXED]: { spend_micros: 25_000 * UNIT }, [AUCTION]: { spend_micros: 9_000 * UNIT } };
    const buy = aBuy({ packages });
    const found = recommendations(
      deliveryFor(buy, { totals: slow[FIXED]! }, { totals: slow[AUCTION]! }),
      AT_NOON,
    ).filter((each) => each.command !== null);
    expect(found.map((each) => each.kind)).toEqual(["cap_spend", "shift_budget", "raise_bid"]);
    for (const { command } of found) {
      expect(givenBuy(buy, slow).send(updateMediaBuy, command?.payload).code).toBeNull();
    }
  });
});
