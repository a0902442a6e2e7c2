import { describe, expect, it } from "vitest";
import { testId } from "../../model/given.ts";
import { addMember } from "./add-member.ts";
import { memberOfUser, members } from "./entities.ts";
import { removeMember } from "./remove-member.ts";
import { ADMIN, OPERATOR, OWNER, VIEWER, aMember, aTeam } from "./team.fixture.ts";

describe("removing a member", () => {
  it("takes the person out", () => {
    const team = aTeam();
    team.when(removeMember, { member_id: VIEWER.id }, { as: "admin" });
    expect(team.get(members, VIEWER.id)).toBeUndefined();
  });

  it("is undone by adding the person again, under a new id", () => {
    const team = aTeam();
    const { inverse } = team.when(removeMember, { member_id: OPERATOR.id });
    expect(team.send(addMember, inverse?.payload).code).toBeNull();
    const back = memberOfUser(team.tx, OPERATOR.user_id);
    expect(back).toMatchObject({ name: OPERATOR.name, role: "operator" });
    expect(back?.id).not.toBe(OPERATOR.id);
  });

  it("is refused for the last owner, and allowed once there is another", () => {
    const team = aTeam();
    expect(team.when(removeMember, { member_id: OWNER.id }).code).toBe("LAST_OWNER");
    team.having(members, aMember(5, "owner"));
    expect(team.when(removeMember, { member_id: OWNER.id }).code).toBeNull();
  });

  it("is refused to admins for admins and owners, and to operators altogether", () => {
    expect(aTeam().when(removeMember, { member_id: ADMIN.id }, { as: "admin" }).code).toBe("PERMISSION_DENIED");
    expect(aTeam().when(removeMember, { member_id: OWNER.id }, { as: "admin" }).code).toBe("PERMISSION_DENIED");
    expect(aTeam().when(removeMember, { member_id: VIEWER.id }, { as: "operator" }).code).toBe("PERMISSION_DENIED");
  });

  it("is refused for nobody and for somebody who left", () => {
    const team = aTeam();
    expect(team.when(removeMember, { member_id: testId("mem", 99) }).code).toBe("MEMBER_NOT_FOUND");
    team.when(removeMember, { member_id: VIEWER.id });
    expect(team.when(removeMember, { member_id: VIEWER.id }).code).toBe("MEMBER_NOT_FOUND");
  });
});
