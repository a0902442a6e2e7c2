import { z } from "zod";
import { can } from "../../model/access.ts";
import { defineCommand } from "../../model/command.ts";
import type { DecideContext } from "../../model/command.ts";
import { defineEvent } from "../../model/event.ts";
import { invalid, isRefusal, refuse, refuseField } from "../../model/refusal.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { ReadTx } from "../../model/transaction.ts";
import { MemberId } from "../../model/units.ts";
import { members, permissionToManage } from "../members/entities.ts";
import { MAX_TOKEN_LIFE_MS, SessionId, SessionRevocation, isRevoked, sessionRevocations } from "./entities.ts";

export const sessionRevoked = defineEvent("session:revoke:v1:success", {
  data: SessionRevocation,
  audience: () => ({ needs: "member.manage" }),
  apply(tx, revocation) {
    tx.put(sessionRevocations, revocation);
  },
});

const Input = z.strictObject({
  /** The caller's own if it is left out. */
  session_id: SessionId.optional(),
  /** Whose session it is, if not the caller's own. Without it only an owner may end it. */
  member_id: MemberId.optional(),
});
type Input = z.infer<typeof Input>;

export const revokeSession = defineCommand("session:revoke:v1", {
  about:
    "Sign out: the session's tokens are refused from now on in this workspace and its campaigns, also in open connections. Somebody else's session takes what it takes to manage that member.",
  input: Input,
  example: {},
  needs: "workspace.read",
  refuses: ["NO_CHANGE", "PERMISSION_DENIED", "VALIDATION_ERROR", "MEMBER_NOT_FOUND"],
  emits: [sessionRevoked],
  optimistic: false,
  decide(tx, input, context) {
    const id = input.session_id ?? context.identity?.session_id;
    if (!id) return invalid("/session_id", "Your credential names no session: say which one is to end.", "required");
    const user_id = holderOf(tx, { ...input, session_id: id }, context);
    if (isRefusal(user_id)) return user_id;
    const known = tx.get(sessionRevocations, id);
    const own = context.identity?.session_id === id;
    // A revocation is never narrowed. What somebody said of another's session does not keep its holder from ending it.
    if (known && (!own || user_id === null || isRevoked(tx, id, user_id))) {
      return refuse("NO_CHANGE", "This session was signed out already.");
    }
    const until = new Date(Date.parse(context.now) + MAX_TOKEN_LIFE_MS).toISOString();
    return [sessionRevoked.of({ id, user_id: known ? null : user_id, revoked_at: context.now, until })];
  },
});

/** Whose session the caller may end: the user, or null if only an owner may, because nobody knows. */
function holderOf(
  tx: ReadTx,
  { session_id, member_id }: Input,
  { identity, grants }: DecideContext,
): string | null | Refusal {
  if (identity?.kind === "user" && identity.session_id === session_id) return identity.subject;
  if (!can(grants, "member.manage")) return refuse("PERMISSION_DENIED", "You can sign out of your own session only.");
  if (member_id === undefined) {
    if (can(grants, "owner.manage")) return null;
    return refuseField("PERMISSION_DENIED", "/member_id", "Say whose session it is: only an owner may end any.");
  }
  const member = tx.get(members, member_id);
  if (!member) return refuseField("MEMBER_NOT_FOUND", "/member_id", "This workspace has no such member.");
  if (can(grants, permissionToManage(member.role))) return member.user_id;
  return refuse("PERMISSION_DENIED", `Only an owner signs out members with the role ${member.role}.`);
}
