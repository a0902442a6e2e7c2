import { MAX_BATCH_CAMPAIGNS } from "../../../core/domain/delivery-imports/prepare-batch.ts";
import type { ReportedCampaign } from "../../../core/domain/delivery-imports/imported-buy.ts";
import type { BatchReferences } from "../../../core/domain/delivery-imports/prepare-batch.ts";
import { MAX_REPORT_FACTS } from "../../../core/domain/delivery/report-delivery.ts";
import type { FactInput } from "../../../core/domain/delivery/fact-input.ts";
import { wholeOfMillionths } from "./decimal.ts";
import type { SummedCampaign, SummedFact } from "./delivery-sums.ts";
import type { Named } from "./row.ts";

/** Facts that are reported together, and the campaigns and ads they name. */
export interface Batch {
  readonly campaigns: readonly SummedCampaign[];
  readonly ads: readonly { readonly campaign: SummedCampaign; readonly ad: Named }[];
  readonly facts: readonly {
    readonly fact: SummedFact;
    /** Places in {@link campaigns} and {@link ads}; no ad: -1. */
    readonly campaign: number;
    readonly ad: number;
  }[];
}

/** Cuts campaigns into batches, always the same for the same campaigns: a retry sends the same commands. */
export function* batchesOf(campaigns: readonly SummedCampaign[], size = MAX_REPORT_FACTS): Generator<Batch> {
  let batch = new OpenBatch();
  for (const campaign of campaigns) {
    if (batch.campaigns.length === MAX_BATCH_CAMPAIGNS) {
      yield batch;
      batch = new OpenBatch();
    }
    for (const fact of campaign.facts) {
      if (batch.facts.length === size) {
        yield batch;
        batch = new OpenBatch();
      }
      batch.add(campaign, fact);
    }
  }
  if (batch.facts.length > 0) yield batch;
}

class OpenBatch implements Batch {
  readonly campaigns: SummedCampaign[] = [];
  readonly ads: { campaign: SummedCampaign; ad: Named }[] = [];
  readonly facts: { fact: SummedFact; campaign: number; ad: number }[] = [];
  readonly #ads = new Map<Named, number>();

  /** Facts come campaign by campaign, and an ad of a campaign is one object. */
  add(campaign: SummedCampaign, fact: SummedFact): void {
    if (this.campaigns.at(-1) !== campaign) this.campaigns.push(campaign);
    let ad = -1;
    if (fact.ad) {
      ad = this.#ads.get(fact.ad) ?? this.ads.push({ campaign, ad: fact.ad }) - 1;
      this.#ads.set(fact.ad, ad);
    }
    this.facts.push({ fact, campaign: this.campaigns.length - 1, ad });
  }
}

/** What the room is told of a batch's campaigns and ads before its facts. */
export function namesOf(batch: Batch): {
  campaigns: ReportedCampaign[];
  ads: { campaign: string; external_id: string; name: string | null }[];
} {
  return {
    campaigns: batch.campaigns.map(({ facts: _facts, countries, ...campaign }) => ({
      ...campaign,
      countries: [...countries],
    })),
    ads: batch.ads.map(({ campaign, ad }) => ({ campaign: campaign.external_id, ...ad })),
  };
}

/** The day before this one a report's days are final: platforms correct the last ones for a while. */
const SETTLED_AFTER_DAYS = 2;
const DAY_MS = 86_400_000;

/** The facts of a batch as `delivery:report` takes them. */
export function factsOf(
  batch: Batch,
  { references, source, digest }: { references: BatchReferences; source: string; digest: string },
): FactInput[] {
  const { packages, creatives, reported_at } = references;
  const settled = new Date(Date.parse(reported_at) - SETTLED_AFTER_DAYS * DAY_MS).toISOString().slice(0, 10);
  return batch.facts.map(({ fact, campaign, ad }) => {
    const { conversions_millionths, leads_millionths, ...measures } = fact.measures;
    return {
      package_id: packages[campaign] ?? "",
      creative_id: creatives[ad] ?? "",
      date: fact.date,
      device: fact.device,
      country: fact.country,
      source,
      ...measures,
      conversions: wholeOfMillionths(conversions_millionths),
      leads: leads_millionths === null ? null : wholeOfMillionths(leads_millionths),
      finality: fact.date < settled ? "final" : "partial",
      reported_at,
      source_ref: { digest, line: fact.line },
    };
  });
}
