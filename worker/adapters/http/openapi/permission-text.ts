import { lowestRole } from "../../../../core/model/access.ts";
import type { Permission } from "../../../../core/model/access.ts";

/** What a caller must hold, in words. */
export function permissionText(permission: Permission): string {
  return `Needs the permission \`${permission}\`, which ${lowestRole(permission) ?? "nobody"} and above have.`;
}
