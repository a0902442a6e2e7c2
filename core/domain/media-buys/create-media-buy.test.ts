import { describe, expect, it } from "vitest";
import { ACTING_MEMBER, CAMPAIGN, NOON, WORKSPACE, given, testId } from "../../model/given.ts";
import { campaigns } from "../campaigns/entities.ts";
import { ZERO, packageCounters } from "../delivery/entities.ts";
import { inventoryProducts } from "../inventory/entities.ts";
import type { InventoryProduct } from "../inventory/entities.ts";
import { DEFAULT_THRESHOLDS, workspaces } from "../workspaces/entities.ts";
import { UNIT, aBuy, aCampaign } from "./buy.fixture.ts";
import { createMediaBuy, mediaBuyCreated } from "./create-media-buy.ts";
import { MAX_CAMPAIGN_BUYS, mediaBuys } from "./entities.ts";

const PRODUCT = testId("prod", 1);
const ctv: InventoryProduct = {
  id: PRODUCT,
  external_id: "ctv-premium",
  name: "CTV premium",
  channel: "ctv",
  delivery_type: "guaranteed",
  pricing_options: [
    {
      id: "fixed",
      model: "cpm",
      currency: "USD",
      fixed_price_micros: 30 * UNIT,
      floor_price_micros: null,
      max_bid_micros: null,
      min_spend_per_package_micros: 5_000 * UNIT,
    },
    {
      id: "auction",
      model: "cpm",
      currency: "USD",
      fixed_price_micros: null,
      floor_price_micros: 4 * UNIT,
      max_bid_micros: 20 * UNIT,
      min_spend_per_package_micros: null,
    },
    {
      id: "euro",
      model: "cpm",
      currency: "EUR",
      fixed_price_micros: 28 * UNIT,
      floor_price_micros: null,
      max_bid_micros: null,
      min_spend_per_package_micros: null,
    },
  ],
  min_budget_micros: 1_000 * UNIT,
  available_impressions: 3_000_000,
  target_ctr: 0.0005,
  median_bid_micros: 6 * UNIT,
  targeting_capabilities: [],
  archived: false,
  created_at: NOON,
  updated_at: NOON,
};

const room = () => given().having(campaigns, aCampaign).having(inventoryProducts, ctv);

const packageInput = {
  inventory_product_id: PRODUCT,
  pricing_option_id: "fixed",
  budget_micros: 36_000 * UNIT,
  geo_countries: ["US", "CA"],
};
const auctionInput = { ...packageInput, pricing_option_id: "auction", bid_micros: 6_400_000 };
const input = {
  brand: { name: "NorthTrail", domain: "northtrail.example" },
  currency: "USD",
  start_at: "2026-12-01T00:00:00Z",
  end_at: "2026-12-31T00:00:00Z",
  packages: [packageInput],
};

function created(outcome: ReturnType<ReturnType<typeof room>["when"]>) {
  return mediaBuyCreated.data.parse(outcome.events[0]?.data);
}

