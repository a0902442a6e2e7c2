import { z } from "zod";
import { can } from "../../model/access.ts";
import { defineCommand } from "../../model/command.ts";
import { defineEvent } from "../../model/event.ts";
import { refuse } from "../../model/refusal.ts";
import { MAX_TOKEN_LIFE_MS, SessionId, SessionRevocation, sessionRevocations } from "./entities.ts";

export const sessionRevoked = defineEvent("session:revoke:v1:success", {
  data: SessionRevocation,
  audience: () => ({ needs: "member.manage" }),
  apply(tx, revocation) {
    tx.put(sessionRevocations, revocation);
  },
});

export const revokeSession = defineCommand("session:revoke:v1", {
  about:
    "Sign out: the session's tokens are refused from now on, also in open connections. Others' sessions take member.manage.",
  input: z.strictObject({ session_id: SessionId }),
  example: { session_id: "sess_4f9b2c7e" },
  needs: "workspace.read",
  refuses: ["NO_CHANGE", "PERMISSION_DENIED"],
  emits: [sessionRevoked],
  optimistic: false,
  decide(tx, { session_id }, { now, grants, identity }) {
    const own = identity?.session_id === session_id;
    if (!own && !can(grants, "member.manage")) {
      return refuse("PERMISSION_DENIED", "You can sign out of your own session only.");
    }
    if (tx.get(sessionRevocations, session_id)) return refuse("NO_CHANGE", "This session was signed out already.");
    const until = new Date(Date.parse(now) + MAX_TOKEN_LIFE_MS).toISOString();
    return [sessionRevoked.of({ id: session_id, revoked_at: now, until })];
  },
});
