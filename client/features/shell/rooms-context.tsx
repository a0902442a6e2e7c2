import { createContext, use } from "react";
import type { RoomRegistry } from "../../sync/room-registry.ts";

export const RoomsContext = createContext<RoomRegistry | null>(null);

/** The page's rooms, for what concerns all of them: signing out. */
export function useRooms(): RoomRegistry {
  const rooms = use(RoomsContext);
  if (!rooms) throw new Error("useRooms must be inside RoomsContext");
  return rooms;
}
