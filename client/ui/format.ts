const LOCALE = "en-US";
const MICROS = 1_000_000;
/** What stands where there is no value, e.g. a ratio without a denominator. */
export const NONE = "–";

const formats = new Map<string, Intl.NumberFormat>();

function numberFormat(key: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  let format = formats.get(key);
  if (!format) formats.set(key, (format = new Intl.NumberFormat(LOCALE, options)));
  return format;
}

/** Micros as money with its currency; whole units unless `cents`. */
export function money(micros: number | null, currency: string, options: { cents?: boolean } = {}): string {
  if (micros === null) return NONE;
  const digits = options.cents ? 2 : 0;
  return numberFormat(`${currency} ${digits}`, {
    style: "currency",
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(micros / MICROS);
}

export function count(value: number): string {
  return numberFormat("count", { maximumFractionDigits: 0 }).format(value);
}

/** A fraction as percent, with as many digits as small rates need. */
export function percent(fraction: number | null, digits = 2): string {
  if (fraction === null) return NONE;
  return numberFormat(`percent ${digits}`, {
    style: "percent",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(fraction);
}

/** An index such as pacing, where 1.00 is exactly on plan. */
export function index(value: number | null): string {
  return value === null ? NONE : value.toFixed(2);
}

/** A sentence of the domain with its amounts in micros as people read them. */
export function withMoney(sentence: string, currency: string): string {
  return sentence.replaceAll(/(\d+) micros/g, (_text, micros: string) => exactMoney(Number(micros), currency));
}

/** Money with its cents only where there are some. */
export function exactMoney(micros: number, currency: string): string {
  return money(micros, currency, { cents: micros % MICROS !== 0 });
}

/** Reads money as people type it ("1,250.50"), in micros; null if it is not an amount. */
export function parseMoney(text: string): number | null {
  const plain = text.trim().replaceAll(/[,\s]/g, "");
  if (!/^\d{1,9}(\.\d{1,6})?$/.test(plain)) return null;
  return Math.round(Number(plain) * MICROS);
}

/** Micros as a person would type them. */
export function editableMoney(micros: number | null): string {
  return micros === null ? "" : String(micros / MICROS);
}

/** A moment with its zone, e.g. "Nov 20, 2026, 7:00 AM EST". */
export function moment(iso: string, zone: string): string {
  return dateFormat(zone, { hour: "numeric", minute: "2-digit" }).format(new Date(iso));
}

/** A day with its zone, e.g. "Nov 20, 2026, EST". */
export function day(iso: string, zone: string): string {
  return dateFormat(zone, {}).format(new Date(iso));
}

/** A flight as days with their zone, e.g. "Nov 7 – Dec 7, 2026, EST". The end is exclusive at midnight, so its last day is shown. */
export function flight(startAt: string, endAt: string, zone: string): string {
  const last = new Date(Date.parse(endAt) - 1);
  const days = dateFormat(zone, { timeZoneName: undefined }).formatRange(new Date(startAt), last);
  // Thin spaces round the dash would not be found by who searches the page.
  return `${days.replaceAll("\u2009", " ")}, ${zoneName(last, zone)}`;
}

function zoneName(at: Date, zone: string): string {
  return (
    dateFormat(zone, {})
      .formatToParts(at)
      .find((part) => part.type === "timeZoneName")?.value ?? zone
  );
}

/** How long ago, roughly: "12 s", "3 min", "2 h". */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

function dateFormat(
  zone: string,
  options: { [K in keyof Intl.DateTimeFormatOptions]: Intl.DateTimeFormatOptions[K] | undefined },
): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(LOCALE, {
    year: "numeric",
    month: "short",
    day: "numeric",
    timeZone: zone,
    timeZoneName: "short",
    ...options,
  });
}
