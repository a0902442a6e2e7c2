import { describe, expect, it } from "vitest";
import { NOON, given } from "../../model/given.ts";
import type { Scenario } from "../../model/given.ts";
import { MAX_TOKEN_LIFE_MS, sessionRevocations } from "./entities.ts";
import { forgetSession } from "./forget-session.ts";
import { revokeSession } from "./revoke-session.ts";

const session_id = "session-of-vera";
const until = "2026-12-21T12:00:00.000Z";
const system = { as: { kind: "system" }, actor: { kind: "system", id: "room" } } as const;

function signedOut(): Scenario {
  const room = given(null);
  room.when(revokeSession, { session_id }, { as: "owner" });
  return room;
}

describe("a sign-out", () => {
  it("is due to be forgotten when the longest token there can be has expired", () => {
    const revocation = signedOut().get(sessionRevocations, session_id)!;
    expect(Date.parse(until) - Date.parse(NOON)).toBe(MAX_TOKEN_LIFE_MS);
    expect(sessionRevocations.due?.(revocation)).toEqual({
      at: until,
      command: { type: "session:forget:v1", payload: { session_id } },
    });
  });

  it("is forgotten then, in the room and in browsers", () => {
    const room = signedOut();
    expect(room.when(forgetSession, { session_id }, { ...system, now: until }).code).toBeNull();
    expect(room.tx.list(sessionRevocations)).toEqual([]);
    expect(room.browser.list(sessionRevocations)).toEqual([]);
  });

  it("is not forgotten too early, twice, or by people", () => {
    const room = signedOut();
    const early = { ...system, now: "2026-12-21T11:59:59.999Z" };
    expect(room.when(forgetSession, { session_id }, early).code).toBe("INVALID_STATE");
    expect(room.when(forgetSession, { session_id }, { now: until }).code).toBe("PERMISSION_DENIED");
    expect(room.tx.list(sessionRevocations)).toHaveLength(1);
    room.when(forgetSession, { session_id }, { ...system, now: until });
    expect(room.when(forgetSession, { session_id }, { ...system, now: until }).code).toBe("NO_CHANGE");
  });
});
