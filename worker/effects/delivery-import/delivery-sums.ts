import { UNKNOWN } from "../../../core/domain/delivery/entities.ts";
import type { Device } from "../../../core/domain/media-buys/entities.ts";
import type { Measures, Named, ReportRow } from "./row.ts";

/** All rows of a file with one fact key, summed. */
export interface SummedFact {
  readonly date: string;
  readonly ad: Named | null;
  readonly device: Device;
  readonly country: string;
  /** The first line it stands on. */
  readonly line: number;
  readonly measures: Measures;
}

/** A campaign of the report with its facts, in the order of day, ad, device and country. */
export interface SummedCampaign extends Named {
  readonly first_day: string;
  readonly last_day: string;
  readonly spend_micros: number;
  readonly impressions: number;
  /** ISO codes, sorted; empty if the report names none. */
  readonly countries: readonly string[];
  readonly facts: readonly SummedFact[];
}

/**
 * What a file may hold at most. Its facts are kept in memory until the last row is read (100,000 take about 50 MB of
 * the 128 MB that a Worker has), its ads become entities that the room and every browser hold.
 */
export const MAX_FILE_FACTS = 100_000;
export const MAX_FILE_CAMPAIGNS = 500;
export const MAX_FILE_ADS = 10_000;

interface Campaign {
  external_id: string;
  name: string | null;
  readonly ads: Map<string, Named>;
  readonly facts: Map<string, SummedFact>;
}

/** Sums the rows of one file by fact key. */
export class DeliverySums {
  readonly #campaigns = new Map<string, Campaign>();
  readonly #limits: { facts: number; campaigns: number; ads: number };
  #facts = 0;
  #ads = 0;
  /** All numbers of the file together: below 2^53, every sum of some of them is exact. */
  #everything = 0;

  constructor(limits = { facts: MAX_FILE_FACTS, campaigns: MAX_FILE_CAMPAIGNS, ads: MAX_FILE_ADS }) {
    this.#limits = limits;
  }

  get facts(): number {
    return this.#facts;
  }

  /** Adds a row. Returns why the file is too large to import, or null. */
  add(row: ReportRow): string | null {
    this.#everything += magnitude(row.measures);
    if (this.#everything > Number.MAX_SAFE_INTEGER) return "The numbers of the file are too large to add up";
    const campaign = this.#campaign(row.campaign);
    if (!campaign) return `The file names more than ${this.#limits.campaigns} campaigns`;
    const ad = row.ad && this.#ad(campaign, row.ad);
    if (ad === undefined) return `The file names more than ${this.#limits.ads} ads`;
    const key = `${row.date}|${ad?.external_id ?? ""}|${row.device}|${row.country}`;
    const known = campaign.facts.get(key);
    if (!known && ++this.#facts > this.#limits.facts) {
      return `The file has more than ${this.#limits.facts} different days, ads, devices and countries`;
    }
    const { date, device, country, line, measures } = row;
    campaign.facts.set(
      key,
      known ? { ...known, measures: sum(known.measures, measures) } : { date, ad, device, country, line, measures },
    );
    return null;
  }

  /** What was read, always in the same order for the same rows in any order. */
  campaigns(): SummedCampaign[] {
    return [...this.#campaigns.values()].map(summary).sort((a, b) => compare(a.external_id, b.external_id));
  }

  #campaign(named: Named): Campaign | undefined {
    let campaign = this.#campaigns.get(named.external_id);
    if (!campaign) {
      if (this.#campaigns.size >= this.#limits.campaigns) return undefined;
      campaign = { ...named, ads: new Map(), facts: new Map() };
      this.#campaigns.set(named.external_id, campaign);
    }
    campaign.name ??= named.name;
    return campaign;
  }

  /** The one object for an ad, so that a fact costs a reference and not a name. */
  #ad(campaign: Campaign, named: Named): Named | undefined {
    const known = campaign.ads.get(named.external_id);
    if (known) return known;
    if (++this.#ads > this.#limits.ads) return undefined;
    campaign.ads.set(named.external_id, named);
    return named;
  }
}

function summary({ external_id, name, facts }: Campaign): SummedCampaign {
  const sorted = [...facts.entries()].sort(([a], [b]) => compare(a, b)).map(([, fact]) => fact);
  return {
    external_id,
    name,
    first_day: sorted[0]?.date ?? "",
    last_day: sorted.at(-1)?.date ?? "",
    spend_micros: sorted.reduce((total, { measures }) => total + measures.spend_micros, 0),
    impressions: sorted.reduce((total, { measures }) => total + measures.impressions, 0),
    countries: [...new Set(sorted.map(({ country }) => country))].filter((code) => code !== UNKNOWN).sort(compare),
    facts: sorted,
  };
}

function sum(a: Measures, b: Measures): Measures {
  return {
    impressions: a.impressions + b.impressions,
    clicks: a.clicks + b.clicks,
    spend_micros: a.spend_micros + b.spend_micros,
    conversions_millionths: a.conversions_millionths + b.conversions_millionths,
    leads_millionths: either(a.leads_millionths, b.leads_millionths),
    conversion_value_micros: a.conversion_value_micros + b.conversion_value_micros,
    completed_views: either(a.completed_views, b.completed_views),
    views: either(a.views, b.views),
    measurable: either(a.measurable, b.measurable),
    viewable: either(a.viewable, b.viewable),
  };
}

function magnitude(of: Measures): number {
  const counted = of.impressions + of.clicks + of.spend_micros + of.conversions_millionths + of.conversion_value_micros;
  const reported = (of.leads_millionths ?? 0) + (of.completed_views ?? 0) + (of.views ?? 0);
  return counted + reported + (of.measurable ?? 0) + (of.viewable ?? 0);
}

function either(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : a + b;
}

/** By code units: the same everywhere, whatever the locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
