import { describe, expect, it } from "vitest";
import { ACTING_MEMBER, NOON, WORKSPACE, given } from "../../model/given.ts";
import { members } from "../members/entities.ts";
import { createWorkspace, workspaceCreated, workspaceOwned } from "./create-workspace.ts";
import { DEFAULT_THRESHOLDS, workspaces } from "./entities.ts";

const halcyon = {
  workspace_id: WORKSPACE,
  name: "Halcyon Agency",
  timezone: "America/New_York",
  currency: "USD",
  owner_name: "Ada Moreno",
};
const ada = { identity: { kind: "user", subject: "user-ada", session_id: "session-1" } } as const;

describe("creating a workspace", () => {
  it("makes whoever creates it the owner, as the user the token proved", () => {
    const room = given(null);
    expect(room.when(createWorkspace, { ...halcyon, owner_email: "ada@halcyon.example" }, ada).code).toBeNull();
    expect(room.get(members, ACTING_MEMBER)).toMatchObject({
      user_id: "user-ada",
      name: "Ada Moreno",
      email: "ada@halcyon.example",
      role: "owner",
      added_at: NOON,
    });
  });

  it("tells about its owner only whoever may see members", () => {
    const { events } = given(null).when(createWorkspace, { ...halcyon, owner_email: "ada@halcyon.example" }, ada);
    const [created, owned, ...others] = events;
    expect(JSON.stringify(created)).not.toMatch(/Ada|ada@|user-ada/);
    expect(workspaceCreated.audience(workspaceCreated.data.parse(created?.data))).toBeNull();
    expect(workspaceOwned.audience(workspaceOwned.data.parse(owned?.data))).toEqual({ needs: "member.read" });
    expect(others).toEqual([]);
  });

  it("starts with the thresholds of the reference and without a jurisdiction", () => {
    const room = given(null);
    room.when(createWorkspace, halcyon, ada);
    expect(room.get(workspaces, WORKSPACE)).toMatchObject({
      name: "Halcyon Agency",
      thresholds: DEFAULT_THRESHOLDS,
      jurisdiction: null,
      location_hint: null,
    });
  });

  it("is refused a second time", () => {
    const room = given(null);
    room.when(createWorkspace, halcyon, ada);
    expect(room.when(createWorkspace, halcyon, ada).code).toBe("ID_IN_USE");
  });

  it("is refused if the id is not the one that was addressed", () => {
    const other = { ...halcyon, workspace_id: "ws_01JD0000000000000000000000" };
    expect(given(null).when(createWorkspace, other, ada).code).toBe("WORKSPACE_NOT_FOUND");
  });

  it("is refused to an API key", () => {
    const key = { identity: { kind: "api_key", subject: "a".repeat(64), session_id: null } } as const;
    expect(given(null).when(createWorkspace, halcyon, key).code).toBe("PERMISSION_DENIED");
  });

  it.each([
    ["a zone that does not exist", { timezone: "America/Gotham" }],
    ["a currency in lower case", { currency: "usd" }],
    ["a blank name", { name: "   " }],
    ["an unknown location", { location_hint: "mars" }],
    ["an unknown field", { role: "owner" }],
  ])("is refused with %s", (_case, wrong) => {
    expect(given(null).send(createWorkspace, { ...halcyon, ...wrong }, ada).code).toBe("VALIDATION_ERROR");
  });
});
