/** Who acts. `member` is a person, `system` the room itself (timers, mirrors). */
export interface Actor {
  readonly kind: "member" | "api_key" | "webhook" | "system";
  readonly id: string;
}

/** `kind:id`, the form an actor has in the log and on the wire. */
export type ActorRef = string;

export const SYSTEM_ACTOR: Actor = { kind: "system", id: "room" };

export const ROLES = ["viewer", "operator", "admin", "owner"] as const;
export type Role = (typeof ROLES)[number];

/** Each permission with the lowest role that has it: the only place where roles mean anything. */
const PERMISSION_ROLES = {
  "workspace.read": "viewer",
  "campaign.read": "viewer",
  "campaign.edit": "operator",
  "campaign.create": "operator",
  "media_buy.edit": "operator",
  "creative.edit": "operator",
  "delivery.report": "operator",
  "feedback.submit": "operator",
  "member.read": "viewer",
  "member.manage": "admin",
  "api_key.manage": "admin",
  "inventory.edit": "admin",
  "workspace.edit": "admin",
  "owner.manage": "owner",
} as const satisfies Record<string, Role>;

/** What a command, a read or an event can ask for. API-key scopes are these names. `system` is held by the room alone. */
export type Permission = keyof typeof PERMISSION_ROLES | "system";

export const PERMISSIONS = Object.keys(PERMISSION_ROLES) as readonly Exclude<Permission, "system">[];

/** The lowest role that has a permission, or null for what only the room itself may do. */
export function lowestRole(permission: Permission): Role | null {
  return permission === "system" ? null : PERMISSION_ROLES[permission];
}

/** What an actor holds in a room, looked up in the room at each use. */
export type Grants =
  | { readonly kind: "system" }
  | { readonly kind: "role"; readonly role: Role; readonly campaign_ids?: readonly string[] | null | undefined }
  | {
      readonly kind: "scopes";
      readonly scopes: readonly string[];
      readonly campaign_ids?: readonly string[] | null | undefined;
    };

/** What one must hold to see something; `campaign_id` narrows it to those not limited to other campaigns. */
export interface Audience {
  readonly needs: Permission;
  readonly campaign_id?: string | undefined;
}

/** Whether `grants` hold `permission`, for the named campaign if one is given. A member limited to campaigns holds room-wide edit permissions nowhere else. */
export function can(grants: Grants | null, permission: Permission, campaignId?: string): boolean {
  if (!grants) return false;
  if (grants.kind === "system") return true;
  if (permission === "system") return false;
  if (grants.campaign_ids) {
    const workspaceWide =
      permission === "workspace.read" || permission === "member.read" || permission === "campaign.read";
    if (campaignId === undefined ? !workspaceWide : !grants.campaign_ids.includes(campaignId)) return false;
  }
  if (grants.kind === "scopes") return grants.scopes.includes(permission);
  return outranksOrEquals(grants.role, PERMISSION_ROLES[permission]);
}

/** Whether `role` is `other` or above it in viewer < operator < admin < owner. */
export function outranksOrEquals(role: Role, other: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(other);
}

/** Formats an actor for the log and the wire. */
export function actorRef(actor: Actor): ActorRef {
  return `${actor.kind}:${actor.id}`;
}
