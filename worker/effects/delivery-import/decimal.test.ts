import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDecimal, toMicros, toMillionths, toWhole, wholeOfMillionths } from "./decimal.ts";

const micros = (text: string, mark: "point" | "comma" = "point"): number | null => {
  const decimal = parseDecimal(text, mark);
  return decimal && toMicros(decimal);
};

/** The whole number nearest to `value` ÷ `unit`, of two equally near the even one. */
function nearestEven(value: bigint, unit: bigint): number {
  const below = value / unit;
  const above = below + 1n;
  const nearer = value - below * unit - (above * unit - value);
  return Number(nearer < 0n || (nearer === 0n && below % 2n === 0n) ? below : above);
}

describe("money", () => {
  it("within 0.00001 of a whole cent is that cent", () => {
    expect(micros("1.429999948")).toBe(1_430_000);
    expect(micros("1.820000023")).toBe(1_820_000);
    expect(micros("0.00001")).toBe(0);
    expect(micros("1.43001")).toBe(1_430_000);
    expect(micros("1.42999")).toBe(1_430_000);
  });

  it("otherwise rounds micros half to even", () => {
    expect(micros("1.430011")).toBe(1_430_011);
    expect(micros("0.0012345")).toBe(1_234);
    expect(micros("0.0012355")).toBe(1_236);
    expect(micros("0.00123451")).toBe(1_235);
    expect(micros("1.25e-3")).toBe(1_250);
  });

  it("is exact where floating point is not, up to 2^53 - 1 micros", () => {
    expect(micros("9007199254.740991")).toBe(Number.MAX_SAFE_INTEGER);
    expect(micros("9007199254.740992")).toBeNull();
    expect(micros("8.2")).toBe(8_200_000);
  });

  it("follows its rule for any amount with noise of any size", () => {
    const amounts = fc.record({ cents: fc.bigInt(0n, 10n ** 11n), noise: fc.bigInt(-4_999_999n, 5_000_000n) });
    fc.assert(
      fc.property(amounts, ({ cents, noise }) => {
        // The amount in units of 10^-9: a whole cent plus noise of less than half a cent.
        const nanos = cents * 10_000_000n + noise;
        fc.pre(nanos >= 0n);
        const text = `${nanos / 1_000_000_000n}.${String(nanos % 1_000_000_000n).padStart(9, "0")}`;
        const distance = noise < 0n ? -noise : noise;
        expect(micros(text)).toBe(distance <= 10_000n ? Number(cents * 10_000n) : nearestEven(nanos, 1_000n));
      }),
    );
  });

  it("reads what any number format of the same amount says", () => {
    const formats = fc.constantFrom("en-US", "de-DE", "fr-FR", "de-CH", "en-IN");
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 9 }), formats, (cents, locale) => {
        const text = new Intl.NumberFormat(locale, { minimumFractionDigits: 2 }).format(cents / 100);
        const mark = locale === "de-DE" || locale === "fr-FR" ? "comma" : "point";
        expect(micros(text, mark)).toBe(cents * 10_000);
      }),
    );
  });
});

describe("numbers", () => {
  it("may have currency signs and codes, signs and accounting parentheses", () => {
    for (const text of ["$1,234.50", "US$ 1,234.50", "USD 1,234.50", "1,234.50 EUR", "£1,234.50", "1 234.50 €"]) {
      expect([text, micros(text)]).toEqual([text, 1_234_500_000]);
    }
    for (const text of ["-$1.00", "$-1.00", "(1.00)", "−1.00"])
      expect([text, micros(text)]).toEqual([text, -1_000_000]);
  });

  it("are refused when they are something else", () => {
    const texts = [
      "",
      "abc",
      "=1+1",
      "1.2.3",
      "12%",
      "1,23,4",
      "1,2345",
      "NaN",
      "Infinity",
      "0x10",
      "1e999",
      "--",
      ".",
    ];
    for (const text of texts) expect([text, parseDecimal(text, "point")]).toEqual([text, null]);
    expect(parseDecimal("1,234.56", "comma")).toBeNull();
    expect(parseDecimal("9".repeat(49), "point")).toBeNull();
  });

  it("are whole only without a remainder", () => {
    const whole = (text: string): number | null => toWhole(parseDecimal(text, "point")!);
    expect(whole("2,097.00")).toBe(2_097);
    expect(whole("1.5e3")).toBe(1_500);
    expect(whole("1.5")).toBeNull();
  });

  it("of attributed conversions are summed in millionths and rounded once, halves to even", () => {
    const millionths = (text: string): number | null => toMillionths(parseDecimal(text, "point")!);
    expect(millionths("0.3333333")).toBe(333_333);
    expect(wholeOfMillionths(333_333 * 3)).toBe(1);
    expect(wholeOfMillionths(2_500_000)).toBe(2);
    expect(wholeOfMillionths(3_500_000)).toBe(4);
  });
});
