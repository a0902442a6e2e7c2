import { expect, it } from "vitest";
import { NOON, testId } from "../../model/given.ts";
import type { ReadTx } from "../../model/transaction.ts";
import { creatives } from "../creatives/entities.ts";
import type { Creative } from "../creatives/entities.ts";
import { BUY, FIXED, aBuy, givenBuy } from "../media-buys/buy.fixture.ts";
import { mediaBuys } from "../media-buys/entities.ts";
import { readFacts } from "./fact-input.ts";
import { ReportReferences } from "./report-references.ts";

const OTHER = testId("mb", 2);
const ad = (n: number, media_buy_id = BUY, external_id: string | null = `ad-${n}`): Creative => ({
  id: testId("cre", n),
  media_buy_id,
  name: "Ridge at dawn",
  format: "native",
  status: "approved",
  rejection_reason: null,
  external_id,
  created_at: NOON,
});

it("finds a creative by id or external id, in its own buy only", () => {
  const { tx } = givenBuy()
    .having(mediaBuys, aBuy({ id: OTHER, external_id: "crm-78" }))
    .having(creatives, ad(1), ad(2, OTHER, "ad-1"), ad(3, OTHER, null));
  const references = new ReportReferences(tx, "UTC");
  expect(references.creativeId("ad-1", BUY)).toBe(testId("cre", 1));
  expect(references.creativeId("ad-1", OTHER)).toBe(testId("cre", 2));
  expect(references.creativeId(testId("cre", 3), OTHER)).toBe(testId("cre", 3));
  expect(references.creativeId(testId("cre", 3), BUY)).toBeNull();
  expect(references.creativeId("ad-9", BUY)).toBeNull();
});

it("counts days from the start in the report's zone", () => {
  const { tx } = givenBuy(aBuy({ start_at: "2026-11-05T02:00:00.000Z" }));
  expect(new ReportReferences(tx, "UTC").firstDay(BUY)).toBe("2025-10-01");
  expect(new ReportReferences(tx, "America/New_York").firstDay(BUY)).toBe("2025-09-30");
  expect(new ReportReferences(tx, "UTC").firstDay(OTHER)).toBeNull();
});

it("goes through the creatives once for a report, however many rows name them", () => {
  const { tx } = givenBuy().having(creatives, ...Array.from({ length: 200 }, (_, n) => ad(n + 1)));
  let lists = 0;
  const counting: ReadTx = {
    get: (kind, id) => tx.get(kind, id),
    list: (kind) => {
      lists++;
      return tx.list(kind);
    },
    revision: (kind, id) => tx.revision(kind, id),
    used: (kind, id) => tx.used(kind, id),
  };
  const rows = Array.from({ length: 200 }, (_, n) => ({
    ...{ package_id: FIXED, creative_id: `ad-${n + 1}`, date: "2026-11-19", source: "api" },
    ...{ impressions: 1, spend_micros: 1 },
  }));
  expect(readFacts(counting, rows, { now: NOON, zone: "UTC" })).toHaveLength(200);
  expect(lists).toBe(1);
});
