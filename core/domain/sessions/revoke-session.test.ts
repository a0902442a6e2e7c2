import { describe, expect, it } from "vitest";
import { NOON, given } from "../../model/given.ts";
import { sessionRevocations } from "./entities.ts";
import { revokeSession } from "./revoke-session.ts";

const session_id = "session-of-vera";
const vera = { as: "viewer", identity: { kind: "user", subject: "user-vera", session_id } } as const;

describe("signing out", () => {
  it("revokes one's own session, whatever one's role", () => {
    const room = given(null);
    expect(room.when(revokeSession, { session_id }, vera).code).toBeNull();
    expect(room.get(sessionRevocations, session_id)).toEqual({
      id: session_id,
      revoked_at: NOON,
      until: "2026-12-21T12:00:00.000Z",
    });
  });

  it("works for a member limited to campaigns", () => {
    const as = { kind: "role", role: "viewer", campaign_ids: [] } as const;
    expect(given(null).when(revokeSession, { session_id }, { ...vera, as }).code).toBeNull();
  });

  it("is refused for the session of somebody else, except to who manages members", () => {
    const another = { session_id: "session-of-somebody" };
    expect(given(null).when(revokeSession, another, vera).code).toBe("PERMISSION_DENIED");
    expect(given(null).when(revokeSession, another, { ...vera, as: "admin" }).code).toBeNull();
  });

  it("is refused a second time", () => {
    const room = given(null);
    room.when(revokeSession, { session_id }, vera);
    expect(room.when(revokeSession, { session_id }, vera).code).toBe("NO_CHANGE");
  });

  it("is refused with an id that no session can have", () => {
    expect(given(null).send(revokeSession, { session_id: "a b" }, vera).code).toBe("VALIDATION_ERROR");
  });
});
