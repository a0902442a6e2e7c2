import { describe, expect, it } from "vitest";
import type { DateOrder } from "../../../core/domain/delivery-imports/mapping.ts";
import { DateOrderEvidence, parseDay } from "./dates.ts";
import type { DateVerdict } from "./dates.ts";

/** The different days that texts are read as. */
function readings(texts: readonly string[], order: DateOrder): (string | null)[] {
  return [...new Set(texts.map((text) => parseDay(text, order)))];
}

describe("a date", () => {
  it("that begins with the year is read as it stands in any order", () => {
    expect(
      readings(
        ["2026-03-04", "2026/3/4", "2026.03.04", "20260304", "2026-03-04T23:59:00Z", "2026-03-04 00:00"],
        "month_first",
      ),
    ).toEqual(["2026-03-04"]);
  });

  it("of numbers follows the order of its file", () => {
    expect(parseDay("03/04/2026", "day_first")).toBe("2026-04-03");
    expect(parseDay("03/04/2026", "month_first")).toBe("2026-03-04");
    expect(parseDay("3-4-26", "day_first")).toBe("2026-04-03");
    expect(parseDay("03.04.2026", "year_first")).toBeNull();
  });

  it("with a month's name needs no order", () => {
    expect(
      readings(["Aug 31, 2023", "31 Aug 2023", "31-Aug-2023", "August 31, 2023", "Thu, Aug 31, 2023"], "month_first"),
    ).toEqual(["2023-08-31"]);
    expect(parseDay("May 1, 2024", "day_first")).toBe("2024-05-01");
  });

  it("that no calendar has is refused", () => {
    expect(
      readings(
        ["31-02-2024", "00-01-2024", "2023-02-29", "32/01/2024", "1/1/1999", "soon", "", "45123", "--"],
        "day_first",
      ),
    ).toEqual([null]);
    expect(parseDay("29/02/2024", "day_first")).toBe("2024-02-29");
  });
});

function verdict(cells: readonly string[], commaDecimals = false): DateVerdict {
  const evidence = new DateOrderEvidence();
  for (const cell of cells) evidence.observe(cell);
  return evidence.decide(commaDecimals);
}

describe("the order of day and month", () => {
  it("is decided by one day after the twelfth", () => {
    expect(verdict(["01/02/2026", "13/02/2026"])).toEqual({ kind: "decided", order: "day_first", assumed: false });
    expect(verdict(["01/02/2026", "02/13/2026"])).toEqual({ kind: "decided", order: "month_first", assumed: false });
    expect(verdict(["2026-01-02", "2026-01-03"])).toEqual({ kind: "decided", order: "year_first", assumed: false });
  });

  it("is assumed to be day first with dashes, dots or decimal commas", () => {
    const assumed = { kind: "decided", order: "day_first", assumed: true };
    expect(verdict(["01-02-2026"])).toEqual(assumed);
    expect(verdict(["01.02.2026"])).toEqual(assumed);
    expect(verdict(["01/02/2026"], true)).toEqual(assumed);
  });

  it("is never guessed for slashes", () => {
    expect(verdict(["03/04/2026", "05/06/2026"])).toEqual({ kind: "undecidable", example: "03/04/2026" });
    expect(verdict(["03/03/2026"])).toMatchObject({ kind: "decided" });
  });

  it("follows a clear majority, so that a slip is only its own line's error", () => {
    const slips = ["02/13/2026", ...Array.from({ length: 20 }, (_, n) => `${(n % 16) + 13}/01/2026`)];
    expect(verdict(slips)).toMatchObject({ kind: "decided", order: "day_first" });
    expect(verdict(["13/02/2026", "02/13/2026"])).toMatchObject({ kind: "contradictory" });
  });
});
