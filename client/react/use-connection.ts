import type { Me } from "../../core/protocol/frames.ts";
import type { Connection } from "../sync/connection.ts";
import { useRoomValue } from "./use-room-value.ts";

/** How the page is connected to the room. */
export function useConnection(): Connection {
  return useRoomValue((room) => room.connection);
}

/** Who the room takes this person for; null until it has said so. */
export function useMe(): Me | null {
  return useRoomValue((room) => room.me);
}

/** How many commands wait for the room's answer. */
export function useUnanswered(): number {
  return useRoomValue((room) => room.unanswered);
}
