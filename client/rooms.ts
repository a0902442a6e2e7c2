import { campaignRoom } from "../core/rooms/campaign-room.ts";
import { workspaceRoom } from "../core/rooms/workspace-room.ts";
import { systemClock } from "./sync/clock.ts";
import { partySocketTo } from "./sync/party-socket.ts";
import { RoomClient } from "./sync/room-client.ts";
import { RoomRegistry } from "./sync/room-registry.ts";
import type { RoomAddress } from "./sync/room-registry.ts";
import type { TokenProvider } from "./sync/socket.ts";

/** The rooms of this page: real sockets, real time. */
export function openRooms(token: TokenProvider): RoomRegistry {
  const registry = new RoomRegistry({
    clock: systemClock,
    open: (address) =>
      new RoomClient({
        room: address.campaign_id === undefined ? workspaceRoom : campaignRoom,
        connect: (kept) => partySocketTo(liveUrl(address, location.origin), kept),
        token,
        clock: systemClock,
        report: (problem) => console.warn("flightdeck:", problem),
      }),
  });
  addEventListener("online", () => registry.networkChanged(true));
  addEventListener("offline", () => registry.networkChanged(false));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") registry.probe();
  });
  return registry;
}

/** Where a room is live, on the page's own origin. */
export function liveUrl({ workspace_id, campaign_id }: RoomAddress, origin: string): string {
  const campaign = campaign_id === undefined ? "" : `/campaigns/${encodeURIComponent(campaign_id)}`;
  return `${origin.replace(/^http/, "ws")}/v1/workspaces/${encodeURIComponent(workspace_id)}${campaign}/live`;
}
