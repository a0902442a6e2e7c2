import { SYSTEM_ACTOR } from "../model/access.ts";
import type { Admission, Identity } from "../model/room.ts";
import type { ReadTx } from "../model/transaction.ts";
import { apiKeyCredentials, apiKeys } from "../domain/api-keys/entities.ts";
import { limitOf, memberOfUser } from "../domain/members/entities.ts";
import { isRevoked } from "../domain/sessions/entities.ts";

/**
 * Whom a workspace knows an identity as, from its members, keys and revocations (a campaign room holds mirrors of them).
 * Null for a stranger, a revoked key and a session that was signed out: to all of them the room does not exist.
 */
export function admit(tx: ReadTx, identity: Identity): Admission | null {
  switch (identity.kind) {
    case "system":
      return { actor: SYSTEM_ACTOR, grants: { kind: "system" } };
    case "user":
      return admitUser(tx, identity);
    case "api_key":
      return admitKey(tx, identity.subject);
  }
}

function admitUser(tx: ReadTx, { subject, session_id }: Identity): Admission | null {
  if (session_id !== null && isRevoked(tx, session_id, subject)) return null;
  const member = memberOfUser(tx, subject);
  if (!member) return null;
  return {
    actor: { kind: "member", id: member.id },
    grants: { kind: "role", role: member.role, campaign_ids: limitOf(tx, member.id) },
  };
}

function admitKey(tx: ReadTx, hash: string): Admission | null {
  const credential = tx.get(apiKeyCredentials, hash);
  const key = credential && tx.get(apiKeys, credential.api_key_id);
  if (!key || key.revoked_at) return null;
  return { actor: { kind: "api_key", id: key.id }, grants: { kind: "scopes", scopes: key.scopes } };
}
