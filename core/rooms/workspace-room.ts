import { defineRoom } from "../model/room.ts";
import type { Admission, Identity } from "../model/room.ts";
import { apiKeysModule } from "../domain/api-keys/index.ts";
import { campaignListModule } from "../domain/campaigns/index.ts";
import { inventoryModule } from "../domain/inventory/index.ts";
import { membersModule } from "../domain/members/index.ts";
import { campaignMirrorModule } from "../domain/mirrors/index.ts";
import { sessionsModule } from "../domain/sessions/index.ts";
import { workspacesModule } from "../domain/workspaces/index.ts";
import { admit } from "./admission.ts";

/** The room `{workspace_id}`: the team, its keys and inventory, its list of campaigns and a live mirror of all media buys. */
export const workspaceRoom = defineRoom({
  kind: "workspace",
  modules: [
    workspacesModule,
    membersModule,
    sessionsModule,
    apiKeysModule,
    inventoryModule,
    campaignListModule,
    campaignMirrorModule,
  ],
  admit,
});

/**
 * Whom a room that does not exist yet takes a signed-in person for: its owner to be, under `memberId`
 * (an id that the engine derives from the subject, the same at each try). Null for keys: only people found workspaces.
 */
export function admitFounder(identity: Identity, memberId: string): Admission | null {
  if (identity.kind !== "user") return null;
  return { actor: { kind: "member", id: memberId }, grants: { kind: "role", role: "owner" } };
}
