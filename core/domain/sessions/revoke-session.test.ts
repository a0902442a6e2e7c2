import { describe, expect, it } from "vitest";
import { NOON, testId } from "../../model/given.ts";
import { ADMIN, OPERATOR, OWNER, VIEWER, aTeam } from "../members/team.fixture.ts";
import { isRevoked, sessionRevocations } from "./entities.ts";
import { revokeSession } from "./revoke-session.ts";

const session_id = "session-of-vera";
const vera = { as: "viewer", identity: { kind: "user", subject: VIEWER.user_id, session_id } } as const;
const as = (role: "admin" | "owner") =>
  ({ as: role, identity: { kind: "user", subject: `user-${role}`, session_id: `session-${role}` } }) as const;

describe("signing out", () => {
  it("revokes one's own session, whatever one's role", () => {
    const room = aTeam();
    expect(room.when(revokeSession, {}, vera).code).toBeNull();
    expect(room.get(sessionRevocations, session_id)).toEqual({
      id: session_id,
      user_id: VIEWER.user_id,
      revoked_at: NOON,
      until: "2026-12-21T12:00:00.000Z",
    });
  });

  it("may name the session", () => {
    const room = aTeam();
    expect(room.when(revokeSession, { session_id }, vera).code).toBeNull();
    expect(isRevoked(room.tx, session_id, VIEWER.user_id)).toBe(true);
    expect(isRevoked(room.tx, "session-2", VIEWER.user_id)).toBe(false);
  });

  it("works for a member limited to campaigns", () => {
    const limited = { kind: "role", role: "viewer", campaign_ids: [] } as const;
    expect(aTeam().when(revokeSession, {}, { ...vera, as: limited }).code).toBeNull();
  });

  it("is refused a second time", () => {
    const room = aTeam();
    room.when(revokeSession, {}, vera);
    expect(room.when(revokeSession, {}, vera).code).toBe("NO_CHANGE");
  });

  it("is refused to a credential that has no session, unless it names one", () => {
    const key = { as: "owner", identity: { kind: "api_key", subject: "a".repeat(64), session_id: null } } as const;
    expect(aTeam().when(revokeSession, {}, key).refusal).toMatchObject({
      code: "VALIDATION_ERROR",
      issues: [{ pointer: "/session_id" }],
    });
    expect(aTeam().when(revokeSession, { session_id }, key).code).toBeNull();
  });

  it("is refused with an id that no session can have", () => {
    expect(aTeam().send(revokeSession, { session_id: "a b" }, vera).code).toBe("VALIDATION_ERROR");
  });
});

describe("signing somebody else out", () => {
  const other = { session_id: "session-of-somebody" };

  it("is refused to who does not manage members", () => {
    expect(aTeam().when(revokeSession, { ...other, member_id: OPERATOR.id }, vera).code).toBe("PERMISSION_DENIED");
  });

  it.each([
    [VIEWER, "admin", null],
    [OPERATOR, "admin", null],
    [ADMIN, "admin", "PERMISSION_DENIED"],
    [OWNER, "admin", "PERMISSION_DENIED"],
    [ADMIN, "owner", null],
    [OWNER, "owner", null],
  ] as const)("%o: by an %s: %s", (member, role, code) => {
    expect(aTeam().when(revokeSession, { ...other, member_id: member.id }, as(role)).code).toBe(code);
  });

  it("takes an owner if nobody says whose session it is", () => {
    expect(aTeam().when(revokeSession, other, as("admin")).code).toBe("PERMISSION_DENIED");
    const room = aTeam();
    expect(room.when(revokeSession, other, as("owner")).code).toBeNull();
    expect(isRevoked(room.tx, other.session_id, "user-anybody")).toBe(true);
  });

  it("does nothing to an owner whose session an admin says is somebody else's", () => {
    const room = aTeam();
    const owners = { session_id: "session-owner" };
    room.when(revokeSession, { ...owners, member_id: VIEWER.id }, as("admin"));
    expect(isRevoked(room.tx, owners.session_id, "user-owner")).toBe(false);
    const again = room.when(revokeSession, { ...owners, member_id: OPERATOR.id }, as("admin"));
    expect([again.code, isRevoked(room.tx, owners.session_id, "user-owner")]).toEqual(["NO_CHANGE", false]);
    expect(room.when(revokeSession, {}, as("owner")).code).toBeNull();
    for (const user of ["user-owner", VIEWER.user_id]) expect(isRevoked(room.tx, owners.session_id, user)).toBe(true);
  });

  it("is refused for nobody", () => {
    const nobody = { ...other, member_id: testId("mem", 99) };
    expect(aTeam().when(revokeSession, nobody, as("owner")).code).toBe("MEMBER_NOT_FOUND");
  });
});
