import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { deliveryFacts } from "../../core/domain/delivery/entities.ts";
import type { DeliveryFact } from "../../core/domain/delivery/entities.ts";
import { mediaBuys } from "../../core/domain/media-buys/entities.ts";
import { aggregateFacts } from "../../core/domain/reporting/aggregate.fixture.ts";
import { factCounters, sumCounters } from "../../core/domain/reporting/counters.ts";
import { testId } from "../../core/model/given.ts";
import { aBuy, aFact, aPackage } from "../platform/entities.fixture.ts";
import { ProjectedRoom } from "../platform/projected-room.fixture.ts";
import { aReader, ask, AUTUMN, OTHER_WS, refusalOf, SPRING, twoWorkspaces } from "./read-model.fixture.ts";
import { spend } from "./spend.ts";
import type { SpendPage } from "./spend.ts";

const BREAKDOWNS = ["day", "brand", "channel", "device", "country", "creative", "package", "media_buy", "campaign"];

beforeAll(async () => {
  await twoWorkspaces();
});

/** `[key, currency, spend in micros]` of each slice. */
async function slices(query: Record<string, string>, reader = aReader()): Promise<unknown[]> {
  const { items } = await ask(spend, query, reader);
  return items.map(({ key, currency, counters }) => [key, currency, counters.spend_micros]);
}

async function report(query: Record<string, string>, reader = aReader()): Promise<SpendPage> {
  // The cast is safe: spend answers with a SpendPage, which ask knows as a page.
  return (await ask(spend, query, reader)) as SpendPage;
}

