import { describe, expect, it } from "vitest";
import { CAMPAIGN, NOON, testId } from "../../model/given.ts";
import type { Outcome } from "../../model/given.ts";
import { aCampaign } from "../campaigns/campaign.fixture.ts";
import { campaigns } from "../campaigns/entities.ts";
import { MAX_BUY_CREATIVES, creatives } from "../creatives/entities.ts";
import { packageCounters } from "../delivery/entities.ts";
import { inventoryProducts } from "../inventory/entities.ts";
import { aProduct } from "../inventory/product.fixture.ts";
import { aBuy, AUCTION, BUY, FIXED, fixedPackage, UNIT } from "../media-buys/buy.fixture.ts";
import type { Operation } from "../media-buys/apply-operations.ts";
import { findMediaBuy, MAX_CAMPAIGN_BUYS, mediaBuys } from "../media-buys/entities.ts";
import { updateMediaBuy } from "../media-buys/update-media-buy.ts";
import { finishImport } from "./finish-import.ts";
import { aMapping, aRoomForImports, countsOf, DIGEST, givenRun, RUN } from "./import.fixture.ts";
import type { ReportedCampaign } from "./imported-buy.ts";
import { BatchReferences, prepareBatch } from "./prepare-batch.ts";
import { startImport } from "./start-import.ts";

const reported: ReportedCampaign = {
  external_id: "916",
  name: "Spring",
  first_day: "2023-08-01",
  last_day: "2023-08-31",
  spend_micros: 149_710_000,
  impressions: 482_925,
  countries: [],
};
const batch = {
  import_id: RUN,
  batch: 0,
  digest: DIGEST,
  campaigns: [reported],
  ads: [{ campaign: "916", external_id: "708746", name: null }],
};

function references(outcome: Outcome): BatchReferences {
  const data = outcome.refusal ? outcome.refusal.details : outcome.events[0]?.data;
  return BatchReferences.parse((data as { references: unknown }).references);
}

