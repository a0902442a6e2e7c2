import type { MediaBuySummary, PackageSummary } from "../domain/summaries/entities.ts";
import { reportDay } from "../domain/reporting/report-day.ts";

/** How often live mode reports, and for how long at most. */
export const LIVE_TICK_MS = 2_000;
export const LIVE_LIMIT_MS = 30 * 60_000;

const DAY_MS = 86_400_000;
/** What a package shows a day if it has shown nothing yet: its budget over its flight at this price. */
const ASSUMED_CPM_MICROS = 10_000_000;
const DEVICES = ["mobile", "mobile", "desktop", "tablet"] as const;

/** A fact for `delivery:report:v1`: the day's figures so far of one device and country. */
interface LiveFact {
  readonly package_id: string;
  readonly date: string;
  readonly device: string;
  readonly country: string;
  readonly source: string;
  impressions: number;
  clicks: number;
  conversions: number;
  spend_micros: number;
  reported_at: string;
}

/** One report to send: the payload of `delivery:report:v1` for one campaign. */
export interface LiveReport {
  readonly campaign_id: string;
  readonly payload: { readonly facts: readonly LiveFact[] };
}

interface LiveOptions {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** The workspace's report zone. */
  readonly zone: string;
  /** 0..1 */
  random(): number;
}

/**
 * Makes active buys of a demo deliver a little at each tick, at the pace and rates they have had so far.
 * It reports under a source of its own, so that what was reported before stays as it is.
 */
export class LiveDelivery {
  readonly #options: LiveOptions;
  readonly #source: string;
  readonly #facts = new Map<string, LiveFact>();

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#source = `live_${options.startedAt.toString(36)}`;
  }

  /** Whether its time is up. */
  over(now: number): boolean {
    return now - this.#options.startedAt >= LIVE_LIMIT_MS;
  }

  /** The reports of one tick, one per campaign with an active buy; none once its time is up. */
  tick(buys: readonly MediaBuySummary[], now: number): LiveReport[] {
    if (this.over(now)) return [];
    const byCampaign = new Map<string, LiveFact[]>();
    for (const buy of buys) {
      if (buy.status !== "active") continue;
      for (const pkg of buy.packages) {
        if (pkg.paused || pkg.canceled) continue;
        const facts = byCampaign.get(buy.campaign_id) ?? [];
        facts.push(this.#advance(buy, pkg, now));
        byCampaign.set(buy.campaign_id, facts);
      }
    }
    return [...byCampaign].map(([campaign_id, facts]) => ({ campaign_id, payload: { facts } }));
  }

  #advance(buy: MediaBuySummary, pkg: PackageSummary, now: number): LiveFact {
    const { random, zone } = this.#options;
    const at = new Date(now).toISOString();
    const device = pkg.channel === "ctv" || pkg.channel === "olv" ? "ctv" : pick(DEVICES, random);
    const key = {
      package_id: pkg.id,
      date: reportDay(at, zone),
      device,
      country: pick(pkg.geo_countries, random),
      source: this.#source,
    };
    const id = Object.values(key).join("|");
    const fact = this.#facts.get(id) ?? {
      ...key,
      impressions: 0,
      clicks: 0,
      conversions: 0,
      spend_micros: 0,
      reported_at: at,
    };
    const shown = Math.max(1, Math.round(perDay(buy, pkg, now) * (LIVE_TICK_MS / DAY_MS) * (0.5 + random())));
    const { impressions, clicks, conversions, spend_micros } = pkg.counters;
    fact.impressions += shown;
    fact.clicks += chance(shown * ratio(clicks, impressions), random);
    fact.conversions += chance(shown * ratio(conversions, impressions), random);
    fact.spend_micros += Math.round(shown * (ratio(spend_micros, impressions) || ASSUMED_CPM_MICROS / 1000));
    fact.reported_at = at;
    this.#facts.set(id, fact);
    return { ...fact };
  }
}

function perDay(buy: MediaBuySummary, pkg: PackageSummary, now: number): number {
  const days = Math.max(1, (now - Date.parse(buy.start_at)) / DAY_MS);
  if (pkg.counters.impressions > 0) return pkg.counters.impressions / days;
  const flight = Math.max(1, (Date.parse(buy.end_at) - Date.parse(buy.start_at)) / DAY_MS);
  return (pkg.budget_micros / ASSUMED_CPM_MICROS) * (1000 / flight);
}

function ratio(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}

/** A whole number whose mean is `expected`. */
function chance(expected: number, random: () => number): number {
  return Math.floor(expected) + (random() < expected % 1 ? 1 : 0);
}

function pick<T>(from: readonly [T, ...T[]] | readonly T[], random: () => number): T {
  const picked = from[Math.floor(random() * from.length)] ?? from[0];
  if (picked === undefined) throw new Error("Nothing to pick from");
  return picked;
}
