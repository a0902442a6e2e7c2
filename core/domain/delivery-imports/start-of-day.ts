/** The moment (ISO-8601 UTC) at which a day (YYYY-MM-DD) begins in an IANA zone; where midnight is skipped, the first moment after it. */
export function startOfDay(day: string, zone: string): string {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const guess = midnight - offset(midnight, zone);
  // The clock may change between midnight UTC and midnight there.
  const corrected = midnight - offset(guess, zone);
  const isMidnight = corrected + offset(corrected, zone) === midnight;
  return new Date(isMidnight ? corrected : Math.max(guess, corrected)).toISOString();
}

/** How far the clocks of a zone are ahead of UTC at a moment, in milliseconds. */
function offset(at: number, zone: string): number {
  const options = { timeZone: zone, calendar: "gregory", numberingSystem: "latn", hourCycle: "h23" } as const;
  const numeric = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" } as const;
  const parts = new Map(
    new Intl.DateTimeFormat("en", { ...options, ...numeric }).formatToParts(at).map(({ type, value }) => [type, value]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes): string => parts.get(name) ?? "00";
  const local = Date.parse(`${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}:00Z`);
  return local - Math.floor(at / 60_000) * 60_000;
}