describe("a campaign of a report", () => {
  it("becomes a media buy with one package and a counter at zero", () => {
    const room = givenRun();
    const outcome = room.when(prepareBatch, batch);
    const buy = findMediaBuy(room.tx, "916")!;
    expect(buy).toMatchObject({ campaign_id: CAMPAIGN, external_id: "916", currency: "USD", status: "completed" });
    expect(buy.packages).toHaveLength(1);
    expect(buy.packages[0]).toMatchObject({
      name: "Spring",
      channel: "social",
      inventory_product_id: testId("prod", 2),
    });
    expect(references(outcome).packages).toEqual([buy.packages[0]?.id]);
    expect(room.get(packageCounters, buy.packages[0]!.id)?.totals.spend_micros).toBe(0);
    expect(room.browser.get(mediaBuys, buy.id)).toEqual(buy);
  });

  it("flies from its first to its last day in the workspace's zone", () => {
    const room = givenRun();
    room.when(prepareBatch, batch);
    expect(findMediaBuy(room.tx, "916")).toMatchObject({
      start_at: "2023-08-01T04:00:00.000Z",
      end_at: "2023-09-01T04:00:00.000Z",
    });
  });

  it("is active, and flies on, while its last day is recent", () => {
    const room = givenRun();
    room.when(prepareBatch, { ...batch, campaigns: [{ ...reported, last_day: "2026-11-19" }] });
    expect(findMediaBuy(room.tx, "916")).toMatchObject({ status: "active", end_at: "2026-12-19T05:00:00.000Z" });
  });

  it("has what was spent for a budget, in whole units, or the least the product allows", () => {
    const room = givenRun().having(
      inventoryProducts,
      aProduct(2, { channel: "social", min_budget_micros: 100 * UNIT }),
    );
    const small = { ...reported, external_id: "small", spend_micros: 0 };
    room.when(prepareBatch, { ...batch, ads: [], campaigns: [reported, small] });
    const budgets = ["916", "small"].map((ref) => findMediaBuy(room.tx, ref)?.packages[0]?.budget_micros);
    expect(budgets).toEqual([150 * UNIT, 100 * UNIT]);
  });

  it("bids what its auction asks for, and nothing at a fixed price", () => {
    const [auction] = aProduct(2).pricing_options;
    const fixed = { ...auction!, id: "fixed", fixed_price_micros: 9 * UNIT, floor_price_micros: null };
    const bidding = givenRun();
    bidding.when(prepareBatch, batch);
    expect(findMediaBuy(bidding.tx, "916")?.packages[0]).toMatchObject({
      pricing_option_id: "auction",
      bid_micros: 4 * UNIT,
    });
    const both = givenRun().having(inventoryProducts, aProduct(2, { pricing_options: [auction!, fixed] }));
    both.when(prepareBatch, batch);
    expect(findMediaBuy(both.tx, "916")?.packages[0]).toMatchObject({ pricing_option_id: "fixed", bid_micros: null });
  });

  it("bids what was paid for a thousand impressions, within what its auction allows", () => {
    const [auction] = aProduct(2).pricing_options;
    const bid = (fields: Partial<ReportedCampaign>, max_bid_micros: number | null = null) => {
      const option = { ...auction!, max_bid_micros };
      const room = givenRun().having(inventoryProducts, aProduct(2, { pricing_options: [option] }));
      room.when(prepareBatch, { ...batch, campaigns: [{ ...reported, ...fields }] });
      return findMediaBuy(room.tx, "916")?.packages[0]?.bid_micros;
    };
    expect(bid({ spend_micros: 60 * UNIT, impressions: 10_000 })).toBe(6 * UNIT);
    expect(bid({ spend_micros: 60 * UNIT, impressions: 10_000 }, 5 * UNIT)).toBe(5 * UNIT);
    expect(bid({ spend_micros: 60 * UNIT, impressions: 0 })).toBe(4 * UNIT);
  });

  it.each([
    { what: "at auction", options: aProduct(2).pricing_options },
    {
      what: "at a fixed price",
      options: [{ ...aProduct(2).pricing_options[0]!, fixed_price_micros: 9 * UNIT, floor_price_micros: null }],
    },
    { what: "no longer, in its currency", options: [{ ...aProduct(2).pricing_options[0]!, currency: "EUR" }] },
  ])("can be changed afterwards if its product is sold $what", ({ what, options }) => {
    const room = givenRun().having(inventoryProducts, aProduct(2, { pricing_options: options }));
    room.when(prepareBatch, { ...batch, campaigns: [{ ...reported, last_day: "2026-11-19" }] });
    const change = (operation: Operation) =>
      room.when(updateMediaBuy, { media_buy_id: "916", operations: [operation] }).code;
    expect(change({ operation: "set_daily_cap", amount_micros: 5 * UNIT })).toBeNull();
    const bid = change({ operation: "adjust_bid", device: "all", percent: 20 });
    expect(bid).toBe(what === "at a fixed price" ? "UNSUPPORTED_FEATURE" : null);
  });

  it("runs in the countries of the report, or everywhere if it names none", () => {
    const room = givenRun();
    const placed = { ...reported, external_id: "placed", countries: ["US", "DE"] };
    room.when(prepareBatch, { ...batch, ads: [], campaigns: [reported, placed] });
    expect(findMediaBuy(room.tx, "placed")?.packages[0]?.geo_countries).toEqual(["DE", "US"]);
    expect(findMediaBuy(room.tx, "916")?.packages[0]?.geo_countries).toHaveLength(249);
  });

  it("is the media buy that has its external id, whatever package is first", () => {
    const packages = [fixedPackage({ canceled: true }), ...aBuy().packages.slice(1)];
    const room = givenRun().having(mediaBuys, aBuy({ external_id: "916", packages }));
    const outcome = room.when(prepareBatch, { ...batch, ads: [] });
    expect(outcome.code).toBe("NO_CHANGE");
    expect(references(outcome).packages).toEqual([AUCTION]);
    expect(packages[0]?.id).toBe(FIXED);
  });
});

describe("an ad of a report", () => {
  it("becomes an approved creative of its campaign's buy", () => {
    const room = givenRun();
    const outcome = room.when(prepareBatch, batch);
    const [id] = references(outcome).creatives;
    expect(room.get(creatives, id!)).toMatchObject({
      media_buy_id: findMediaBuy(room.tx, "916")?.id,
      external_id: "708746",
      name: "Ad 708746",
      status: "approved",
    });
  });

  it("keeps a name that looks like a formula as it is", () => {
    const room = givenRun();
    const formula = `=cmd|' /C calc'!A0`;
    const outcome = room.when(prepareBatch, { ...batch, ads: [{ ...batch.ads[0]!, name: formula }] });
    expect(room.get(creatives, references(outcome).creatives[0]!)?.name).toBe(formula);
  });

  it("is the creative of that buy with its external id, not of another buy", () => {
    const other = { id: testId("cre", 1), media_buy_id: BUY, name: "Other", format: "x", status: "approved" as const };
    const room = givenRun().having(creatives, {
      ...other,
      rejection_reason: null,
      external_id: "708746",
      created_at: NOON,
    });
    const outcome = room.when(prepareBatch, batch);
    expect(references(outcome).creatives).not.toContain(other.id);
  });
});

