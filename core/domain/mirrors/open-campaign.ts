import { z } from "zod";
import { defineCommand } from "../../model/command.ts";
import { defineEvent } from "../../model/event.ts";
import { refuse } from "../../model/refusal.ts";
import { Count } from "../../model/units.ts";
import { Campaign, campaignOf, campaigns } from "../campaigns/entities.ts";
import { CampaignSummary } from "../summaries/entities.ts";
import { MAX_MIRROR_ROWS, MirrorRow, WORKSPACE_KINDS } from "./entities.ts";
import { mirrorEvents, positionMirrored, rowMirrored } from "./rows.ts";

export const campaignOpened = defineEvent("campaign:open:v1:success", {
  data: z.strictObject({ campaign: Campaign }),
  apply(tx, { campaign }) {
    tx.create(campaigns, campaign);
  },
});

export const openCampaign = defineCommand("campaign:open:v1", {
  about:
    "Give birth to a campaign's room from what its workspace says: the campaign, and as many of the members, keys and products as fit one commit.",
  input: z.strictObject({
    campaign: CampaignSummary,
    /** The workspace's position that the rows are of. */
    epoch: Count,
    seq: Count,
    rows: z.array(MirrorRow).max(MAX_MIRROR_ROWS),
    /** Whether more rows follow by `mirror:apply:v1`; the last of them says how far the workspace is known, and with it the room is complete. */
    partial: z.boolean().default(false),
  }),
  example: {
    campaign: {
      id: "cmp_01JD0000000000000000000000",
      slug: "summer-launch",
      external_id: null,
      title: "Summer Launch",
      description: "",
      brief: {
        objective: "",
        target_audience: "",
        product_details: "",
        tone: [],
        palette: [],
        constraints: { min_words: null, max_words: null, required: [], restricted: [], rating: null },
      },
      status: "draft",
      generation_status: "idle",
      campaign_revision: 0,
      media_buy_count: 0,
      created_at: "2026-11-20T09:30:00.000Z",
      created_by: "member:mem_01JD0000000000000000000000",
    },
    epoch: 1,
    seq: 240,
    rows: [],
    partial: false,
  },
  needs: "system",
  refuses: ["NO_CHANGE", "CAMPAIGN_NOT_FOUND", "INVALID_REQUEST"],
  emits: [campaignOpened, rowMirrored, positionMirrored],
  answers: "created",
  optimistic: false,
  creates_room: true,
  decide(tx, { campaign: summary, epoch, seq, rows, partial }, { workspace_id, campaign_id }) {
    if (campaignOf(tx)) return refuse("NO_CHANGE", "This campaign's room is open already.");
    if (summary.id !== campaign_id) return refuse("CAMPAIGN_NOT_FOUND", "The summary is of another campaign.");
    if (rows.some((row) => !WORKSPACE_KINDS.some((kind) => kind.kind === row.kind) || row.value?.id !== row.id)) {
      return refuse("INVALID_REQUEST", "A campaign takes live members, keys and inventory of its workspace only.");
    }
    const { campaign_revision: _revision, media_buy_count: _count, ...fields } = summary;
    const campaign: Campaign = {
      ...fields,
      features: [],
      config: { ui_content: {}, scripts: {}, communication: {} },
      state: {},
      active_version_ids: {},
      updated_at: summary.created_at,
    };
    const position = partial ? null : { id: workspace_id, epoch, seq };
    return [campaignOpened.of({ campaign }), ...mirrorEvents(tx, rows, position)];
  },
});