describe("creating a media buy", () => {
  it("keeps the terms of the product and waits for creatives", () => {
    const scenario = room();
    const { media_buy } = created(scenario.when(createMediaBuy, input));
    expect(scenario.get(mediaBuys, media_buy.id)).toEqual(media_buy);
    expect(media_buy).toMatchObject({
      campaign_id: CAMPAIGN,
      status: "pending_creatives",
      start_at: "2026-12-01T00:00:00.000Z",
      created_at: NOON,
      updated_by: `member:${ACTING_MEMBER}`,
    });
    expect(media_buy.packages[0]).toMatchObject({
      name: "CTV premium",
      channel: "ctv",
      pricing: { model: "cpm", fixed_price_micros: 30 * UNIT, min_spend_micros: 5_000 * UNIT },
      target_ctr: 0.0005,
      geo_countries: ["CA", "US"],
      pacing_strategy: "even",
      bid_micros: null,
    });
  });

  it("begins with zero counters, never with none", () => {
    const scenario = room();
    const { media_buy } = created(scenario.when(createMediaBuy, input));
    const id = media_buy.packages[0]!.id;
    expect(scenario.get(packageCounters, id)).toMatchObject({ media_buy_id: media_buy.id, totals: ZERO });
    expect(scenario.browser.get(packageCounters, id)).toMatchObject({ totals: ZERO, overdelivery: false });
  });

  it("estimates impressions from budget and price, at most what is available in the flight", () => {
    expect(created(room().when(createMediaBuy, input)).estimated_impressions).toBe(1_200_000);
    const rich = { ...input, packages: [{ ...packageInput, budget_micros: 900_000 * UNIT }] };
    expect(created(room().when(createMediaBuy, rich)).estimated_impressions).toBe(3_000_000);
    const brief = { ...rich, end_at: "2026-12-04T00:00:00Z" };
    expect(created(room().when(createMediaBuy, brief)).estimated_impressions).toBe(300_000);
  });

  it("takes the ids its caller chose, and products by their external id", () => {
    const chosen = { media_buy_id: testId("mb", 9), external_id: "crm-1" };
    const packages = [{ ...packageInput, package_id: testId("pkg", 9), inventory_product_id: "ctv-premium" }];
    const scenario = room();
    expect(scenario.when(createMediaBuy, { ...input, ...chosen, packages }).code).toBeNull();
    expect(scenario.get(mediaBuys, testId("mb", 9))).toMatchObject({ external_id: "crm-1" });
    expect(scenario.get(packageCounters, testId("pkg", 9))).toBeDefined();
  });

  it("starts now when it is to start as soon as possible", () => {
    expect(created(room().when(createMediaBuy, { ...input, start_at: "asap" })).media_buy.start_at).toBe(NOON);
  });

  it("takes UK as GB and says so", () => {
    const { media_buy, warnings } = created(
      room().when(createMediaBuy, { ...input, packages: [{ ...packageInput, geo_countries: ["UK"] }] }),
    );
    expect(media_buy.packages[0]?.geo_countries).toEqual(["GB"]);
    expect(warnings).toMatchObject([{ code: "country_renamed" }]);
  });

  it("counts days of the cap in the workspace's zone unless told otherwise", () => {
    const scenario = room().having(workspaces, {
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
    expect(created(scenario.when(createMediaBuy, input)).media_buy.cap_timezone).toBe("America/New_York");
    const berlin = { ...input, cap_timezone: "Europe/Berlin" };
    expect(created(scenario.when(createMediaBuy, berlin)).media_buy.cap_timezone).toBe("Europe/Berlin");
  });

  it("warns of a cap that cannot spend the budget, and of a flight that began already", () => {
    const capped = created(room().when(createMediaBuy, { ...input, daily_cap_micros: 100 * UNIT }));
    expect(capped.warnings).toMatchObject([{ code: "cannot_spend_in_full" }]);
    const begun = created(room().when(createMediaBuy, { ...input, start_at: "2026-11-10T00:00:00Z" }));
    expect(begun.warnings).toMatchObject([{ code: "flight_began_before" }]);
  });

  it.each([
    ["an unknown product", { ...packageInput, inventory_product_id: testId("prod", 404) }, "PRODUCT_NOT_FOUND"],
    ["a budget below the minimum", { ...packageInput, budget_micros: 4_999 * UNIT }, "BUDGET_TOO_LOW"],
    ["a pricing option the product lacks", { ...packageInput, pricing_option_id: "cpc" }, "VALIDATION_ERROR"],
    ["another currency", { ...packageInput, pricing_option_id: "euro" }, "VALIDATION_ERROR"],
    ["a bid on a fixed price", { ...packageInput, bid_micros: 40 * UNIT }, "VALIDATION_ERROR"],
    ["no bid in an auction", { ...packageInput, pricing_option_id: "auction" }, "VALIDATION_ERROR"],
    ["a bid below the floor", { ...auctionInput, bid_micros: 3_999_999 }, "VALIDATION_ERROR"],
    ["a bid above the highest", { ...auctionInput, bid_micros: 21 * UNIT }, "VALIDATION_ERROR"],
    ["a device bid below the floor", { ...auctionInput, device_bid_modifiers: { mobile: -0.5 } }, "VALIDATION_ERROR"],
    ["a country that is no country", { ...packageInput, geo_countries: ["XX"] }, "VALIDATION_ERROR"],
    ["a country it excludes", { ...packageInput, geo_exclude: ["US"] }, "VALIDATION_ERROR"],
    ["a flight outside the buy's", { ...packageInput, start_at: "2026-11-30T00:00:00Z" }, "VALIDATION_ERROR"],
    ["a reversed flight", { ...packageInput, end_at: "2026-12-01T00:00:00Z" }, "VALIDATION_ERROR"],
  ])("refuses a package with %s", (_case, pkg, code) => {
    const scenario = room();
    expect(scenario.when(createMediaBuy, { ...input, packages: [pkg] }).code).toBe(code);
    expect(scenario.tx.list(mediaBuys)).toEqual([]);
  });

  it("says which field is wrong", () => {
    const packages = [packageInput, { ...auctionInput, bid_micros: UNIT }];
    expect(room().when(createMediaBuy, { ...input, packages }).refusal?.issues).toMatchObject([
      { pointer: "/packages/1/bid_micros" },
    ]);
    const early = { ...input, end_at: "2026-11-30T00:00:00Z" };
    expect(room().when(createMediaBuy, early).refusal?.issues).toMatchObject([{ pointer: "/end_at" }]);
  });

  it.each([
    ["a flight that ends before it begins", { end_at: "2026-11-30T00:00:00Z" }],
    ["a flight that is over", { start_at: "2026-10-01T00:00:00Z", end_at: "2026-11-01T00:00:00Z" }],
    ["a cap above the budget", { daily_cap_micros: 36_001 * UNIT }],
  ])("refuses %s", (_case, fields) => {
    expect(room().when(createMediaBuy, { ...input, ...fields }).code).toBe("VALIDATION_ERROR");
  });

  it.each([
    ["an empty list of packages", { packages: [] }],
    ["no country", { packages: [{ ...packageInput, geo_countries: [] }] }],
    ["a budget of nothing", { packages: [{ ...packageInput, budget_micros: 0 }] }],
    ["negative money", { packages: [{ ...packageInput, budget_micros: -1 }] }],
    ["a fraction of a micro", { packages: [{ ...packageInput, budget_micros: 0.5 }] }],
    ["a cap of nothing", { daily_cap_micros: 0 }],
    ["an unknown field", { budget: 5 }],
    ["a brand without a domain", { brand: { name: "X", domain: "nowhere" } }],
    ["a modifier beyond +900 %", { packages: [{ ...auctionInput, device_bid_modifiers: { mobile: 9.1 } }] }],
  ])("does not understand %s", (_case, fields) => {
    expect(room().send(createMediaBuy, { ...input, ...fields }).code).toBe("VALIDATION_ERROR");
  });

  it("refuses ids that were used before, and packages that share one", () => {
    const scenario = room();
    const { media_buy } = created(scenario.when(createMediaBuy, { ...input, external_id: "crm-1" }));
    const again = (fields: object) => scenario.send(createMediaBuy, { ...input, ...fields }).code;
    expect(again({ media_buy_id: media_buy.id })).toBe("ID_IN_USE");
    expect(again({ external_id: "crm-1" })).toBe("ID_IN_USE");
    expect(again({ packages: [{ ...packageInput, package_id: media_buy.packages[0]?.id }] })).toBe("ID_IN_USE");
    const twin = { ...packageInput, package_id: testId("pkg", 50) };
    expect(again({ packages: [twin, twin] })).toBe("VALIDATION_ERROR");
  });

  it("refuses products that are no longer for sale, archived campaigns and rooms without one", () => {
    expect(
      given()
        .having(campaigns, aCampaign)
        .having(inventoryProducts, { ...ctv, archived: true })
        .when(createMediaBuy, input).code,
    ).toBe("INVALID_STATE");
    const archived = room().having(campaigns, { ...aCampaign, status: "archived" });
    expect(archived.when(createMediaBuy, input).code).toBe("INVALID_STATE");
    expect(given().having(inventoryProducts, ctv).when(createMediaBuy, input).code).toBe("CAMPAIGN_NOT_FOUND");
  });

  it("refuses what would not fit into an entity", () => {
    const audiences = Array.from({ length: 20 }, (_, n) => String(n).padEnd(64, "x"));
    const packages = Array.from({ length: 50 }, () => ({ ...packageInput, audiences }));
    expect(room().when(createMediaBuy, { ...input, packages }).code).toBe("VALIDATION_ERROR");
  });

  it(`refuses more than ${MAX_CAMPAIGN_BUYS} in one campaign, those that ended included`, () => {
    const ended = (n: number) => aBuy({ id: testId("mb", n + 10), external_id: null, status: "completed" });
    const scenario = room().having(mediaBuys, ...Array.from({ length: MAX_CAMPAIGN_BUYS - 1 }, (_, n) => ended(n)));
    expect(scenario.when(createMediaBuy, input).code).toBeNull();
    expect(scenario.when(createMediaBuy, input).refusal).toMatchObject({
      code: "VALIDATION_ERROR",
      message: expect.stringContaining(String(MAX_CAMPAIGN_BUYS)),
      hint: expect.stringContaining("another campaign"),
    });
  });

  it("is refused to a viewer and to a key without the scope", () => {
    expect(room().when(createMediaBuy, input, { as: "viewer" }).code).toBe("PERMISSION_DENIED");
    const scopes = { kind: "scopes" as const, scopes: ["delivery.report"] };
    expect(room().when(createMediaBuy, input, { as: scopes }).code).toBe("PERMISSION_DENIED");
    expect(room().when(createMediaBuy, input, { as: "operator" }).code).toBeNull();
  });
});
