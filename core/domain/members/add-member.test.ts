import { describe, expect, it } from "vitest";
import { testId } from "../../model/given.ts";
import { addMember } from "./add-member.ts";
import { memberOfUser } from "./entities.ts";
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
      campaign_ids: null,
    });
  });

  it("finds the campaigns of a limit by id, slug or external id, each once", () => {
    const team = aTeam();
    team.when(addMember, { ...noor, campaign_ids: ["campaign-1", "CRM-2", testId("cmp", 2)] });
    expect(memberOfUser(team.tx, "user-noor")?.campaign_ids).toEqual([testId("cmp", 1), testId("cmp", 2)]);
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
