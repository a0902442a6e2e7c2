import { revokeSession } from "../../../core/domain/sessions/revoke-session.ts";
import type { RoomRegistry } from "../../sync/room-registry.ts";
import { liveMode } from "../demo/live-mode.ts";
import type { SessionStore } from "./session-store.ts";
import { tokenClaims } from "./token-claims.ts";

/** The token is forgotten here after this, whether or not the room has answered. */
const PATIENCE_MS = 3_000;

/** Revokes the session, so that its token is worth nothing anywhere, then forgets it here. An API key is only forgotten. */
export async function signOut(store: SessionStore, rooms: RoomRegistry): Promise<void> {
  const session = store.current();
  const session_id = session && tokenClaims(session.token).session_id;
  if (session && session_id !== null) {
    const address = { workspace_id: session.workspace_id };
    const release = rooms.retain(address);
    const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
    await Promise.race([rooms.client(address).run(revokeSession, { session_id: session_id ?? "" }), patience]);
    release();
  }
  liveMode.stop();
  rooms.close();
  store.end(null);
}
