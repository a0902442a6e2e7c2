import { z } from "zod";
import { defineCommand } from "../../model/command.ts";
import { defineEvent } from "../../model/event.ts";
import { canonicalJson } from "../../model/json.ts";
import { isRefusal, refuse } from "../../model/refusal.ts";
import { CampaignId, MemberId } from "../../model/units.ts";
import { CampaignLimit, limitOf, memberLimits, members } from "./entities.ts";
import { limitTo } from "./limits.ts";
import { memberNotFound, refuseToManage } from "./ranks.ts";

export const memberLimited = defineEvent("member:limit:v1:success", {
  data: z.strictObject({ member_id: MemberId, campaign_ids: z.array(CampaignId).nullable() }),
  audience: () => ({ needs: "member.manage" }),
  apply(tx, { member_id, campaign_ids }) {
    if (campaign_ids) tx.put(memberLimits, { id: member_id, campaign_ids });
    else tx.delete(memberLimits, member_id);
  },
});

export const limitMember = defineCommand("member:limit:v1", {
  about: "Limit a member to named campaigns, or with null lift the limit. To others the campaigns do not exist.",
  input: z.strictObject({ member_id: MemberId, campaign_ids: CampaignLimit.nullable() }),
  example: { member_id: "mem_01JD0000000000000000000000", campaign_ids: ["summer-launch"] },
  needs: "member.manage",
  refuses: ["MEMBER_NOT_FOUND", "CAMPAIGN_NOT_FOUND", "VALIDATION_ERROR", "NO_CHANGE", "PERMISSION_DENIED"],
  emits: [memberLimited],
  target: (input) => [memberLimits, input.member_id],
  inverse: ({ member_id }, before) => {
    if (!before.get(members, member_id)) return null;
    return { type: "member:limit:v1", payload: { member_id, campaign_ids: limitOf(before, member_id) } };
  },
  decide(tx, input, { grants }) {
    const member = tx.get(members, input.member_id);
    if (!member) return memberNotFound();
    const denied = refuseToManage(grants, member.role);
    if (denied) return denied;
    const campaign_ids = limitTo(tx, member.role, input.campaign_ids);
    if (isRefusal(campaign_ids)) return campaign_ids;
    if (canonicalJson(campaign_ids) === canonicalJson(limitOf(tx, member.id))) {
      return refuse("NO_CHANGE", `${member.name} has this limit already.`);
    }
    return [memberLimited.of({ member_id: member.id, campaign_ids })];
  },
});
