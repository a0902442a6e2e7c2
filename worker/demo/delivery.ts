import { addDays } from "../../core/domain/reporting/report-day.ts";
import type { DemoBuy } from "./buys.ts";
import { demoId } from "./ids.ts";
import { seededRandom, spread } from "./spread.ts";

/** Monday … Sunday. */
const WEEKDAY = [1.05, 1.08, 1.06, 1.04, 0.98, 0.87, 0.92];
const NOISE = 0.06;
const MEASURABLE = 0.92;

/** One row for `delivery:report:v1`. */
export interface DemoFact {
  readonly package_id: string;
  readonly creative_id: string;
  readonly date: string;
  readonly device: string;
  readonly country: string;
  readonly source: string;
  readonly impressions: number;
  readonly clicks: number;
  readonly conversions: number;
  readonly leads: number;
  readonly conversion_value_micros: number;
  readonly spend_micros: number;
  readonly measurable: number;
  readonly viewable: number;
  readonly completed_views?: number;
  readonly finality: "partial" | "final";
}

interface Cell {
  readonly package_id: string;
  readonly creative_id: string;
  readonly daysAgo: number;
  readonly device: string;
  readonly country: string;
  readonly weight: number;
}

/** The id of a buy's creative by its place. */
export function creativeId(buy: DemoBuy, at: number): string {
  return demoId("cre", Number(buy.id.slice(-3)) * 10 + at + 1);
}

/**
 * A buy's delivery by day, package, creative, country and device. Every measure adds up to the buy's total exactly.
 * `today` is the last, partial day, of which the share `todayPart` (0..1) is reported.
 */
export function deliveryOf(buy: DemoBuy, today: string, todayPart: number): Map<string, DemoFact[]> {
  const byDay = new Map<string, DemoFact[]>();
  if (!buy.delivered) return byDay;
  const cells = cellsOf(buy, today, todayPart);
  const { delivered } = buy;
  const impressions = spread(
    delivered.impressions,
    cells.map((cell) => cell.weight),
  );
  const clicks = spreadClicks(buy, cells, impressions);
  const conversions = spread(delivered.conversions, clicks);
  const leads = spread(delivered.leads, clicks);
  const value = spread(delivered.conversion_value_micros, conversions);
  const spend = spread(delivered.spend_micros, impressions);
  const completed = delivered.completed_views === null ? null : spread(delivered.completed_views, impressions);
  cells.forEach((cell, at) => {
    const shown = impressions[at] ?? 0;
    const measurable = Math.floor(shown * MEASURABLE);
    const date = addDays(today, -cell.daysAgo);
    const { package_id, creative_id, device, country } = cell;
    const fact: DemoFact = {
      ...{ package_id, creative_id, date, device, country, source: "demo" },
      impressions: shown,
      clicks: clicks[at] ?? 0,
      conversions: conversions[at] ?? 0,
      leads: leads[at] ?? 0,
      conversion_value_micros: value[at] ?? 0,
      spend_micros: spend[at] ?? 0,
      measurable,
      viewable: Math.floor(measurable * delivered.viewability),
      ...(completed && { completed_views: completed[at] ?? 0 }),
      finality: cell.daysAgo === 0 ? "partial" : "final",
    };
    byDay.set(date, [...(byDay.get(date) ?? []), fact]);
  });
  return byDay;
}

function cellsOf(buy: DemoBuy, today: string, todayPart: number): Cell[] {
  const random = seededRandom(Number(buy.id.slice(-3)));
  const cells: Cell[] = [];
  const budget = buy.packages.reduce((sum, pkg) => sum + pkg.budget_micros, 0);
  for (let daysAgo = buy.running_days - 1; daysAgo >= 0; daysAgo--) {
    const noise = 1 + (random() * 2 - 1) * NOISE;
    const dayWeight =
      weekdayWeight(addDays(today, -daysAgo)) * buy.day_factor(daysAgo) * noise * (daysAgo === 0 ? todayPart : 1);
    for (const pkg of buy.packages) {
      for (let creative = 0; creative < buy.creatives.length; creative++) {
        for (const [country, countryShare] of Object.entries(buy.countries)) {
          for (const [device, deviceShare] of Object.entries(buy.devices)) {
            const weight =
              dayWeight * (pkg.budget_micros / budget) * (creative === 0 ? 0.6 : 0.4) * countryShare * deviceShare;
            cells.push({
              package_id: pkg.id,
              creative_id: creativeId(buy, creative),
              daysAgo,
              device,
              country,
              weight,
            });
          }
        }
      }
    }
  }
  return cells;
}

/** People click twice as often on a desktop as on a phone. */
function spreadClicks(buy: DemoBuy, cells: readonly Cell[], impressions: readonly number[]): number[] {
  const weights = cells.map((cell, at) => (impressions[at] ?? 0) * (cell.device === "desktop" ? 2 : 1));
  if (!buy.clicks_by_country) return spread(buy.delivered?.clicks ?? 0, weights);
  const clicks = cells.map(() => 0);
  for (const [country, total] of Object.entries(buy.clicks_by_country)) {
    const parts = spread(
      total,
      weights.map((weight, at) => (cells[at]?.country === country ? weight : 0)),
    );
    parts.forEach((part, at) => (clicks[at] = (clicks[at] ?? 0) + part));
  }
  return clicks;
}

function weekdayWeight(day: string): number {
  return WEEKDAY[(new Date(`${day}T12:00:00Z`).getUTCDay() + 6) % 7] ?? 1;
}
