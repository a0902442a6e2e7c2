const DAY_MS = 86_400_000;
const MAX_FORMATTERS = 64;
const formatters = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter costs far more than using it, and a report asks for the same zone thousands of times. */
function formatter(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known) return known;
  if (formatters.size >= MAX_FORMATTERS) formatters.clear();
  const options = { timeZone: zone, calendar: "gregory", numberingSystem: "latn" } as const;
  const made = new Intl.DateTimeFormat("en", { ...options, year: "numeric", month: "2-digit", day: "2-digit" });
  formatters.set(zone, made);
  return made;
}

/** The day (YYYY-MM-DD) that a moment belongs to in an IANA zone. Throws RangeError for what is no time or zone. */
export function reportDay(at: string, zone: string): string {
  const parts = new Map(
    formatter(zone)
      .formatToParts(new Date(at))
      .map((part) => [part.type, part.value]),
  );
  return `${parts.get("year")?.padStart(4, "0")}-${parts.get("month")}-${parts.get("day")}`;
}

/** The day `count` days later, or earlier if negative. Days are calendar days: no daylight saving time is involved. */
export function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10);
}

/** How many days `to` is after `from`. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}

/** The days, with a fraction, from `from` to `to`; zero if `to` is past. */
export function daysLeft(from: string, to: string): number {
  return Math.max(0, (Date.parse(to) - Date.parse(from)) / DAY_MS);
}
