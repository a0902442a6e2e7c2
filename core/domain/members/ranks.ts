import { PERMISSIONS, can, lowestRole, outranksOrEquals } from "../../model/access.ts";
import type { Grants, Permission, Role } from "../../model/access.ts";
import { refuse, refuseField } from "../../model/refusal.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { ReadTx } from "../../model/transaction.ts";
import { members, permissionToManage } from "./entities.ts";
import type { Member } from "./entities.ts";

/** PERMISSION_DENIED unless the grants may manage members of that role. */
export function refuseToManage(grants: Grants, role: Role): Refusal | null {
  if (can(grants, permissionToManage(role))) return null;
  return refuse("PERMISSION_DENIED", `Only an owner manages members with the role ${role}.`);
}

/** PERMISSION_DENIED unless the grants hold every permission of the role: a key makes nobody more than it is. */
export function refuseToGive(grants: Grants, role: Role): Refusal | null {
  const beyond = permissionsOf(role).filter((permission) => !can(grants, permission));
  if (beyond.length === 0) return null;
  return refuse("PERMISSION_DENIED", `You cannot give the role ${role}: you do not hold ${beyond.join(", ")}.`);
}

function permissionsOf(role: Role): Permission[] {
  return PERMISSIONS.filter((permission) => {
    const lowest = lowestRole(permission);
    return lowest !== null && outranksOrEquals(role, lowest);
  });
}

/** LAST_OWNER if nobody else owns the workspace. */
export function refuseLastOwner(tx: ReadTx, member: Member): Refusal | null {
  if (member.role !== "owner") return null;
  const another = tx.list(members).some((other) => other.role === "owner" && other.id !== member.id);
  return another ? null : refuse("LAST_OWNER", `${member.name} is the only owner: the workspace would be nobody's.`);
}

/** MEMBER_NOT_FOUND for an id that no live member has. */
export function memberNotFound(): Refusal {
  return refuseField("MEMBER_NOT_FOUND", "/member_id", "This workspace has no such member.");
}
