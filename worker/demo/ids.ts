/** The same id for the same prefix and number: the demo's entities keep their addresses from one seeding to the next. */
export function demoId(prefix: string, n: number): string {
  return `${prefix}_01J9DEM0${String(n).padStart(18, "0")}`;
}

export const dollars = (amount: number): number => Math.round(amount * 1_000_000);
