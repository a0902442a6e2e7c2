import type { DecimalMark } from "../../../core/domain/delivery-imports/mapping.ts";

/** A decimal number without float noise: `digits` ÷ 10^`scale`. */
export interface Decimal {
  readonly negative: boolean;
  readonly digits: bigint;
  readonly scale: number;
}

const MAX_LENGTH = 48;
const SIGN = /^[-−+]\s*/u;
const CURRENCY_BEFORE = /^(?:[A-Z]{3}(?=[\s\d-])|[A-Z]{0,3}\p{Sc})\s*/u;
const CURRENCY_AFTER = /\s*(?:[A-Z]{3}|\p{Sc})$/u;
/** Spaces (narrow and non-breaking ones too) and apostrophes separate thousands in several countries, whatever the decimal mark. */
const NEUTRAL_GROUPS = /[\s'’]/gu;

const SHAPES: Record<DecimalMark, { grouped: RegExp; plain: RegExp }> = {
  point: {
    grouped: /^(\d{1,3}(?:[, ]\d{2,3})*[, ]\d{3})(?:\.(\d*))?$/,
    plain: /^(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,2}))?$/,
  },
  comma: {
    grouped: /^(\d{1,3}(?:[. ]\d{2,3})*[. ]\d{3})(?:,(\d*))?$/,
    plain: /^(\d*)(?:,(\d*))?(?:[eE]([+-]?\d{1,2}))?$/,
  },
};

/**
 * Reads a number as people and ad platforms write it: thousands separators, a currency sign or code at either end,
 * a sign or accounting parentheses, an exponent. Null for anything else, percentages included.
 */
export function parseDecimal(text: string, mark: DecimalMark): Decimal | null {
  if (text.length > MAX_LENGTH) return null;
  const { negative, body } = unsigned(text.trim());
  const { grouped, plain } = SHAPES[mark];
  const match = grouped.exec(body) ?? plain.exec(body);
  if (!match) return null;
  const whole = (match[1] ?? "").replaceAll(/[., ]/g, "");
  const fraction = match[2] ?? "";
  if (whole === "" && fraction === "") return null;
  const exponent = Number(match[3] ?? 0);
  const scale = fraction.length - exponent;
  const digits = BigInt(whole + fraction);
  return scale >= 0 ? { negative, digits, scale } : { negative, digits: digits * 10n ** BigInt(-scale), scale: 0 };
}

/** The number without its sign and currency, its neutral thousands separators as plain spaces. */
function unsigned(text: string): { negative: boolean; body: string } {
  let body = text;
  let negative = false;
  if (body.startsWith("(") && body.endsWith(")")) {
    negative = true;
    body = body.slice(1, -1);
  }
  for (const pattern of [SIGN, CURRENCY_BEFORE, SIGN]) {
    const found = pattern.exec(body)?.[0] ?? "";
    if (pattern === SIGN && /[-−]/u.test(found)) negative = true;
    body = body.slice(found.length);
  }
  return { negative, body: body.replace(CURRENCY_AFTER, "").replaceAll(NEUTRAL_GROUPS, " ") };
}

/**
 * Money in integer micros. Within 0.00001 of a whole cent it is that cent (float noise of an export),
 * otherwise micros round half to even. Null beyond 2^53 − 1 micros.
 */
export function toMicros({ negative, digits, scale }: Decimal): number | null {
  const places = Math.max(scale, 6);
  const value = digits * 10n ** BigInt(places - scale);
  const cent = 10n ** BigInt(places - 2);
  const nearest = (value + cent / 2n) / cent;
  const distance = value > nearest * cent ? value - nearest * cent : nearest * cent - value;
  const micros = distance <= 10n ** BigInt(places - 5) ? nearest * 10_000n : halfEven(value, 10n ** BigInt(places - 6));
  return safe(micros, negative);
}

/** The number itself if it is whole, else null. Null also beyond 2^53 − 1. */
export function toWhole({ negative, digits, scale }: Decimal): number | null {
  const unit = 10n ** BigInt(scale);
  return digits % unit === 0n ? safe(digits / unit, negative) : null;
}

/** The number in millionths, rounded half to even: attributed conversions come in fractions. Null beyond 2^53 − 1. */
export function toMillionths({ negative, digits, scale }: Decimal): number | null {
  const millionths = scale <= 6 ? digits * 10n ** BigInt(6 - scale) : halfEven(digits, 10n ** BigInt(scale - 6));
  return safe(millionths, negative);
}

/** A count of millionths as the nearest whole number, halves to even. */
export function wholeOfMillionths(millionths: number): number {
  return Number(halfEven(BigInt(millionths), 1_000_000n));
}

function halfEven(value: bigint, unit: bigint): bigint {
  const quotient = value / unit;
  const twice = (value % unit) * 2n;
  if (twice > unit || (twice === unit && quotient % 2n === 1n)) return quotient + 1n;
  return quotient;
}

function safe(value: bigint, negative: boolean): number | null {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) return null;
  return negative && value !== 0n ? -Number(value) : Number(value);
}
