import type { EntityKind } from "../../model/entity.ts";
import type { DomainModule } from "../../model/room.ts";
import { applyMirror } from "./apply-mirror.ts";
import { CAMPAIGN_KINDS, WORKSPACE_KINDS, mirrorSources } from "./entities.ts";
import { campaignOpened, openCampaign } from "./open-campaign.ts";
import { positionMirrored, rowMirrored } from "./rows.ts";

/** A mirror keeps no timers: they ring at the source, and what comes of it is mirrored too. */
function withoutTimer({ due: _due, ...kind }: EntityKind): EntityKind {
  return kind;
}

/** In a workspace room: the live mirror of its campaigns and their buys. */
export const campaignMirrorModule: DomainModule = {
  name: "mirrors",
  entities: [mirrorSources, ...CAMPAIGN_KINDS.map(withoutTimer)],
  events: [rowMirrored, positionMirrored],
  commands: [applyMirror],
  signals: [],
};

/** In a campaign room: the live mirror of its workspace, without the verbs that change it there. */
export const workspaceMirrorModule: DomainModule = {
  name: "mirrors",
  entities: [mirrorSources, ...WORKSPACE_KINDS.map(withoutTimer)],
  events: [campaignOpened, rowMirrored, positionMirrored],
  commands: [openCampaign, applyMirror],
  signals: [],
};
