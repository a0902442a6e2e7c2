import { describe, expect, it } from "vitest";
import { can } from "../model/access.ts";
import type { Permission } from "../model/access.ts";
import { CAMPAIGN, NOON, given, testId } from "../model/given.ts";
import type { Identity } from "../model/room.ts";
import { createApiKey } from "../domain/api-keys/create-api-key.ts";
import { apiKeyCredentials, apiKeys } from "../domain/api-keys/entities.ts";
import { revokeApiKey } from "../domain/api-keys/revoke-api-key.ts";
import { aCampaign } from "../domain/campaigns/campaign.fixture.ts";
import { campaigns } from "../domain/campaigns/entities.ts";
import { memberLimits, members } from "../domain/members/entities.ts";
import { ADMIN, OPERATOR, OWNER, aMember } from "../domain/members/team.fixture.ts";
import { revokeSession } from "../domain/sessions/revoke-session.ts";
import { campaignRoom } from "./campaign-room.ts";
import { admitFounder, workspaceRoom } from "./workspace-room.ts";

const user = (subject: string, session_id: string | null = "session-1"): Identity => ({
  kind: "user",
  subject,
  session_id,
});
const key = (subject: string): Identity => ({ kind: "api_key", subject, session_id: null });
const LIMITED = aMember(6, "operator");
const LIMIT = { id: LIMITED.id, campaign_ids: [testId("cmp", 1)] };

describe("whom a workspace room lets in", () => {
  it("knows a member by the token's subject, with role and limit", () => {
    const room = given(null).having(members, ADMIN, LIMITED).having(memberLimits, LIMIT);
    expect(workspaceRoom.admit(room.tx, user(ADMIN.user_id))).toEqual({
      actor: { kind: "member", id: ADMIN.id },
      grants: { kind: "role", role: "admin", campaign_ids: null },
    });
    expect(workspaceRoom.admit(room.tx, user(LIMITED.user_id))?.grants).toMatchObject({
      campaign_ids: [testId("cmp", 1)],
    });
  });

  it("knows no stranger, not even by a member's id", () => {
    const room = given(null).having(members, ADMIN);
    expect(workspaceRoom.admit(room.tx, user("user-unknown"))).toBeNull();
    expect(workspaceRoom.admit(room.tx, user(ADMIN.id))).toBeNull();
    expect(workspaceRoom.admit(room.tx, key(ADMIN.user_id))).toBeNull();
  });

  it("knows a member no more after signing out of that session, and still in another", () => {
    const room = given(null).having(members, ADMIN);
    const identity = user(ADMIN.user_id, "session-1");
    room.when(revokeSession, { session_id: "session-1" }, { identity });
    expect(workspaceRoom.admit(room.tx, identity)).toBeNull();
    expect(workspaceRoom.admit(room.tx, user(ADMIN.user_id, "session-2"))).not.toBeNull();
  });

  it("does not mind what was said of somebody else's session of that name", () => {
    const room = given(null).having(members, OWNER, ADMIN, OPERATOR);
    room.when(revokeSession, { session_id: "session-1", member_id: OPERATOR.id }, { as: "admin" });
    expect(workspaceRoom.admit(room.tx, user(OWNER.user_id, "session-1"))).not.toBeNull();
    expect(workspaceRoom.admit(room.tx, user(OPERATOR.user_id, "session-1"))).toBeNull();
  });

  it("knows a key by its hash until it is revoked", () => {
    const room = given(null);
    room.when(createApiKey, { api_key_id: testId("key", 1), name: "n8n", scopes: ["campaign.read"] });
    const hash = room.tx.list(apiKeyCredentials)[0]!.id;
    expect(workspaceRoom.admit(room.tx, key(hash))).toEqual({
      actor: { kind: "api_key", id: testId("key", 1) },
      grants: { kind: "scopes", scopes: ["campaign.read"] },
    });
    expect(workspaceRoom.admit(room.tx, user(hash))).toBeNull();
    expect(workspaceRoom.admit(room.tx, key(testId("key", 1)))).toBeNull();
    room.when(revokeApiKey, { api_key_id: testId("key", 1) });
    expect(workspaceRoom.admit(room.tx, key(hash))).toBeNull();
  });

  it("is itself the system", () => {
    const admission = workspaceRoom.admit(given(null).tx, { kind: "system", subject: "room", session_id: null });
    expect(can(admission!.grants, "system")).toBe(true);
  });
});

describe("who founds a workspace", () => {
  it("is a person, as its owner", () => {
    expect(admitFounder(user("user-ada"), testId("mem", 1))).toEqual({
      actor: { kind: "member", id: testId("mem", 1) },
      grants: { kind: "role", role: "owner" },
    });
  });

  it("is never a key", () => {
    expect(admitFounder(key("a".repeat(64)), testId("mem", 1))).toBeNull();
  });
});

describe("whom a campaign room lets in", () => {
  const here = aMember(7, "operator");
  const limits = [LIMIT, { id: here.id, campaign_ids: [testId("cmp", 1), CAMPAIGN] }];
  const room = () =>
    given()
      .having(campaigns, aCampaign())
      .having(members, OPERATOR, LIMITED, here)
      .having(memberLimits, ...limits);

  it("lets in a member without a limit and one whose limit names it, to all of it", () => {
    const grants = { kind: "role", role: "operator" };
    expect(campaignRoom.admit(room().tx, user(OPERATOR.user_id))?.grants).toEqual(grants);
    expect(campaignRoom.admit(room().tx, user(here.user_id))?.grants).toEqual(grants);
    expect(can(campaignRoom.admit(room().tx, user(here.user_id))!.grants, "campaign.edit")).toBe(true);
  });

  it.each(["admin", "operator", "viewer"] as const)("lets a limited %s have no more than an operator", (role) => {
    const member = aMember(8, role);
    const limit = { id: member.id, campaign_ids: [CAMPAIGN] };
    const { tx } = room().having(members, member).having(memberLimits, limit);
    const grants = campaignRoom.admit(tx, user(member.user_id))?.grants ?? null;
    expect(grants).toEqual({ kind: "role", role: role === "viewer" ? "viewer" : "operator" });
    expect(["api_key.manage", "member.manage"].filter((each) => can(grants, each as Permission))).toEqual([]);
    expect(
      can(campaignRoom.admit(room().having(members, ADMIN).tx, user(ADMIN.user_id))!.grants, "api_key.manage"),
    ).toBe(true);
  });

  it("does not know a member who is limited to others", () => {
    expect(campaignRoom.admit(room().tx, user(LIMITED.user_id))).toBeNull();
  });

  it("knows nobody limited before it holds a campaign", () => {
    expect(
      campaignRoom.admit(
        given()
          .having(members, here)
          .having(memberLimits, ...limits).tx,
        user(here.user_id),
      ),
    ).toBeNull();
  });

  it("knows the workspace's keys", () => {
    const hash = "b".repeat(64);
    const id = testId("key", 1);
    const fields = {
      name: "n8n",
      scopes: ["campaign.edit" as const],
      last4: "Ab3x",
      created_at: NOON,
      created_by: "member:x",
    };
    const scenario = room()
      .having(apiKeys, { id, ...fields, revoked_at: null })
      .having(apiKeyCredentials, { id: hash, api_key_id: id });
    expect(campaignRoom.admit(scenario.tx, key(hash))?.grants).toEqual({ kind: "scopes", scopes: ["campaign.edit"] });
    expect(campaignRoom.admit(scenario.tx, key("c".repeat(64)))).toBeNull();
  });
});