describe("spend", () => {
  it("is summed by day, brand, channel, device, country and creative", async () => {
    const of = { campaign_id: SPRING };
    expect(await slices({ by: "day", ...of })).toEqual([
      ["2026-11-10", "EUR", 7],
      ["2026-11-10", "USD", 19_000_001],
      ["2026-11-11", "USD", 9_000_000],
    ]);
    expect(await slices({ by: "brand", ...of })).toEqual([
      ["NorthTrail", "USD", 28_000_001],
      ["VeloRide", "EUR", 7],
    ]);
    expect(await slices({ by: "channel", ...of })).toEqual([
      ["ctv", "USD", 9_000_000],
      ["display", "EUR", 7],
      ["display", "USD", 19_000_001],
    ]);
    expect(await slices({ by: "device", ...of })).toEqual([
      ["ctv", "USD", 9_000_000],
      ["desktop", "USD", 1_000_001],
      ["mobile", "EUR", 7],
      ["mobile", "USD", 18_000_000],
    ]);
    expect(await slices({ by: "country", ...of })).toEqual([
      ["CA", "USD", 1_000_001],
      ["US", "EUR", 7],
      ["US", "USD", 27_000_000],
    ]);
    expect(await slices({ by: "creative", ...of })).toEqual([
      ["", "EUR", 7],
      ["", "USD", 19_000_001],
      [testId("cre", 1), "USD", 9_000_000],
    ]);
  });

  it("is limited to a buy, to days, or to the whole workspace", async () => {
    expect(await slices({ by: "campaign" })).toEqual(
      [SPRING, AUTUMN].flatMap((id) => [
        [id, "EUR", 7],
        [id, "USD", 28_000_001],
      ]),
    );
    expect(await slices({ by: "day", campaign_id: SPRING, media_buy_id: testId("mb", 2) })).toEqual([
      ["2026-11-10", "EUR", 7],
    ]);
    expect(await slices({ by: "day", media_buy_id: testId("mb", 2) })).toEqual([["2026-11-10", "EUR", 7]]);
    expect(await slices({ by: "day", campaign_id: SPRING, from: "2026-11-11" })).toEqual([
      ["2026-11-11", "USD", 9_000_000],
    ]);
    expect(await slices({ by: "day", campaign_id: SPRING, to: "2026-11-09" })).toEqual([]);
  });

  it("comes with ratios derived from the sums, null without a denominator", async () => {
    const { items } = await ask(spend, { by: "channel", campaign_id: SPRING });
    expect(items[0]?.counters).toMatchObject({ impressions: 1000, completed_views: 900, video_impressions: 1000 });
    expect(items[0]?.ratios).toMatchObject({ vcr: 0.9, cpm_micros: 9_000_000, viewability: null });
    expect(items[1]?.ratios).toMatchObject({ vcr: null, viewability: 0.5 });
  });

  it.each(BREAKDOWNS)("by %s adds up to the whole, page by page", async (by) => {
    const { totals } = await report({ by: "day" });
    const parts: SpendPage["items"][number][] = [];
    let cursor: string | null = null;
    do {
      const page = await report({ by, limit: "2", ...(cursor && { cursor }) });
      expect(page.totals).toEqual(totals);
      parts.push(...page.items);
      cursor = page.next_cursor;
    } while (cursor !== null);
    for (const total of totals) {
      const mine = parts.filter(({ currency }) => currency === total.currency);
      expect(sumCounters(mine.map(({ counters }) => counters))).toEqual(total.counters);
    }
    expect(new Set(parts.map(({ key, currency }) => key + currency)).size).toBe(parts.length);
  });

  it("equals what the room itself makes of the same facts", async () => {
    const id = testId("cmp", 20);
    const room = new ProjectedRoom(testId("ws", 20), id);
    const packages = [1, 2, 3].map((n) => aPackage(n, { channel: n === 2 ? "ctv" : "display" }));
    const facts: DeliveryFact[] = [];
    for (let n = 0; n < 300; n++) {
      const random = (salt: number, below: number): number => (Math.imul(n * 97 + salt, 2_654_435_761) >>> 8) % below;
      facts.push(
        aFact(1, {
          package_id: testId("pkg", 1 + random(1, 3)),
          date: `2026-11-${10 + random(2, 9)}`,
          country: ["US", "CA", "DE", "unknown"][random(3, 4)]!,
          device: (["mobile", "desktop", "ctv"] as const)[random(4, 3)]!,
          source: `s${n}`,
          impressions: random(5, 100_000),
          completed_views: n % 3 ? null : random(6, 1000),
          spend_micros: random(7, 1_000_000_007),
        }),
      );
    }
    room.commit((tx) => tx.create(mediaBuys, aBuy(1, id, { packages })));
    room.commit((tx) => facts.forEach((fact) => tx.put(deliveryFacts, fact)));
    await room.project();
    const reader = aReader({ workspace_id: room.workspaceId });
    const channelOf = (packageId: string) => ({
      brand: "NorthTrail",
      channel: packages.find((p) => p.id === packageId)!.channel,
    });
    for (const by of ["brand", "channel", "device", "country", "creative"] as const) {
      const { items } = await ask(spend, { by }, reader);
      const bySpend = items.toSorted((a, b) => b.counters.spend_micros - a.counters.spend_micros);
      expect(bySpend.map(({ key, counters }) => ({ key, counters }))).toEqual(aggregateFacts(facts, by, channelOf));
    }
    expect((await report({ by: "day" }, reader)).totals[0]?.counters).toEqual(sumCounters(facts.map(factCounters)));
  });

  it("is exact up to 2^53−1 micros and refused beyond, never rounded", async () => {
    const id = testId("cmp", 21);
    const room = new ProjectedRoom(testId("ws", 21), id);
    room.commit((tx) => tx.create(mediaBuys, aBuy(1, id)));
    room.commit((tx) => {
      tx.put(deliveryFacts, aFact(1, { spend_micros: Number.MAX_SAFE_INTEGER - 1 }));
      tx.put(deliveryFacts, aFact(1, { spend_micros: 1, country: "CA" }));
    });
    await room.project();
    const reader = aReader({ workspace_id: room.workspaceId });
    expect(await slices({ by: "brand" }, reader)).toEqual([["NorthTrail", "USD", Number.MAX_SAFE_INTEGER]]);
    room.commit((tx) => tx.put(deliveryFacts, aFact(1, { spend_micros: 2, country: "DE" })));
    await room.project();
    await expect(ask(spend, { by: "brand" }, reader)).rejects.toThrow("2^53");
    expect(await spend.read(env.DB, reader, spend.query.parse({ by: "brand" }))).toMatchObject({
      code: "INVALID_REQUEST",
    });
  });

  it("of other campaigns and workspaces is not in it", async () => {
    const limited = aReader({ campaign_ids: [AUTUMN] });
    expect(await slices({ by: "campaign" }, limited)).toEqual([
      [AUTUMN, "EUR", 7],
      [AUTUMN, "USD", 28_000_001],
    ]);
    expect(await slices({ by: "campaign", campaign_id: SPRING }, limited)).toEqual([]);
    expect((await report({ by: "day" }, aReader({ workspace_id: OTHER_WS }))).totals).toEqual(
      (await report({ by: "day" })).totals,
    );
  });

  it("refuses days in the wrong order, an unknown breakdown and a cursor of another one", async () => {
    expect(spend.query.safeParse({ by: "day", from: "2026-11-11", to: "2026-11-10" }).success).toBe(false);
    expect(spend.query.safeParse({ by: "constructor" }).success).toBe(false);
    expect(spend.query.safeParse({ by: "day", from: "11/10/2026" }).success).toBe(false);
    const { next_cursor } = await report({ by: "day", limit: "1" });
    expect(await refusalOf(spend, { by: "country", cursor: next_cursor })).toMatchObject({ code: "INVALID_REQUEST" });
  });
});
