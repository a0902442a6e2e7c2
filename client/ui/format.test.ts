import { describe, expect, it } from "vitest";
import {
  age,
  count,
  day,
  editableMoney,
  exactMoney,
  flight,
  index,
  moment,
  money,
  parseMoney,
  percent,
  withMoney,
} from "./format.ts";

const NEW_YORK = "America/New_York";

describe("money", () => {
  it("is shown with its currency, with cents where they matter", () => {
    expect(money(27_440_000_000, "USD")).toBe("$27,440");
    expect(money(16_000_000, "USD", { cents: true })).toBe("$16.00");
    expect(money(5_000_000, "EUR")).toBe("€5");
    expect(money(5_000_000, "CAD")).toBe("CA$5");
    expect(money(null, "USD")).toBe("–");
    expect(exactMoney(2_345_500_000, "USD")).toBe("$2,345.50");
    expect(exactMoney(2_345_000_000, "USD")).toBe("$2,345");
  });

  it("is read as people type it", () => {
    expect(parseMoney("1,250.50")).toBe(1_250_500_000);
    expect(parseMoney(" 500 ")).toBe(500_000_000);
    expect(parseMoney("0.000001")).toBe(1);
    expect(editableMoney(1_250_500_000)).toBe("1250.5");
    expect(editableMoney(null)).toBe("");
  });

  it.each(["", "a lot", "-5", "1e9", "1.2.3", "0.0000001", "99999999999", "$5"])("is not %j", (text) => {
    expect(parseMoney(text)).toBeNull();
  });

  it("is shown for the micros in a sentence of the domain", () => {
    expect(withMoney("A cap of 700500000 micros exceeds 1000000 micros for ad 708746.", "USD")).toBe(
      "A cap of $700.50 exceeds $1 for ad 708746.",
    );
  });
});

describe("counts and rates", () => {
  it("are shown with separators, as percent, as an index", () => {
    expect(count(4_295_102)).toBe("4,295,102");
    expect(percent(0.003136, 3)).toBe("0.314%");
    expect(percent(null)).toBe("–");
    expect(index(0.984)).toBe("0.98");
    expect(index(null)).toBe("–");
  });
});

describe("times", () => {
  it("always name their zone", () => {
    expect(moment("2026-11-20T12:00:00.000Z", NEW_YORK)).toBe("Nov 20, 2026, 7:00 AM EST");
    expect(day("2026-07-01T02:00:00.000Z", NEW_YORK)).toBe("Jun 30, 2026, EDT");
    expect(moment("2026-11-20T12:00:00.000Z", "UTC")).toBe("Nov 20, 2026, 12:00 PM UTC");
  });

  it("of a flight are its first and its last day", () => {
    expect(flight("2026-11-06T05:00:00.000Z", "2026-12-04T05:00:00.000Z", NEW_YORK)).toBe("Nov 6 – Dec 3, 2026, EST");
    expect(flight("2026-11-06T10:00:00.000Z", "2027-01-05T10:00:00.000Z", NEW_YORK)).toBe(
      "Nov 6, 2026 – Jan 5, 2027, EST",
    );
  });

  it("since something are rough", () => {
    expect([age(-5), age(12_400), age(180_000), age(7_200_000)]).toEqual(["0 s", "12 s", "3 min", "2 h"]);
  });
});
