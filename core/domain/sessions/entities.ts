import { z } from "zod";
import { defineEntity } from "../../model/entity.ts";
import type { ReadTx } from "../../model/transaction.ts";
import { UtcTime } from "../../model/units.ts";
import { UserId } from "../members/entities.ts";

/** The id of a sign-in session, as its token names it. */
export const SessionId = z
  .string()
  .regex(/^[A-Za-z0-9_.:-]{8,128}$/, "A session id is 8 to 128 of A-Z a-z 0-9 _ . : -");

/** How long a revocation is kept. No token may live longer, or it would be good again once its revocation is forgotten. */
export const MAX_TOKEN_LIFE_MS = 31 * 86_400_000;

export const SessionRevocation = z.strictObject({
  id: SessionId,
  /** Whose session it is: it ends nobody else's. Null where that was not known: whoever's it is. */
  user_id: UserId.nullable(),
  revoked_at: UtcTime,
  /** When the last token of the session has expired by itself: {@link MAX_TOKEN_LIFE_MS} later. */
  until: UtcTime,
});
export type SessionRevocation = z.infer<typeof SessionRevocation>;

export const sessionRevocations = defineEntity("session_revocation", {
  about: "A session that was signed out: its tokens are refused although they have not expired.",
  schema: SessionRevocation,
  audience: () => ({ needs: "member.manage" }),
  due: ({ id, until }) => ({ at: until, command: { type: "session:forget:v1", payload: { session_id: id } } }),
});

/** Whether a user's session was signed out. */
export function isRevoked(tx: ReadTx, sessionId: string, userId: string): boolean {
  const revocation = tx.get(sessionRevocations, sessionId);
  return revocation !== undefined && (revocation.user_id ?? userId) === userId;
}
