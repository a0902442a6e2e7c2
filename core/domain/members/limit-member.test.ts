import { describe, expect, it } from "vitest";
import { testId } from "../../model/given.ts";
import { members } from "./entities.ts";
import { limitMember } from "./limit-member.ts";
import { ADMIN, OPERATOR, OWNER, aTeam } from "./team.fixture.ts";

const toFirst = { member_id: OPERATOR.id, campaign_ids: ["campaign-1"] };

describe("limiting a member", () => {
  it("limits to the named campaigns, and null lifts the limit", () => {
    const team = aTeam();
    team.when(limitMember, toFirst, { as: "admin" });
    expect(team.get(members, OPERATOR.id)?.campaign_ids).toEqual([testId("cmp", 1)]);
    team.when(limitMember, { member_id: OPERATOR.id, campaign_ids: null }, { as: "admin" });
    expect(team.get(members, OPERATOR.id)).toEqual(OPERATOR);
  });

  it("can limit to nothing at all", () => {
    const team = aTeam();
    team.when(limitMember, { member_id: OPERATOR.id, campaign_ids: [] });
    expect(team.get(members, OPERATOR.id)?.campaign_ids).toEqual([]);
  });

  it("can be undone", () => {
    const team = aTeam();
    const { inverse } = team.when(limitMember, toFirst);
    team.send(limitMember, inverse?.payload);
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

  it("is refused to operators", () => {
    expect(aTeam().when(limitMember, toFirst, { as: "operator" }).code).toBe("PERMISSION_DENIED");
  });
});
