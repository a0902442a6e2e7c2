import { describe, expect, it } from "vitest";
import { testId } from "../../model/given.ts";
import { limitOf, memberLimits, members } from "./entities.ts";
import { limitMember, memberLimited } from "./limit-member.ts";
import { addMember } from "./add-member.ts";
import { removeMember } from "./remove-member.ts";
import { ADMIN, OPERATOR, OWNER, aTeam } from "./team.fixture.ts";

const toFirst = { member_id: OPERATOR.id, campaign_ids: ["campaign-1"] };

describe("limiting a member", () => {
  it("limits to the named campaigns, and null lifts the limit", () => {
    const team = aTeam();
    team.when(limitMember, toFirst, { as: "admin" });
    expect(limitOf(team.tx, OPERATOR.id)).toEqual([testId("cmp", 1)]);
    team.when(limitMember, { member_id: OPERATOR.id, campaign_ids: null }, { as: "admin" });
    expect(limitOf(team.tx, OPERATOR.id)).toBeNull();
    expect(team.get(members, OPERATOR.id)).toEqual(OPERATOR);
  });

  it("can limit to nothing at all", () => {
    const team = aTeam();
    team.when(limitMember, { member_id: OPERATOR.id, campaign_ids: [] });
    expect(limitOf(team.tx, OPERATOR.id)).toEqual([]);
  });

  it("can be undone", () => {
    const team = aTeam();
    const { inverse } = team.when(limitMember, toFirst);
    team.send(limitMember, inverse?.payload);
    expect(limitOf(team.tx, OPERATOR.id)).toBeNull();
    expect(team.get(members, OPERATOR.id)).toEqual(OPERATOR);
  });

  it("is refused for owners, and to admins for admins", () => {
    expect(aTeam().when(limitMember, { ...toFirst, member_id: OWNER.id }).code).toBe("VALIDATION_ERROR");
    expect(aTeam().when(limitMember, { ...toFirst, member_id: ADMIN.id }, { as: "admin" }).code).toBe(
      "PERMISSION_DENIED",
    );
  });

  it("is refused for nobody, for unknown campaigns and for the same limit", () => {
    const team = aTeam();
    expect(team.when(limitMember, { ...toFirst, member_id: testId("mem", 99) }).code).toBe("MEMBER_NOT_FOUND");
    expect(team.when(limitMember, { ...toFirst, campaign_ids: ["nothing"] }).code).toBe("CAMPAIGN_NOT_FOUND");
    team.when(limitMember, toFirst);
    expect(team.when(limitMember, toFirst).code).toBe("NO_CHANGE");
  });

  it("ends with the member, and comes back with the undo of that", () => {
    const team = aTeam();
    team.when(limitMember, toFirst);
    const { inverse } = team.when(removeMember, { member_id: OPERATOR.id });
    expect(team.tx.list(memberLimits)).toEqual([]);
    team.send(addMember, inverse?.payload);
    expect(team.tx.list(memberLimits)).toMatchObject([{ campaign_ids: [testId("cmp", 1)] }]);
  });

  it("is seen only by who manages members: to others it would name campaigns that they must not know", () => {
    const audience = { needs: "member.manage" };
    const limit = { id: OPERATOR.id, campaign_ids: [testId("cmp", 1)] };
    expect(memberLimits.audience?.(limit)).toEqual(audience);
    expect(memberLimited.audience({ member_id: limit.id, campaign_ids: limit.campaign_ids })).toEqual(audience);
  });

  it("is refused to operators", () => {
    expect(aTeam().when(limitMember, toFirst, { as: "operator" }).code).toBe("PERMISSION_DENIED");
  });
});
