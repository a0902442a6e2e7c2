import { jurisdictionOf } from "../../core/model/placement.ts";
import { CampaignId, WorkspaceId } from "../../core/model/units.ts";

/** Which room: a workspace's, or one of its campaigns'. */
export interface RoomAddress {
  readonly workspace_id: string;
  readonly campaign_id?: string | undefined;
}

/** The namespaces a room's object can be in. */
export interface RoomNamespaces {
  readonly WORKSPACE_ROOM: DurableObjectNamespace;
  readonly CAMPAIGN_ROOM: DurableObjectNamespace;
  /** "off" ignores jurisdictions: for a runtime that has none. */
  readonly JURISDICTIONS?: string;
}

/** The name of a room's object: the workspace's id is part of it, so no token of another workspace can even address it. */
export function roomName({ workspace_id, campaign_id }: RoomAddress): string {
  return campaign_id === undefined ? workspace_id : `${workspace_id}/${campaign_id}`;
}

/** The address in a room's name, or null if it is not one. */
export function parseRoomName(name: string): RoomAddress | null {
  const [workspace_id = "", campaign_id, ...rest] = name.split("/");
  if (rest.length > 0 || !WorkspaceId.safeParse(workspace_id).success) return null;
  if (campaign_id === undefined) return { workspace_id };
  return CampaignId.safeParse(campaign_id).success ? { workspace_id, campaign_id } : null;
}

/**
 * A new stub of a room's object; nothing is sent yet. The jurisdiction is read from the workspace's id, since the same
 * name is another object elsewhere. The hint counts only when the object is first reached.
 */
export function roomStub(
  address: RoomAddress,
  namespaces: RoomNamespaces,
  hint?: DurableObjectLocationHint,
): DurableObjectStub {
  const all = address.campaign_id === undefined ? namespaces.WORKSPACE_ROOM : namespaces.CAMPAIGN_ROOM;
  const jurisdiction = jurisdictionOf(address.workspace_id);
  const within = jurisdiction && namespaces.JURISDICTIONS !== "off" ? all.jurisdiction(jurisdiction) : all;
  const id = within.idFromName(roomName(address));
  return within.get(id, hint && !jurisdiction ? { locationHint: hint } : {});
}
