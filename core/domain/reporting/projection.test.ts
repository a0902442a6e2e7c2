import { describe, expect, it } from "vitest";
import { UNIT } from "../media-buys/buy.fixture.ts";
import { projection } from "./projection.ts";
import { AT_NOON, daysBefore, deliveryFor, halfway } from "./reporting.fixture.ts";

const spent = (units: number) => ({ totals: { spend_micros: units * UNIT } });

describe("the projection of a buy's spend", () => {
  it("goes on as the mean of the last seven complete days", () => {
    const buy = halfway();
    const days = daysBefore(buy, 700, 700, 700, 700, 700, 700, 700, 9_999);
    expect(projection({ ...deliveryFor(buy, spent(15_000)), days }, AT_NOON)).toEqual({
      daily_micros: 700 * UNIT,
      spend_micros: (15_000 + 700 * 15) * UNIT,
      end_at: buy.end_at,
    });
  });

  it("ends early when the budget does", () => {
    const buy = halfway();
    const days = daysBefore(buy, 2_000, 2_000, 2_000, 2_000, 2_000, 2_000, 2_000);
    const { end_at } = projection({ ...deliveryFor(buy, spent(24_000)), days }, AT_NOON);
    expect(end_at).toBe("2026-11-23T12:00:00.000Z");
  });

  it("stays an amount that can be counted, however long the flight", () => {
    const buy = halfway({}, { end_at: "9999-12-31T00:00:00.000Z" });
    const days = daysBefore(buy, 1_000_000_000);
    expect(projection({ ...deliveryFor(buy, spent(7)), days }, AT_NOON).spend_micros).toBe(Number.MAX_SAFE_INTEGER);
  });

  it("does not count today, which is not over", () => {
    const buy = halfway();
    const today = { ...daysBefore(buy, 5_000)[0]!, date: "2026-11-20" };
    expect(projection({ ...deliveryFor(buy, spent(5_000)), days: [today] }, AT_NOON).daily_micros).toBe(0);
  });

  it("takes the days there were of a younger flight, and none on the first day", () => {
    const buy = halfway({}, { start_at: "2026-11-18T00:00:00.000Z" });
    const days = daysBefore(buy, 300, 100);
    expect(projection({ ...deliveryFor(buy, spent(400)), days }, AT_NOON).daily_micros).toBe(200 * UNIT);
    const newborn = halfway({}, { start_at: "2026-11-20T00:00:00.000Z" });
    expect(projection(deliveryFor(newborn, spent(10)), AT_NOON)).toEqual({
      daily_micros: null,
      spend_micros: null,
      end_at: null,
    });
  });

  it("lasts to the end when nothing is spent, and is over when the budget is", () => {
    const buy = halfway();
    expect(projection(deliveryFor(buy, spent(0)), AT_NOON)).toMatchObject({ daily_micros: 0, end_at: buy.end_at });
    const days = daysBefore(buy, 7_000);
    expect(projection({ ...deliveryFor(buy, spent(31_000)), days }, AT_NOON).end_at).toBe(AT_NOON.now);
  });
});
