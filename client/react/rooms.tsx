import { createContext, use, useEffect, useMemo } from "react";
import type { ReactNode } from "react";
import type { RoomClient } from "../sync/room-client.ts";
import type { RoomAddress, RoomRegistry } from "../sync/room-registry.ts";

const Registry = createContext<RoomRegistry | null>(null);
const Room = createContext<RoomClient | null>(null);

/** Gives the page's rooms to everything below. */
export function RoomsProvider({ registry, children }: { registry: RoomRegistry; children: ReactNode }): ReactNode {
  return <Registry value={registry}>{children}</Registry>;
}

/** Enters a room: hooks below it read and write that room, all over its one socket. */
export function RoomProvider({
  workspace_id,
  campaign_id,
  children,
}: RoomAddress & { children: ReactNode }): ReactNode {
  const registry = use(Registry);
  if (!registry) throw new Error("RoomProvider must be inside RoomsProvider");
  const client = useMemo(() => registry.client({ workspace_id, campaign_id }), [registry, workspace_id, campaign_id]);
  useEffect(() => registry.retain({ workspace_id, campaign_id }), [registry, workspace_id, campaign_id]);
  return <Room value={client}>{children}</Room>;
}

/** The room of the nearest {@link RoomProvider}. */
export function useRoom(): RoomClient {
  const client = use(Room);
  if (!client) throw new Error("Room hooks must be inside RoomProvider");
  return client;
}