describe("a batch", () => {
  it("whose buys and creatives all exist changes nothing and answers their ids, also after the run", () => {
    const room = givenRun();
    const first = references(room.when(prepareBatch, batch));
    const again = room.when(prepareBatch, { ...batch, batch: 1 });
    expect(again.code).toBe("NO_CHANGE");
    expect(references(again)).toEqual(first);
    room.when(finishImport, { import_id: RUN, digest: DIGEST, counts: countsOf(1), errors: [] });
    expect(references(room.when(prepareBatch, batch))).toEqual(first);
  });

  it("of the same file is reported as of the first time that file was", () => {
    const room = givenRun();
    room.when(prepareBatch, batch);
    room.when(finishImport, { import_id: RUN, digest: DIGEST, counts: countsOf(1), errors: [] });
    const second = testId("imp", 2);
    const later = "2026-11-21T09:00:00.000Z";
    room.when(startImport, { import_id: second, file_name: "again.csv", mapping: aMapping }, { now: later });
    const reportedAt = (digest: string): string =>
      references(room.when(prepareBatch, { ...batch, import_id: second, digest })).reported_at;
    expect(reportedAt(DIGEST)).toBe(NOON);
    expect(reportedAt("0".repeat(64))).toBe(later);
  });

  it("is refused when the run has ended or was never begun, and for a viewer", () => {
    const room = givenRun();
    room.when(finishImport, { import_id: RUN, digest: DIGEST, counts: countsOf(1), errors: [] });
    expect(room.when(prepareBatch, batch).code).toBe("STALE_RUN");
    expect(aRoomForImports().when(prepareBatch, batch).code).toBe("IMPORT_NOT_FOUND");
    expect(givenRun().when(prepareBatch, batch, { as: "viewer" }).code).toBe("PERMISSION_DENIED");
  });

  it("makes nothing for a key that may only report delivery, and adds to what is there", () => {
    const key = (...scopes: string[]) => ({ as: { kind: "scopes" as const, scopes: ["delivery.report", ...scopes] } });
    const room = givenRun();
    const denied = (...scopes: string[]) => room.when(prepareBatch, batch, key(...scopes)).refusal;
    expect(denied()).toMatchObject({ code: "PERMISSION_DENIED", details: { needs: "media_buy.edit" } });
    expect(denied("media_buy.edit")).toMatchObject({ code: "PERMISSION_DENIED", details: { needs: "creative.edit" } });
    expect(room.tx.list(mediaBuys)).toEqual([]);
    const made = references(room.when(prepareBatch, batch, key("media_buy.edit", "creative.edit")));
    const known = room.when(prepareBatch, batch, key());
    expect(known.code).toBe("NO_CHANGE");
    expect(references(known)).toEqual(made);
  });

  it("makes nothing in a campaign that was archived meanwhile", () => {
    const room = givenRun().having(campaigns, aCampaign({ status: "archived" }));
    expect(room.when(prepareBatch, batch).code).toBe("INVALID_STATE");
  });

  it("is refused when its budgets could no longer be added up to the micro", () => {
    const campaigns = ["a", "b"].map((external_id) => ({
      ...reported,
      external_id,
      spend_micros: Number.MAX_SAFE_INTEGER,
    }));
    const room = givenRun();
    expect(room.when(prepareBatch, { ...batch, ads: [], campaigns }).refusal).toMatchObject({
      code: "VALIDATION_ERROR",
      issues: [{ pointer: "/campaigns/1/spend_micros" }],
    });
    expect(room.when(prepareBatch, { ...batch, ads: [], campaigns: campaigns.slice(0, 1) }).code).toBeNull();
  });

  it("is refused when the campaign or a media buy could not hold what it makes", () => {
    const ended = Array.from({ length: MAX_CAMPAIGN_BUYS }, (_, n) =>
      aBuy({ id: testId("mb", n + 10), external_id: null }),
    );
    expect(
      givenRun()
        .having(mediaBuys, ...ended)
        .when(prepareBatch, batch).refusal,
    ).toMatchObject({
      code: "VALIDATION_ERROR",
      issues: [{ pointer: "/campaigns", keyword: "maxItems" }],
    });
    const room = givenRun();
    room.when(prepareBatch, batch);
    const [known] = room.tx.list(creatives);
    const more = Array.from({ length: MAX_BUY_CREATIVES - 1 }, (_, n) => ({
      ...known!,
      id: testId("cre", n + 10),
      external_id: `x${n}`,
    }));
    room.having(creatives, ...more);
    const another = { ...batch, ads: [{ campaign: "916", external_id: "one-more", name: null }] };
    expect(room.when(prepareBatch, another).refusal).toMatchObject({
      code: "VALIDATION_ERROR",
      issues: [{ pointer: "/ads", keyword: "maxItems" }],
    });
    expect(room.when(prepareBatch, batch).code).toBe("NO_CHANGE");
  });

  it("is refused when a buy it names is in another currency, or an ad names a campaign it does not have", () => {
    const room = givenRun().having(mediaBuys, aBuy({ external_id: "916", currency: "EUR" }));
    const outcome = room.when(prepareBatch, batch);
    expect(outcome.refusal).toMatchObject({
      code: "VALIDATION_ERROR",
      issues: [{ pointer: "/campaigns/0/external_id" }],
    });
    const stray = [{ campaign: "917", external_id: "1", name: null }];
    expect(givenRun().when(prepareBatch, { ...batch, ads: stray }).refusal?.issues?.[0]?.pointer).toBe(
      "/ads/0/campaign",
    );
  });
});
