import { describe, expect, it } from "vitest";
import { NOON, WORKSPACE, given } from "../../model/given.ts";
import { DEFAULT_THRESHOLDS, workspaces } from "./entities.ts";
import type { Workspace } from "./entities.ts";
import { updateWorkspace } from "./update-workspace.ts";

const halcyon: Workspace = {
  id: WORKSPACE,
  name: "Halcyon Agency",
  timezone: "America/New_York",
  currency: "USD",
  jurisdiction: null,
  location_hint: null,
  thresholds: DEFAULT_THRESHOLDS,
  created_at: "2026-11-01T09:00:00.000Z",
  created_by: "member:mem_1",
  updated_at: "2026-11-01T09:00:00.000Z",
};
const room = () => given(null).having(workspaces, halcyon);

describe("updating a workspace", () => {
  it("changes what is named and keeps the rest", () => {
    const scenario = room();
    scenario.when(
      updateWorkspace,
      { updates: { name: "Halcyon Media", thresholds: { ctr_poor: 0.4 } } },
      { as: "admin" },
    );
    expect(scenario.get(workspaces, WORKSPACE)).toEqual({
      ...halcyon,
      name: "Halcyon Media",
      thresholds: { ...DEFAULT_THRESHOLDS, ctr_poor: 0.4 },
      updated_at: NOON,
    });
  });

  it("can be undone", () => {
    const scenario = room();
    const updates = { timezone: "Europe/Paris", currency: "EUR", thresholds: { spend_warning: 0.9 } };
    const { inverse } = scenario.when(updateWorkspace, { updates });
    scenario.send(updateWorkspace, inverse?.payload);
    expect(scenario.get(workspaces, WORKSPACE)).toEqual({ ...halcyon, updated_at: NOON });
  });

  it("is refused when nothing would change", () => {
    expect(room().when(updateWorkspace, { updates: { currency: "USD" } }).code).toBe("NO_CHANGE");
    expect(room().when(updateWorkspace, { updates: {} }).code).toBe("NO_CHANGE");
  });

  it.each([
    ["behind under poor", { pacing_behind: 0.7 }],
    ["over under 1", { pacing_over: 0.99 }],
    ["poor CTR above warning CTR", { ctr_poor: 0.9 }],
  ])("is refused with bands that do not nest: %s", (_case, thresholds) => {
    expect(room().when(updateWorkspace, { updates: { thresholds } }).code).toBe("VALIDATION_ERROR");
  });

  it("is refused with a negative threshold, a zone that does not exist or another id", () => {
    expect(room().send(updateWorkspace, { updates: { thresholds: { ctr_poor: -1 } } }).code).toBe("VALIDATION_ERROR");
    expect(room().send(updateWorkspace, { updates: { timezone: "Mars/Olympus" } }).code).toBe("VALIDATION_ERROR");
    expect(room().send(updateWorkspace, { updates: { id: WORKSPACE } }).code).toBe("VALIDATION_ERROR");
  });

  it("is refused to an operator, and where there is no workspace", () => {
    expect(room().when(updateWorkspace, { updates: { name: "X" } }, { as: "operator" }).code).toBe("PERMISSION_DENIED");
    expect(given(null).when(updateWorkspace, { updates: { name: "X" } }).code).toBe("WORKSPACE_NOT_FOUND");
  });

  it("is refused on a revision that somebody else has changed", () => {
    const scenario = room();
    expect(scenario.when(updateWorkspace, { updates: { name: "X" } }, { expected_revision: 7 }).code).toBe("CONFLICT");
    expect(scenario.when(updateWorkspace, { updates: { name: "X" } }, { expected_revision: 1 }).code).toBeNull();
  });
});
