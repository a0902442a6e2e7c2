import { describe, expect, it } from "vitest";
import { PERMISSIONS, can } from "../../model/access.ts";
import { testId } from "../../model/given.ts";
import { addMember } from "./add-member.ts";
import { limitOf, memberOfUser } from "./entities.ts";
import { memberLimited } from "./limit-member.ts";
import { removeMember } from "./remove-member.ts";
import { VIEWER, aTeam } from "./team.fixture.ts";

const noor = { user_id: "user-noor", name: "Noor Haddad", role: "operator" } as const;

describe("adding a member", () => {
  it("lets a person in with a role", () => {
    const team = aTeam();
    team.when(addMember, { ...noor, email: "noor@halcyon.example" }, { as: "admin" });
    expect(memberOfUser(team.tx, "user-noor")).toMatchObject({
      name: "Noor Haddad",
      role: "operator",
      email: "noor@halcyon.example",
    });
    expect(limitOf(team.tx, memberOfUser(team.tx, "user-noor")?.id ?? "")).toBeNull();
  });

  it("finds the campaigns of a limit by id, slug or external id, each once", () => {
    const team = aTeam();
    const member_id = testId("mem", 9);
    team.when(addMember, { ...noor, member_id, campaign_ids: ["campaign-1", "CRM-2", testId("cmp", 2)] });
    expect(limitOf(team.tx, member_id)).toEqual([testId("cmp", 1), testId("cmp", 2)]);
  });

  it("is undone by removing, if the id was chosen by the caller", () => {
    const team = aTeam();
    const { inverse } = team.when(addMember, { ...noor, member_id: testId("mem", 9) });
    expect(team.send(removeMember, inverse?.payload).code).toBeNull();
    expect(aTeam().when(addMember, noor).inverse).toBeNull();
  });

  it("is refused to admins for their own rank and above, and to operators altogether", () => {
    expect(aTeam().when(addMember, { ...noor, role: "admin" }, { as: "admin" }).code).toBe("PERMISSION_DENIED");
    expect(aTeam().when(addMember, { ...noor, role: "owner" }, { as: "admin" }).code).toBe("PERMISSION_DENIED");
    expect(aTeam().when(addMember, { ...noor, role: "viewer" }, { as: "operator" }).code).toBe("PERMISSION_DENIED");
    expect(aTeam().when(addMember, { ...noor, role: "owner" }, { as: "owner" }).code).toBeNull();
  });

  it("is refused to a key that does not itself hold all that the role may do", () => {
    const as = (...scopes: string[]) => ({ as: { kind: "scopes", scopes } }) as const;
    expect(aTeam().when(addMember, noor, as("member.manage")).code).toBe("PERMISSION_DENIED");
    const asOperator = PERMISSIONS.filter((permission) => can({ kind: "role", role: "operator" }, permission));
    expect(aTeam().when(addMember, noor, as("member.manage", ...asOperator)).code).toBeNull();
    expect(aTeam().when(addMember, noor, as("member.manage", ...asOperator.slice(1))).code).toBe("PERMISSION_DENIED");
  });

  it("tells the limit only to who manages members", () => {
    const { events } = aTeam().when(addMember, { ...noor, campaign_ids: ["campaign-1"] });
    const [added, limited] = events;
    expect(JSON.stringify(added)).not.toContain(testId("cmp", 1));
    expect(memberLimited.audience(memberLimited.data.parse(limited?.data))).toEqual({ needs: "member.manage" });
  });

  it("is refused for a user who is a member already, but not for one who was", () => {
    const team = aTeam();
    const again = { ...noor, user_id: VIEWER.user_id };
    expect(team.when(addMember, again).refusal).toMatchObject({
      code: "VALIDATION_ERROR",
      issues: [{ pointer: "/user_id" }],
    });
    team.when(removeMember, { member_id: VIEWER.id });
    expect(team.when(addMember, again).code).toBeNull();
  });

  it("is refused with an id that a member has or had", () => {
    const team = aTeam();
    team.when(removeMember, { member_id: VIEWER.id });
    expect(team.when(addMember, { ...noor, member_id: VIEWER.id }).code).toBe("ID_IN_USE");
  });

  it("is refused with an unknown campaign, and for an owner with any limit", () => {
    const unknown = aTeam().when(addMember, { ...noor, campaign_ids: ["campaign-1", "campaign-7"] });
    expect(unknown.refusal).toMatchObject({ code: "CAMPAIGN_NOT_FOUND", issues: [{ pointer: "/campaign_ids/1" }] });
    expect(aTeam().when(addMember, { ...noor, role: "owner", campaign_ids: [] }).code).toBe("VALIDATION_ERROR");
  });

  it.each([
    ["an unknown role", { role: "god" }],
    ["an e-mail address that is none", { email: "noor" }],
    ["a user id with a space", { user_id: "a b" }],
    ["an unknown field", { added_by: "member:x" }],
  ])("is refused with %s", (_case, wrong) => {
    expect(aTeam().send(addMember, { ...noor, ...wrong }).code).toBe("VALIDATION_ERROR");
  });
});
