import { expect, test } from "vitest";
import { DEMO_BUYS } from "./buys.ts";
import { deliveryOf } from "./delivery.ts";
import type { DemoFact } from "./delivery.ts";

const TODAY = "2026-11-20";
const facts = DEMO_BUYS.map((buy) => [...deliveryOf(buy, TODAY, 0.4).values()].flat());
const sum = (rows: readonly DemoFact[], measure: "impressions" | "clicks" | "spend_micros" | "leads"): number =>
  rows.reduce((total, row) => total + row[measure], 0);

test("the demo delivers exactly what it says", () => {
  const all = facts.flat();
  expect(sum(all, "impressions")).toBe(4_295_102);
  expect(sum(all, "clicks")).toBe(13_468);
  expect(sum(all, "spend_micros")).toBe(68_714_000_000);
  expect(sum(all, "leads")).toBe(148);
});

test("each buy delivers its own totals on its own days", () => {
  DEMO_BUYS.forEach((buy, at) => {
    const own = facts[at] ?? [];
    expect(sum(own, "impressions")).toBe(buy.delivered?.impressions ?? 0);
    expect(sum(own, "spend_micros")).toBe(buy.delivered?.spend_micros ?? 0);
    expect(new Set(own.map((fact) => fact.date)).size).toBe(Math.max(0, buy.running_days));
  });
});

test("no row clicks or completes more than it shows, and the paused buy shows nothing today", () => {
  for (const fact of facts.flat()) {
    expect(fact.clicks).toBeLessThanOrEqual(fact.impressions);
    expect(fact.completed_views ?? 0).toBeLessThanOrEqual(fact.impressions);
    expect(fact.viewable).toBeLessThanOrEqual(fact.measurable);
  }
  expect(
    sum(
      (facts[4] ?? []).filter((fact) => fact.date === TODAY),
      "impressions",
    ),
  ).toBe(0);
});

test("the same day is generated alike each time", () => {
  expect(DEMO_BUYS.map((buy) => [...deliveryOf(buy, TODAY, 0.4).values()].flat())).toEqual(facts);
});
