import { campaignRoom } from "../../core/rooms/campaign-room.ts";
import { campaignToWorkspace } from "../../core/rooms/mirrors.ts";
import type { OutboxConsumer } from "../engine/ports.ts";
import { mirrorConsumer } from "../engine/taps.ts";
import type { Env } from "../env.ts";
import { createD1Projector } from "../platform/d1-projector.ts";
import { RoomObject } from "./room-object.ts";
import type { ConsumerParts } from "./room-object.ts";
import { peer, roomPeers } from "./room-peers.ts";

/** What this room itself decides, and so projects; the rest is mirrored from its workspace. */
const OWNED = new Set([
  "campaign",
  "media_buy",
  "creative",
  "delivery_fact",
  "performance_feedback",
  "delivery_import",
]);

/** The room of one campaign. It is born by pulling from its workspace on first contact. */
export class CampaignRoom extends RoomObject {
  #birth: Promise<void> | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, campaignRoom);
  }

  protected override async arrive(): Promise<void> {
    if (this.engine.exists) return;
    this.#birth ??= this.#pull().finally(() => (this.#birth = null));
    await this.#birth;
  }

  async #pull(): Promise<void> {
    const birth = await peer(this.env, this.workspaceId).pullCampaign(this.campaignId ?? "");
    if (!birth) return;
    const outcome = this.engine.executeAsRoom(birth.open, `birth:${this.campaignId ?? ""}`);
    if (!outcome.ok) throw new Error(`The campaign's room was not opened: ${outcome.refusal.message}`);
  }

  protected override consumers({ tx, read }: ConsumerParts): OutboxConsumer[] {
    const source = this.name;
    const campaign_id = this.campaignId ?? "";
    const target = this.workspaceId;
    return [
      createD1Projector({
        db: this.env.DB,
        workspace_id: this.workspaceId,
        campaign_id,
        entityKindsOwned: OWNED,
        read,
      }),
      mirrorConsumer({
        definition: campaignToWorkspace,
        source,
        target,
        peers: roomPeers(this.env),
        tx,
        now: () => Date.now(),
      }),
    ];
  }
}
