import { describe, expect, it } from "vitest";
import { testId } from "../../model/given.ts";
import { members } from "./entities.ts";
import { limitMember } from "./limit-member.ts";
import { setRole } from "./set-role.ts";
import { ADMIN, OPERATOR, OWNER, VIEWER, aMember, aTeam } from "./team.fixture.ts";

describe("setting a member's role", () => {
  it("changes the role and nothing else", () => {
    const team = aTeam();
    team.when(setRole, { member_id: VIEWER.id, role: "operator" }, { as: "admin" });
    expect(team.get(members, VIEWER.id)).toEqual({ ...VIEWER, role: "operator" });
  });

  it("can be undone", () => {
    const team = aTeam();
    const { inverse } = team.when(setRole, { member_id: OPERATOR.id, role: "admin" });
    team.send(setRole, inverse?.payload);
    expect(team.get(members, OPERATOR.id)).toEqual(OPERATOR);
  });

  it.each([
    ["promote to their own rank", VIEWER.id, "admin"],
    ["promote above their rank", VIEWER.id, "owner"],
    ["demote an owner", OWNER.id, "viewer"],
    ["demote another admin", ADMIN.id, "viewer"],
  ] as const)("does not let admins %s", (_case, member_id, role) => {
    expect(aTeam().when(setRole, { member_id, role }, { as: "admin" }).code).toBe("PERMISSION_DENIED");
  });

  it("does not let a key with member.manage make an admin", () => {
    const as = { kind: "scopes", scopes: ["member.manage"] } as const;
    expect(aTeam().when(setRole, { member_id: VIEWER.id, role: "admin" }, { as }).code).toBe("PERMISSION_DENIED");
  });

  it("lets a key give only a role whose permissions it holds itself", () => {
    const give = (role: "viewer" | "operator", ...scopes: string[]) =>
      aTeam().when(
        setRole,
        { member_id: role === "viewer" ? OPERATOR.id : VIEWER.id, role },
        { as: { kind: "scopes", scopes: ["member.manage", ...scopes] } },
      ).code;
    expect(give("operator")).toBe("PERMISSION_DENIED");
    expect(give("viewer")).toBe("PERMISSION_DENIED");
    expect(give("viewer", "workspace.read", "campaign.read", "member.read")).toBeNull();
    expect(give("operator", "workspace.read", "campaign.read", "member.read")).toBe("PERMISSION_DENIED");
  });

  it("does not demote the last owner", () => {
    const team = aTeam();
    expect(team.when(setRole, { member_id: OWNER.id, role: "admin" }).code).toBe("LAST_OWNER");
    team.having(members, aMember(5, "owner"));
    expect(team.when(setRole, { member_id: OWNER.id, role: "admin" }).code).toBeNull();
  });

  it("is refused for nobody, for no change, and for an owner with a limit", () => {
    const team = aTeam();
    expect(team.when(setRole, { member_id: testId("mem", 99), role: "viewer" }).code).toBe("MEMBER_NOT_FOUND");
    expect(team.when(setRole, { member_id: VIEWER.id, role: "viewer" }).code).toBe("NO_CHANGE");
    team.when(limitMember, { member_id: VIEWER.id, campaign_ids: ["campaign-1"] });
    expect(team.when(setRole, { member_id: VIEWER.id, role: "owner" }).code).toBe("VALIDATION_ERROR");
  });
});
