import { mirrorSources } from "../../core/domain/mirrors/entities.ts";
import { campaignRoom } from "../../core/rooms/campaign-room.ts";
import { campaignToWorkspace } from "../../core/rooms/mirrors.ts";
import type { OutboxConsumer } from "../engine/ports.ts";
import { mirrorConsumer } from "../engine/taps.ts";
import type { Env } from "../env.ts";
import { createD1Projector } from "../platform/d1-projector.ts";
import { birthCommands } from "./campaign-birth.ts";
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

/** The room of one campaign. It is born by pulling from its workspace on first contact, and answers nobody before it is complete. */
export class CampaignRoom extends RoomObject {
  #complete = false;
  #birth: Promise<void> | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, campaignRoom);
  }

  protected override async arrive(): Promise<void> {
    if ((this.#complete ||= this.#isComplete())) return;
    this.#birth ??= this.#pull().finally(() => (this.#birth = null));
    await this.#birth;
  }

  async #pull(): Promise<void> {
    const birth = await peer(this.env, this.workspaceId).pullCampaign(this.campaignId ?? "");
    const begun = this.engine.exists ? this.engine.tx() : null;
    if (!birth && !begun) return;
    if (!birth) throw new Error("The campaign's room was not completed: its workspace no longer lists it");
    for (const command of birthCommands(birth, this.workspaceId, begun)) {
      const outcome = this.engine.executeAsRoom(command, `birth:${this.campaignId ?? ""}`);
      if (!outcome.ok && outcome.refusal.code !== "NO_CHANGE")
        throw new Error(`The campaign's room was not opened: ${outcome.refusal.message}`);
    }
  }

  /** Whether all parts of the birth came: the last one says how far the workspace is known. */
  #isComplete(): boolean {
    return this.engine.exists && this.engine.tx().get(mirrorSources, this.workspaceId) !== undefined;
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
