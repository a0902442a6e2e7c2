import { z } from "zod";
import { Campaign, CampaignStatus } from "../../core/domain/campaigns/entities.ts";
import { Creative, CreativeStatus } from "../../core/domain/creatives/entities.ts";
import { DeliveryImport, IMPORT_STATUSES } from "../../core/domain/delivery-imports/entities.ts";
import { FEEDBACK_TYPES, PerformanceFeedback } from "../../core/domain/feedback/entities.ts";
import { Channel } from "../../core/domain/inventory/entities.ts";
import { MediaBuy, MediaBuyStatus } from "../../core/domain/media-buys/entities.ts";
import { MediaBuyId } from "../../core/model/units.ts";
import { CampaignListQuery, defineList, ListQuery } from "./define-list.ts";
import { matching } from "./full-text.ts";
import { contains, sql, when } from "./sql.ts";

/** How many commits touched it. A campaign that nobody has opened yet has revision 0. */
const revision = { revision: z.int().nonnegative() };

export const CampaignItem = Campaign.omit({ config: true, state: true, brief: true, active_version_ids: true }).extend(
  revision,
);

export const listCampaigns = defineList({
  name: "campaigns",
  about: "Campaigns of the workspace, the newest first, without their brief, config and state.",
  needs: "campaign.read",
  table: "campaigns",
  scope: "campaign",
  query: ListQuery.extend({ status: CampaignStatus.optional() }),
  item: CampaignItem,
  filters: ({ status, text }, reader) => [
    when(status, (value) => sql("t.status = ?", value)),
    when(text, (words) => matching("campaign", reader, words)),
  ],
});

export const MediaBuyItem = MediaBuy.extend(revision);

export const listMediaBuys = defineList({
  name: "media_buys",
  about: "Media buys of the workspace or of one campaign. `brand` is a brand's name or domain.",
  needs: "campaign.read",
  table: "media_buys",
  scope: "campaign",
  query: CampaignListQuery.extend({
    status: MediaBuyStatus.optional(),
    channel: Channel.optional(),
    brand: z.string().trim().min(1).max(253).optional(),
  }),
  item: MediaBuyItem,
  filters: ({ status, channel, brand, text }, reader) => [
    when(status, (value) => sql("t.status = ?", value)),
    when(brand, (value) => sql("(t.brand_name = ? COLLATE NOCASE OR t.brand_domain = lower(?))", value, value)),
    when(channel, (value) =>
      sql(
        `EXISTS (SELECT 1 FROM packages p WHERE p.workspace_id = t.workspace_id AND p.campaign_id = t.campaign_id
  AND p.media_buy_id = t.id AND p.channel = ?)`,
        value,
      ),
    ),
    when(text, (words) => matching("media_buy", reader, words)),
  ],
});

const MediaBuyPartQuery = CampaignListQuery.extend({ media_buy_id: MediaBuyId.optional() });

export const CreativeItem = Creative.extend(revision);

export const listCreatives = defineList({
  name: "creatives",
  about: "Creatives of the workspace, of one campaign or of one media buy. `text` is looked for in their names.",
  needs: "campaign.read",
  table: "creatives",
  scope: "campaign",
  query: MediaBuyPartQuery.extend({ status: CreativeStatus.optional() }),
  item: CreativeItem,
  filters: ({ media_buy_id, status, text }) => [
    when(media_buy_id, (value) => sql("t.media_buy_id = ?", value)),
    when(status, (value) => sql("t.status = ?", value)),
    contains("t.name", text),
  ],
});

const [conversionData, leadQuality, brandLift] = PerformanceFeedback.options;
export const FeedbackItem = z.discriminatedUnion("type", [
  conversionData.extend(revision),
  leadQuality.extend(revision),
  brandLift.extend(revision),
]);

export const listFeedback = defineList({
  name: "feedback",
  about: "Performance feedback with its impact, of the workspace, one campaign or one media buy.",
  needs: "campaign.read",
  table: "performance_feedback",
  scope: "campaign",
  query: MediaBuyPartQuery.omit({ text: true }).extend({ type: z.enum(FEEDBACK_TYPES).optional() }),
  item: FeedbackItem,
  filters: ({ media_buy_id, type }) => [
    when(media_buy_id, (value) => sql("t.media_buy_id = ?", value)),
    when(type, (value) => sql("t.type = ?", value)),
  ],
});

export const ImportItem = DeliveryImport.extend(revision);

export const listImports = defineList({
  name: "imports",
  about: "Imports of delivery reports: how each file was read and what came of it. `text` is looked for in file names.",
  needs: "campaign.read",
  table: "delivery_imports",
  scope: "campaign",
  query: CampaignListQuery.extend({ status: z.enum(IMPORT_STATUSES).optional() }),
  item: ImportItem,
  filters: ({ status, text }) => [
    when(status, (value) => sql("t.status = ?", value)),
    contains("t.data ->> '$.file_name'", text),
  ],
});
