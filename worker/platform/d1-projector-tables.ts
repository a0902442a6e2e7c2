import type { Entity, EntityKind, StoredEntity } from "../../core/model/entity.ts";
import { apiKeys } from "../../core/domain/api-keys/entities.ts";
import { campaigns } from "../../core/domain/campaigns/entities.ts";
import type { Campaign } from "../../core/domain/campaigns/entities.ts";
import { creatives } from "../../core/domain/creatives/entities.ts";
import { deliveryFacts } from "../../core/domain/delivery/entities.ts";
import type { DeliveryFact } from "../../core/domain/delivery/entities.ts";
import { deliveryImports } from "../../core/domain/delivery-imports/entities.ts";
import { performanceFeedback } from "../../core/domain/feedback/entities.ts";
import { inventoryProducts } from "../../core/domain/inventory/entities.ts";
import { mediaBuys } from "../../core/domain/media-buys/entities.ts";
import { members } from "../../core/domain/members/entities.ts";
import { workspaces } from "../../core/domain/workspaces/entities.ts";

/** Which room's rows a table holds: its key begins with `workspace_id`, or with `workspace_id, campaign_id`. */
export type Scope = "workspace" | "campaign";

/** A table of the read model. `columns` are all but those of the scope and `epoch`, in the order of a row's values. */
export interface Table {
  readonly name: string;
  readonly scope: Scope;
  /** The rest of its primary key, after the scope. */
  readonly key: readonly string[];
  readonly columns: readonly string[];
}

/** How a kind of entity becomes rows. */
export interface Projection {
  readonly kind: string;
  readonly table: Table;
  /** Whether people ask who changed it: then each commit that touches it is written to its trail. */
  readonly trail: boolean;
  /** The values of `table.columns`. `at` is when it was last changed. Throws for a value that does not fit. */
  row(stored: StoredEntity, at: string): readonly unknown[];
}

/** The columns that every table of entities has, before its own. */
const COMMON = ["revision", "seq", "changed_at", "deleted"] as const;

interface EntityTable<E> {
  table: string;
  scope: Scope;
  /** Values that reads filter by or join on. */
  columns?: Readonly<Record<string, (entity: E) => string>>;
  /** What lists return; the whole entity unless it says otherwise. */
  data?(entity: E): object;
}

/** A deleted entity leaves a tombstone: its key and position, and nothing of what it said. */
function entityProjection<E extends Entity>(kind: EntityKind<E>, options: EntityTable<E>): Projection {
  const own = Object.entries(options.columns ?? {});
  // A workspace is alone in its room, so the scope is its whole key.
  const key = kind.kind === "workspace" ? [] : ["id"];
  return {
    kind: kind.kind,
    trail: true,
    table: {
      name: options.table,
      scope: options.scope,
      key,
      columns: [...key, ...COMMON, "data", ...own.map(([name]) => name)],
    },
    row(stored, at) {
      // The cast is safe: rows of a kind are only ever written with that kind's schema.
      const entity = stored.value as E;
      const position = [stored.revision, stored.seq, at, stored.deleted ? 1 : 0];
      const keys = key.map(() => stored.id);
      if (stored.deleted) return [...keys, ...position, null, ...own.map(() => "")];
      return [...keys, ...position, options.data?.(entity) ?? entity, ...own.map(([, value]) => value(entity))];
    },
  };
}

const FACT_KEY = ["package_id", "date", "creative_id", "device", "country", "source"] as const;
const FACT_VALUES = [
  "impressions",
  "clicks",
  "completed_views",
  "views",
  "measurable",
  "viewable",
  "conversions",
  "leads",
  "conversion_value_micros",
  "spend_micros",
  "finality",
  "reported_at",
] as const satisfies readonly (keyof DeliveryFact)[];

const factProjection: Projection = {
  kind: deliveryFacts.kind,
  trail: false,
  table: {
    name: "delivery_facts",
    scope: "campaign",
    key: FACT_KEY,
    columns: [...FACT_KEY, "seq", "deleted", ...FACT_VALUES],
  },
  row(stored) {
    // The cast is safe: see entityProjection.
    const fact = stored.value as DeliveryFact;
    const key = FACT_KEY.map((column) => fact[column]);
    return [...key, stored.seq, stored.deleted ? 1 : 0, ...FACT_VALUES.map((column) => fact[column])];
  },
};

/** A campaign as lists show it. Its config, state and brief can be 60 KB; whoever wants them reads the campaign's room. */
export function listedCampaign(campaign: Omit<Campaign, UnlistedField>): object {
  const { id, slug, external_id, title, description, status, generation_status, features } = campaign;
  const { created_at, created_by, updated_at } = campaign;
  return {
    id,
    slug,
    external_id,
    title,
    description,
    status,
    generation_status,
    features,
    created_at,
    created_by,
    updated_at,
  };
}

type UnlistedField = "config" | "state" | "brief" | "active_version_ids";

export const campaignProjection = entityProjection(campaigns, {
  table: "campaigns",
  scope: "campaign",
  columns: { status: (campaign) => campaign.status },
  data: listedCampaign,
});

/** Every kind that has a table. Kinds that are not here (counters, summaries, credentials, revocations) never reach D1 as rows. */
export const PROJECTIONS: ReadonlyMap<string, Projection> = new Map(
  [
    entityProjection(workspaces, { table: "workspaces", scope: "workspace" }),
    entityProjection(members, {
      table: "members",
      scope: "workspace",
      columns: { user_id: (member) => member.user_id, role: (member) => member.role },
    }),
    entityProjection(apiKeys, { table: "api_keys", scope: "workspace" }),
    entityProjection(inventoryProducts, {
      table: "inventory_products",
      scope: "workspace",
      columns: { channel: (product) => product.channel },
    }),
    campaignProjection,
    entityProjection(mediaBuys, {
      table: "media_buys",
      scope: "campaign",
      columns: {
        status: (buy) => buy.status,
        brand_name: (buy) => buy.brand.name,
        brand_domain: (buy) => buy.brand.domain,
        currency: (buy) => buy.currency,
      },
    }),
    entityProjection(creatives, {
      table: "creatives",
      scope: "campaign",
      columns: {
        media_buy_id: (creative) => creative.media_buy_id,
        status: (creative) => creative.status,
        name: (creative) => creative.name,
      },
    }),
    entityProjection(performanceFeedback, {
      table: "performance_feedback",
      scope: "campaign",
      columns: {
        media_buy_id: (feedback) => feedback.media_buy_id,
        type: (feedback) => feedback.type,
      },
    }),
    entityProjection(deliveryImports, {
      table: "delivery_imports",
      scope: "campaign",
      columns: { status: (run) => run.status },
    }),
    factProjection,
  ].map((projection) => [projection.kind, projection]),
);
