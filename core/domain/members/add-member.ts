import { z } from "zod";
import { actorRef } from "../../model/access.ts";
import { defineCommand } from "../../model/command.ts";
import { defineEvent } from "../../model/event.ts";
import { invalid, isRefusal, refuse } from "../../model/refusal.ts";
import { MemberId } from "../../model/units.ts";
import {
  CampaignLimit,
  Member,
  MemberEmail,
  MemberName,
  MemberRole,
  UserId,
  memberOfUser,
  members,
  permissionToManage,
} from "./entities.ts";
import { memberLimited } from "./limit-member.ts";
import { limitTo } from "./limits.ts";
import { refuseToGive } from "./ranks.ts";

export const memberAdded = defineEvent("member:add:v1:success", {
  data: Member,
  audience: () => ({ needs: "member.read" }),
  apply(tx, member) {
    tx.create(members, member);
  },
});

export const addMember = defineCommand("member:add:v1", {
  about: "Let a person into the workspace, with a role and perhaps a limit to named campaigns.",
  input: z.strictObject({
    member_id: MemberId.optional(),
    user_id: UserId,
    name: MemberName,
    email: MemberEmail.nullish(),
    role: MemberRole,
    campaign_ids: CampaignLimit.nullish(),
  }),
  example: { user_id: "auth0|6512", name: "Noor Haddad", email: "noor@halcyon.example", role: "operator" },
  needs: (input) => permissionToManage(input.role),
  refuses: ["ID_IN_USE", "VALIDATION_ERROR", "CAMPAIGN_NOT_FOUND", "PERMISSION_DENIED"],
  emits: [memberAdded, memberLimited],
  answers: "created",
  inverse: ({ member_id }) => (member_id ? { type: "member:remove:v1", payload: { member_id } } : null),
  decide(tx, input, { now, actor, grants, id }) {
    const denied = refuseToGive(grants, input.role);
    if (denied) return denied;
    const memberId = input.member_id ?? id("mem");
    if (tx.used(members, memberId)) return refuse("ID_IN_USE", "A member has or had this id.");
    const twin = memberOfUser(tx, input.user_id);
    if (twin) return invalid("/user_id", `${twin.name} is this user and a member already.`, "unique");
    const campaign_ids = limitTo(tx, input.role, input.campaign_ids ?? null);
    if (isRefusal(campaign_ids)) return campaign_ids;
    return [
      memberAdded.of({
        id: memberId,
        user_id: input.user_id,
        name: input.name,
        email: input.email ?? null,
        role: input.role,
        added_at: now,
        added_by: actorRef(actor),
      }),
      ...(campaign_ids ? [memberLimited.of({ member_id: memberId, campaign_ids })] : []),
    ];
  },
});
