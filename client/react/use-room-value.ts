import { useCallback, useSyncExternalStore } from "react";
import type { RoomClient } from "../sync/room-client.ts";
import { useRoom } from "./rooms.tsx";

/** Reads something of the room that stays the same object until it changes, and renders again when it does. */
export function useRoomValue<T>(read: (room: RoomClient) => T): T {
  const room = useRoom();
  const subscribe = useCallback((listener: () => void) => room.subscribe(listener), [room]);
  return useSyncExternalStore(subscribe, () => read(room));
}
