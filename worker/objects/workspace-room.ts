import { workspaceToCampaigns } from "../../core/rooms/mirrors.ts";
import { workspaceRoom } from "../../core/rooms/workspace-room.ts";
import type { OutboxConsumer } from "../engine/ports.ts";
import { mirrorConsumer } from "../engine/taps.ts";
import type { Env } from "../env.ts";
import { createD1Projector } from "../platform/d1-projector.ts";
import { birthOf } from "./campaign-birth.ts";
import type { CampaignBirth } from "./campaign-birth.ts";
import { roomName } from "./room-address.ts";
import { RoomObject } from "./room-object.ts";
import type { ConsumerParts } from "./room-object.ts";
import { roomPeers } from "./room-peers.ts";

/** What this room itself decides, and so projects; the rest is mirrored from its campaigns. */
const OWNED = new Set(["workspace", "member", "api_key", "inventory_product"]);

/** The room of a workspace: its people, keys and inventory, and a live mirror of its campaigns and their buys. */
export class WorkspaceRoom extends RoomObject {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, workspaceRoom);
  }

  /** What a campaign's room is born from, null if the campaign is not listed here. From then on that room is kept up to date. */
  async pullCampaign(campaignId: string): Promise<CampaignBirth | null> {
    if (!this.engine.exists) return null;
    const at = { ...this.engine.position, now: new Date().toISOString() };
    const birth = birthOf(this.engine.tx(), campaignId, at);
    if (birth)
      this.engine.follow({
        target: roomName({ workspace_id: this.workspaceId, campaign_id: campaignId }),
        kind: "mirror",
      });
    return birth;
  }

  protected override consumers({ tx, read, taps }: ConsumerParts): OutboxConsumer[] {
    const peers = roomPeers(this.env);
    const source = this.name;
    const mirrors = taps
      .filter((tap) => tap.kind === "mirror")
      .map(({ target }) =>
        mirrorConsumer({ definition: workspaceToCampaigns, source, target, peers, tx, now: () => Date.now() }),
      );
    return [
      createD1Projector({ db: this.env.DB, workspace_id: this.workspaceId, entityKindsOwned: OWNED, read }),
      ...mirrors,
    ];
  }
}
