import { z } from "zod";
import { actorRef } from "../../model/access.ts";
import { defineCommand } from "../../model/command.ts";
import { defineEvent } from "../../model/event.ts";
import { LOCATION_HINTS, jurisdictionOf } from "../../model/placement.ts";
import { refuse } from "../../model/refusal.ts";
import { CurrencyCode, TimeZone, WorkspaceId } from "../../model/units.ts";
import { Member, MemberEmail, MemberName, members } from "../members/entities.ts";
import { DEFAULT_THRESHOLDS, Workspace, WorkspaceName, workspaceOf, workspaces } from "./entities.ts";

export const workspaceCreated = defineEvent("workspace:create:v1:success", {
  data: z.strictObject({ workspace: Workspace }),
  apply(tx, { workspace }) {
    tx.create(workspaces, workspace);
  },
});

/** Apart from the workspace: who may read its settings need not know who its people are. */
export const workspaceOwned = defineEvent("workspace:own:v1:success", {
  data: Member,
  audience: () => ({ needs: "member.read" }),
  apply(tx, owner) {
    tx.create(members, owner);
  },
});

export const createWorkspace = defineCommand("workspace:create:v1", {
  about: "Create a workspace. Whoever creates it becomes its owner.",
  input: z.strictObject({
    workspace_id: WorkspaceId,
    name: WorkspaceName,
    timezone: TimeZone,
    currency: CurrencyCode,
    /** A jurisdiction is asked for in the id: `ws_eu_…`. */
    location_hint: z.enum(LOCATION_HINTS).nullish(),
    owner_name: MemberName,
    owner_email: MemberEmail.nullish(),
  }),
  example: {
    workspace_id: "ws_01JD0000000000000000000000",
    name: "Halcyon Agency",
    timezone: "America/New_York",
    currency: "USD",
    owner_name: "Ada Moreno",
  },
  needs: "owner.manage",
  refuses: ["ID_IN_USE", "WORKSPACE_NOT_FOUND", "PERMISSION_DENIED"],
  emits: [workspaceCreated, workspaceOwned],
  answers: "created",
  optimistic: false,
  creates_room: true,
  target: (input) => [workspaces, input.workspace_id],
  decide(tx, input, { now, actor, identity, workspace_id }) {
    if (workspaceOf(tx)) return refuse("ID_IN_USE", "This workspace exists already.");
    if (input.workspace_id !== workspace_id) {
      return refuse("WORKSPACE_NOT_FOUND", "workspace_id is not the workspace that was addressed.");
    }
    if (actor.kind !== "member" || identity?.kind !== "user") {
      return refuse("PERMISSION_DENIED", "Only a signed-in person can create a workspace.");
    }
    const created_by = actorRef(actor);
    const workspace: Workspace = {
      id: workspace_id,
      name: input.name,
      timezone: input.timezone,
      currency: input.currency,
      jurisdiction: jurisdictionOf(workspace_id),
      location_hint: input.location_hint ?? null,
      thresholds: DEFAULT_THRESHOLDS,
      created_at: now,
      created_by,
      updated_at: now,
    };
    const owner: Member = {
      id: actor.id,
      user_id: identity.subject,
      name: input.owner_name,
      email: input.owner_email ?? null,
      role: "owner",
      added_at: now,
      added_by: created_by,
    };
    return [workspaceCreated.of({ workspace }), workspaceOwned.of(owner)];
  },
});
