import { revokeSession } from "../../../core/domain/sessions/revoke-session.ts";
import { CLOSE_CODES } from "../../../core/protocol/close-codes.ts";
import type { RoomRegistry } from "../../sync/room-registry.ts";
import { liveMode } from "../demo/live-mode.ts";
import type { SessionStore } from "./session-store.ts";
import { tokenClaims } from "./token-claims.ts";

/** The token is forgotten here after this, whether or not the room has answered. */
const PATIENCE_MS = 3_000;

/**
 * Revokes the session, so that its token is worth nothing in this workspace, then forgets it here, also if that did not
 * work: then the sign-in page says so. An API key, which is the only credential that does not expire, is only forgotten.
 */
export async function signOut(store: SessionStore, rooms: RoomRegistry): Promise<void> {
  const session = store.current();
  const expires = session !== null && tokenClaims(session.token).expires_at !== null;
  const failure = expires ? await revoke(rooms, session.workspace_id) : null;
  liveMode.stop();
  rooms.close();
  store.end(
    failure === null ? null : `Signed out here only: ${failure} Until the token expires, whoever has it can use it.`,
  );
}

/** Resolves with why the session is not known to be revoked; null if it is. The room knows which session it is. */
async function revoke(rooms: RoomRegistry, workspace_id: string): Promise<string | null> {
  const address = { workspace_id };
  const release = rooms.retain(address);
  const room = rooms.client(address);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), PATIENCE_MS);
  });
  const outcome = await Promise.race([room.run(revokeSession, {}), patience]);
  clearTimeout(timer);
  release();
  // A room that ends this connection because of the sign-out does so before it answers.
  if (outcome?.ok === true || room.connection.refusal?.code === CLOSE_CODES.SIGNED_OUT.code) return null;
  if (outcome === null) return "the workspace could not be reached.";
  return outcome.error.code === "NO_CHANGE" ? null : withStop(outcome.error.message);
}

function withStop(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
