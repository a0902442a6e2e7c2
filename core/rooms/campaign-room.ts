import { outranksOrEquals } from "../model/access.ts";
import type { Grants } from "../model/access.ts";
import { defineRoom } from "../model/room.ts";
import type { Admission, Identity } from "../model/room.ts";
import type { ReadTx } from "../model/transaction.ts";
import { campaignOf } from "../domain/campaigns/entities.ts";
import { campaignModule } from "../domain/campaigns/index.ts";
import { creativesModule } from "../domain/creatives/index.ts";
import { deliveryImportsModule } from "../domain/delivery-imports/index.ts";
import { deliveryModule } from "../domain/delivery/index.ts";
import { feedbackModule } from "../domain/feedback/index.ts";
import { mediaBuysModule } from "../domain/media-buys/index.ts";
import { workspaceMirrorModule } from "../domain/mirrors/index.ts";
import { admit } from "./admission.ts";

/** The room `{workspace_id}/{campaign_id}`: the campaign with its media buys, and a live mirror of its workspace's people, keys and inventory. */
export const campaignRoom = defineRoom({
  kind: "campaign",
  modules: [
    campaignModule,
    mediaBuysModule,
    creativesModule,
    deliveryModule,
    deliveryImportsModule,
    feedbackModule,
    workspaceMirrorModule,
  ],
  admit: admitHere,
});

/**
 * A member limited to other campaigns is a stranger here. One who is let in holds what the campaign asks for, but of the
 * workspace's keys and people, mirrored here, no more than there: nothing that takes an admin.
 */
function admitHere(tx: ReadTx, identity: Identity): Admission | null {
  const admission = admit(tx, identity);
  if (!admission || admission.grants.kind === "system") return admission;
  const { campaign_ids, ...grants } = admission.grants;
  const here = campaignOf(tx)?.id;
  if (campaign_ids && (here === undefined || !campaign_ids.includes(here))) return null;
  return { actor: admission.actor, grants: campaign_ids ? asOperatorAtMost(grants) : grants };
}

type Held = Exclude<Grants, { kind: "system" }>;

function asOperatorAtMost(grants: Held): Held {
  return grants.kind === "role" && outranksOrEquals(grants.role, "operator") ? { ...grants, role: "operator" } : grants;
}
