import { aCampaign } from "../../../core/domain/campaigns/campaign.fixture.ts";
import { ZERO, zeroPackageCounter } from "../../../core/domain/delivery/entities.ts";
import type { Counters, PackageCounter } from "../../../core/domain/delivery/entities.ts";
import type { MediaBuy } from "../../../core/domain/media-buys/entities.ts";
import type { CampaignSummary, MediaBuySummary } from "../../../core/domain/summaries/entities.ts";
import { DEFAULT_THRESHOLDS } from "../../../core/domain/workspaces/entities.ts";
import type { Workspace } from "../../../core/domain/workspaces/entities.ts";
import type { Entity } from "../../../core/model/entity.ts";
import { CAMPAIGN, NOON, WORKSPACE, testId } from "../../../core/model/given.ts";
import type { FakeRoom } from "../../sync/testing/fake-room.ts";

/** Puts an entity into a room, as if earlier commits had. */
export function put(room: FakeRoom, kind: { readonly kind: string }, value: Entity): void {
  const { revision = 0 } = room.store.read(kind.kind, value.id) ?? {};
  room.store.write({ kind: kind.kind, id: value.id, revision: revision + 1, seq: room.head, deleted: false, value });
}

export function aWorkspace(fields: Partial<Workspace> = {}): Workspace {
  return {
    id: WORKSPACE,
    name: "Halcyon Agency",
    timezone: "America/New_York",
    currency: "USD",
    jurisdiction: null,
    location_hint: null,
    thresholds: DEFAULT_THRESHOLDS,
    created_at: NOON,
    created_by: "member:mem_1",
    updated_at: NOON,
    ...fields,
  };
}

export function aCampaignSummary(fields: Partial<CampaignSummary> = {}): CampaignSummary {
  const { id, slug, external_id, title, description, brief, status, generation_status, created_at, created_by } =
    aCampaign();
  return {
    ...{ id, slug, external_id, title, description, brief, status, generation_status, created_at, created_by },
    campaign_revision: 1,
    media_buy_count: 1,
    ...fields,
  };
}

/** A running buy of $18,000 as its workspace sees it. */
export function aBuySummary(
  n: number,
  totals: Partial<Counters>,
  fields: Partial<MediaBuySummary> = {},
): MediaBuySummary {
  const counters = { ...ZERO, ...totals };
  return {
    id: testId("mb", n),
    campaign_id: CAMPAIGN,
    external_id: null,
    brand: { name: `Brand ${n}`, domain: "brand.example" },
    status: "active",
    currency: "USD",
    start_at: "2026-11-06T05:00:00.000Z",
    end_at: "2026-12-04T05:00:00.000Z",
    budget_micros: 18_000_000_000,
    daily_cap_micros: null,
    cap_timezone: "America/New_York",
    media_buy_revision: 1,
    packages: [
      {
        id: testId("pkg", n),
        name: "Open Display Auction",
        inventory_product_id: testId("prod", 1),
        channel: "display",
        budget_micros: 18_000_000_000,
        bid_micros: 6_400_000,
        pacing_strategy: "even",
        paused: false,
        canceled: false,
        start_at: null,
        end_at: null,
        geo_countries: ["DE", "GB", "US"],
        geo_count: 3,
        target_ctr: null,
        counters,
      },
    ],
    totals: counters,
    updated_at: NOON,
    ...fields,
  };
}

/** The counters of a buy's packages, all with the same totals. */
export function countersOf(buy: MediaBuy, totals: Partial<Counters>): PackageCounter[] {
  return buy.packages.map((pkg) => ({ ...zeroPackageCounter(pkg.id, buy.id), totals: { ...ZERO, ...totals } }));
}
