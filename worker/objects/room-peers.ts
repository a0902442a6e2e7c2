import type { Refusal } from "../../core/model/refusal.ts";
import type { MirrorMessage, Peers, TapMessage } from "../engine/taps.ts";
import type { Env } from "../env.ts";
import type { CampaignBirth } from "./campaign-birth.ts";
import { parseRoomName, roomStub } from "./room-address.ts";

/** What rooms ask of each other, besides what the Worker asks of them. */
export interface RoomPeerRpc {
  applyMirror(message: MirrorMessage): Promise<Pick<Refusal, "code" | "message"> | null>;
  applyTap(message: TapMessage): Promise<number>;
  /** Of a workspace: what a campaign's room is born from, null if the campaign is not listed. */
  pullCampaign(campaignId: string): Promise<CampaignBirth | null>;
}

/** Another room, reached by a stub made anew: one that saw an exception stays broken. */
export function peer(env: Env, name: string): RoomPeerRpc {
  const address = parseRoomName(name);
  if (!address) throw new Error(`"${name}" is not the name of a room`);
  // A stub's methods are those of its class, which implements RoomPeerRpc.
  return roomStub(address, env) as unknown as RoomPeerRpc;
}

/** Other rooms as the engine knows them. */
export function roomPeers(env: Env): Peers {
  return {
    mirror: (target, message) => peer(env, target).applyMirror(message),
    tap: (target, message) => peer(env, target).applyTap(message),
  };
}
