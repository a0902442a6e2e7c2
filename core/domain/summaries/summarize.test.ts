import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CAMPAIGN, given, testId } from "../../model/given.ts";
import { aCampaign } from "../campaigns/campaign.fixture.ts";
import { campaigns } from "../campaigns/entities.ts";
import { MEASURES, ZERO, packageCounters } from "../delivery/entities.ts";
import type { Counters } from "../delivery/entities.ts";
import { isCountry, mediaBuys } from "../media-buys/entities.ts";
import { sumCounters } from "../reporting/counters.ts";
import { aBuy, aCounter, aPackage } from "./buy.fixture.ts";
import {
  CampaignSummary,
  MediaBuySummary,
  SUMMARY_COUNTRIES,
  campaignSummaries,
  findCampaignSummary,
} from "./entities.ts";
import { buyOfPackage, summarizeCampaign, summarizeMediaBuy } from "./summarize.ts";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".split("");
const COUNTRIES = LETTERS.flatMap((a) => LETTERS.map((b) => a + b)).filter(isCountry);

const first = aPackage(1);
const second = aPackage(2, { budget_micros: 24_000_000_000, paused: true });
const canceled = aPackage(3, { canceled: true });
const buy = aBuy(1, [first, second, canceled]);

const room = () =>
  given()
    .having(campaigns, aCampaign())
    .having(mediaBuys, buy, aBuy(2, [aPackage(4)]))
    .having(packageCounters, aCounter(first, buy, { impressions: 900, spend_micros: 27_000_000 }))
    .having(packageCounters, aCounter(canceled, buy, { impressions: 100, clicks: 3, spend_micros: 3_000_000 }));

describe("the summary of a campaign", () => {
  it("says what its workspace lists, with its revision and the number of its buys", () => {
    const summary = summarizeCampaign(room().tx);
    expect(CampaignSummary.parse(summary)).toMatchObject({
      id: CAMPAIGN,
      title: "Summer Launch",
      status: "draft",
      campaign_revision: 1,
      media_buy_count: 2,
    });
  });

  it("is nothing in a room without a campaign", () => {
    expect(summarizeCampaign(given().tx)).toBeNull();
  });
});

describe("the summary of a media buy", () => {
  it("leaves canceled packages out of the budget, but not out of what was delivered", () => {
    const summary = MediaBuySummary.parse(summarizeMediaBuy(room().tx, buy.id));
    expect(summary.budget_micros).toBe(60_000_000_000);
    expect(summary.totals).toEqual({ ...ZERO, impressions: 1_000, clicks: 3, spend_micros: 30_000_000 });
    expect(summary.packages.map((item) => item.counters.impressions)).toEqual([900, 0, 100]);
    expect(summary.media_buy_revision).toBe(1);
  });

  it("fits an entity even if 50 packages run in all countries", () => {
    const packages = Array.from({ length: 50 }, (_, n) =>
      aPackage(n + 1, { name: "x".repeat(200), geo_countries: COUNTRIES }),
    );
    const summary = summarizeMediaBuy(given().having(mediaBuys, aBuy(1, packages)).tx, buy.id)!;
    expect(JSON.stringify(summary).length).toBeLessThan(64 * 1024);
    expect(summary.packages[0]).toMatchObject({ geo_count: COUNTRIES.length });
    expect(summary.packages[0]?.geo_countries).toHaveLength(SUMMARY_COUNTRIES);
  });

  it("is nothing for a buy that is not here", () => {
    expect(summarizeMediaBuy(room().tx, testId("mb", 9))).toBeNull();
  });
});

describe("sums of counters", () => {
  const counters = fc
    .array(fc.nat(1_000_000), { minLength: MEASURES.length, maxLength: MEASURES.length })
    .map((counts): Counters => {
      const of = { ...ZERO };
      for (const [at, measure] of MEASURES.entries()) of[measure] = counts[at]!;
      return of;
    });

  it("are the same however the parts are grouped", () => {
    fc.assert(
      fc.property(fc.array(counters), fc.array(counters), (a, b) => {
        expect(sumCounters([sumCounters(a), sumCounters(b)])).toEqual(sumCounters([...a, ...b]));
      }),
    );
  });

  it("of nothing are zero", () => {
    expect(sumCounters([])).toEqual(ZERO);
  });
});

it("finds the buy of a package by its counter", () => {
  expect(buyOfPackage(room().tx, first.id)?.id).toBe(buy.id);
  expect(buyOfPackage(room().tx, testId("pkg", 9))).toBeUndefined();
});

it("takes the campaign that was created first, should two share an external id", () => {
  const summary = (n: number, created_at: string) => ({
    ...summarizeCampaign(room().tx)!,
    id: testId("cmp", n),
    slug: `s-${n}`,
    created_at,
  });
  const workspace = given(null).having(
    campaignSummaries,
    summary(1, "2026-11-02T00:00:00.000Z"),
    summary(2, "2026-11-01T00:00:00.000Z"),
  );
  expect(findCampaignSummary(workspace.tx, "CRM-1")?.id).toBe(testId("cmp", 2));
});
