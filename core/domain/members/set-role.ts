import { z } from "zod";
import { defineCommand } from "../../model/command.ts";
import { defineEvent } from "../../model/event.ts";
import { invalid, refuse } from "../../model/refusal.ts";
import { MemberId } from "../../model/units.ts";
import { MemberRole, limitOf, members, permissionToManage } from "./entities.ts";
import { memberNotFound, refuseLastOwner, refuseToGive, refuseToManage } from "./ranks.ts";

export const roleSet = defineEvent("member:set_role:v1:success", {
  data: z.strictObject({ member_id: MemberId, role: MemberRole, previous_role: MemberRole }),
  audience: () => ({ needs: "member.read" }),
  apply(tx, { member_id, role }) {
    tx.update(members, member_id, { role });
  },
});

export const setRole = defineCommand("member:set_role:v1", {
  about: "Give a member another role. Admins do so below their own rank; the last owner cannot be demoted.",
  input: z.strictObject({ member_id: MemberId, role: MemberRole }),
  example: { member_id: "mem_01JD0000000000000000000000", role: "viewer" },
  needs: (input) => permissionToManage(input.role),
  refuses: ["MEMBER_NOT_FOUND", "NO_CHANGE", "LAST_OWNER", "PERMISSION_DENIED", "VALIDATION_ERROR"],
  emits: [roleSet],
  target: (input) => [members, input.member_id],
  inverse: ({ member_id }, before) => {
    const member = before.get(members, member_id);
    return member ? { type: "member:set_role:v1", payload: { member_id, role: member.role } } : null;
  },
  decide(tx, { member_id, role }, { grants }) {
    const member = tx.get(members, member_id);
    if (!member) return memberNotFound();
    const denied = refuseToManage(grants, member.role) ?? refuseToGive(grants, role);
    if (denied) return denied;
    if (member.role === role) return refuse("NO_CHANGE", `${member.name} has this role already.`);
    if (role === "owner" && limitOf(tx, member_id)) {
      return invalid("/role", "An owner cannot be limited to campaigns: lift the limit first.");
    }
    return refuseLastOwner(tx, member) ?? [roleSet.of({ member_id, role, previous_role: member.role })];
  },
});
