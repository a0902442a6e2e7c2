import { z } from "zod";
import { ROLES, outranksOrEquals } from "../../model/access.ts";
import type { Permission, Role } from "../../model/access.ts";
import { defineEntity } from "../../model/entity.ts";
import type { ReadTx } from "../../model/transaction.ts";
import { CampaignId, MemberId, UtcTime } from "../../model/units.ts";
import { CampaignRef } from "../campaigns/entities.ts";

/** The subject of a person's tokens, as the identity provider names them. */
export const UserId = z.string().min(1).max(255).regex(/^\S+$/u, "A user id has no spaces");
export const MemberName = z.string().trim().min(1).max(120);
export const MemberEmail = z.email().max(254);
export const MemberRole = z.enum(ROLES);
const MAX_CAMPAIGN_LIMIT = 500;

/** Ids, slugs or external ids of the campaigns a member is limited to. */
export const CampaignLimit = z.array(CampaignRef).max(MAX_CAMPAIGN_LIMIT);

export const Member = z.strictObject({
  id: MemberId,
  user_id: UserId,
  name: MemberName,
  email: MemberEmail.nullable(),
  role: MemberRole,
  added_at: UtcTime,
  added_by: z.string(),
});
export type Member = z.infer<typeof Member>;

export const members = defineEntity("member", {
  about: "A person in a workspace, with a role.",
  schema: Member,
  audience: () => ({ needs: "member.read" }),
});

/** Kept apart from the member: whoever may see who is here need not learn which campaigns there are. */
export const MemberLimit = z.strictObject({
  /** The member's. */
  id: MemberId,
  /** The only campaigns that exist for the member. */
  campaign_ids: z.array(CampaignId).max(MAX_CAMPAIGN_LIMIT),
});
export type MemberLimit = z.infer<typeof MemberLimit>;

export const memberLimits = defineEntity("member_limit", {
  about: "The campaigns that a member is limited to. A member without one sees all.",
  schema: MemberLimit,
  audience: () => ({ needs: "member.manage" }),
});

/** What it takes to make, change, sign out or remove a member of a role: admins manage below their own rank only. */
export function permissionToManage(role: Role): Permission {
  return outranksOrEquals(role, "admin") ? "owner.manage" : "member.manage";
}

/** The campaigns a member is limited to; null: all. */
export function limitOf(tx: ReadTx, memberId: string): readonly string[] | null {
  return tx.get(memberLimits, memberId)?.campaign_ids ?? null;
}

/** The member a token's subject is. */
export function memberOfUser(tx: ReadTx, userId: string): Member | undefined {
  return tx.list(members).find((member) => member.user_id === userId);
}
