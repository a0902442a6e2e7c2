import { z } from "zod";
import { defineCommand } from "../../model/command.ts";
import { defineEvent } from "../../model/event.ts";
import { MemberId } from "../../model/units.ts";
import { limitOf, memberLimits, members } from "./entities.ts";
import { memberNotFound, refuseLastOwner, refuseToManage } from "./ranks.ts";

export const memberRemoved = defineEvent("member:remove:v1:success", {
  data: z.strictObject({ member_id: MemberId }),
  audience: () => ({ needs: "member.read" }),
  apply(tx, { member_id }) {
    tx.delete(members, member_id);
    tx.delete(memberLimits, member_id);
  },
});

export const removeMember = defineCommand("member:remove:v1", {
  about: "Take a person out of the workspace at once, also out of open sessions. The last owner cannot go.",
  input: z.strictObject({ member_id: MemberId }),
  example: { member_id: "mem_01JD0000000000000000000000" },
  needs: "member.manage",
  refuses: ["MEMBER_NOT_FOUND", "LAST_OWNER", "PERMISSION_DENIED"],
  emits: [memberRemoved],
  target: (input) => [members, input.member_id],
  /** Adds the person again under a new id: ids of deleted entities are never used twice. */
  inverse: ({ member_id }, before) => {
    const member = before.get(members, member_id);
    if (!member) return null;
    const { user_id, name, email, role } = member;
    const campaign_ids = limitOf(before, member_id);
    return { type: "member:add:v1", payload: { user_id, name, email, role, campaign_ids } };
  },
  decide(tx, { member_id }, { grants }) {
    const member = tx.get(members, member_id);
    if (!member) return memberNotFound();
    return refuseToManage(grants, member.role) ?? refuseLastOwner(tx, member) ?? [memberRemoved.of({ member_id })];
  },
});
