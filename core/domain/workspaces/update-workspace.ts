import { z } from "zod";
import { defineCommand } from "../../model/command.ts";
import { defineEvent } from "../../model/event.ts";
import { canonicalJson } from "../../model/json.ts";
import { patched, unpatch } from "../../model/patch.ts";
import { invalid, refuse } from "../../model/refusal.ts";
import type { Refusal } from "../../model/refusal.ts";
import { CurrencyCode, TimeZone, WorkspaceId } from "../../model/units.ts";
import { Thresholds, WorkspaceName, workspaceOf, workspaces } from "./entities.ts";
import type { Workspace } from "./entities.ts";

const Updates = z.strictObject({
  name: WorkspaceName.optional(),
  timezone: TimeZone.optional(),
  currency: CurrencyCode.optional(),
  /** The named thresholds; the others stay. */
  thresholds: Thresholds.partial().optional(),
});
type Updates = z.infer<typeof Updates>;

export const workspaceUpdated = defineEvent("workspace:update:v1:success", {
  data: z.strictObject({ workspace_id: WorkspaceId, updates: Updates }),
  apply(tx, { workspace_id, updates }, { at }) {
    const workspace = tx.get(workspaces, workspace_id);
    if (workspace) tx.put(workspaces, { ...updated(workspace, updates), updated_at: at });
  },
});

export const updateWorkspace = defineCommand("workspace:update:v1", {
  about:
    "Change the workspace's name, report time zone, currency or thresholds. Amounts already recorded keep their currency.",
  input: z.strictObject({ updates: Updates }),
  example: { updates: { name: "Halcyon Media", thresholds: { pacing_behind: 0.85 } } },
  needs: "workspace.edit",
  refuses: ["WORKSPACE_NOT_FOUND", "VALIDATION_ERROR", "NO_CHANGE"],
  emits: [workspaceUpdated],
  target: (_input, tx) => {
    const workspace = workspaceOf(tx);
    return workspace ? [workspaces, workspace.id] : null;
  },
  inverse: ({ updates }, before) => {
    const workspace = workspaceOf(before);
    return workspace ? { type: "workspace:update:v1", payload: { updates: previousOf(workspace, updates) } } : null;
  },
  decide(tx, { updates }) {
    const workspace = workspaceOf(tx);
    if (!workspace) return refuse("WORKSPACE_NOT_FOUND", "There is no workspace here.");
    const after = updated(workspace, updates);
    if (canonicalJson(after) === canonicalJson(workspace))
      return refuse("NO_CHANGE", "The workspace is already as asked.");
    return misordered(after.thresholds) ?? [workspaceUpdated.of({ workspace_id: workspace.id, updates })];
  },
});

function updated(workspace: Workspace, { thresholds, ...fields }: Updates): Workspace {
  return { ...patched(workspace, fields), thresholds: patched(workspace.thresholds, thresholds ?? {}) };
}

function previousOf(workspace: Workspace, { thresholds, ...fields }: Updates): Updates {
  const previous: Updates = unpatch(workspace, fields);
  return thresholds ? { ...previous, thresholds: unpatch(workspace.thresholds, thresholds) } : previous;
}

/** Bands must nest, or a package could be poor without being a warning. */
function misordered(t: Thresholds): Refusal | null {
  const order = [t.pacing_poor_low, t.pacing_behind, 1, t.pacing_over, t.pacing_poor_high];
  if (order.some((value, at) => value < (order[at - 1] ?? 0))) {
    return invalid("/updates/thresholds", "Pacing thresholds must rise: poor_low, behind, 1, over, poor_high.");
  }
  if (t.ctr_poor > t.ctr_warning) return invalid("/updates/thresholds/ctr_poor", "ctr_poor is above ctr_warning.");
  return null;
}
