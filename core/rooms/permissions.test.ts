import { describe, expect, it } from "vitest";
import { PERMISSIONS, ROLES, can } from "../model/access.ts";
import type { CommandDefinition } from "../model/command.ts";
import { testId } from "../model/given.ts";
import { campaignRoom } from "./campaign-room.ts";
import { workspaceRoom } from "./workspace-room.ts";

/** Who may send what, by hand: a permission that changes in the code fails here until somebody agrees to it. */
const WORKSPACE_TABLE: Record<string, string> = {
  "workspace:create:v1": "owner",
  "workspace:update:v1": "admin owner",
  "member:add:v1": "admin owner",
  "member:set_role:v1": "admin owner",
  "member:limit:v1": "admin owner",
  "member:remove:v1": "admin owner",
  "session:revoke:v1": "viewer operator admin owner",
  "session:forget:v1": "",
  "api_key:create:v1": "admin owner",
  "api_key:revoke:v1": "admin owner",
  "inventory_product:create:v1": "admin owner",
  "inventory_product:update:v1": "admin owner",
  "campaign:create:v1": "operator admin owner",
  "mirror:apply:v1": "",
};

const CAMPAIGN_TABLE: Record<string, string> = {
  "campaign:update:v1": "operator admin owner",
  "campaign:feature:v1": "operator admin owner",
  "campaign:config:v1": "operator admin owner",
  "media_buy:create:v1": "operator admin owner",
  "media_buy:update:v1": "operator admin owner",
  "media_buy:set_dates:v1": "operator admin owner",
  "media_buy:set_budget:v1": "operator admin owner",
  "media_buy:cancel:v1": "operator admin owner",
  "media_buy:advance:v1": "",
  "creative:add:v1": "operator admin owner",
  "creative:set_status:v1": "operator admin owner",
  "delivery:report:v1": "operator admin owner",
  "delivery:import:v1": "operator admin owner",
  "delivery:import_batch:v1": "operator admin owner",
  "delivery:import_finish:v1": "operator admin owner",
  "delivery:import_expire:v1": "",
  "feedback:submit:v1": "operator admin owner",
  "campaign:open:v1": "",
  "mirror:apply:v1": "",
};

/** Commands whose permission depends on the payload. */
const DEPENDING: readonly [string, unknown, string][] = [
  ["member:add:v1", { user_id: "u", name: "N", role: "viewer" }, "admin owner"],
  ["member:add:v1", { user_id: "u", name: "N", role: "operator" }, "admin owner"],
  ["member:add:v1", { user_id: "u", name: "N", role: "admin" }, "owner"],
  ["member:add:v1", { user_id: "u", name: "N", role: "owner" }, "owner"],
  ["member:set_role:v1", { member_id: testId("mem", 1), role: "operator" }, "admin owner"],
  ["member:set_role:v1", { member_id: testId("mem", 1), role: "admin" }, "owner"],
  ["member:set_role:v1", { member_id: testId("mem", 1), role: "owner" }, "owner"],
];

const rooms = [
  { room: workspaceRoom, table: WORKSPACE_TABLE },
  { room: campaignRoom, table: CAMPAIGN_TABLE },
];
const commands = rooms.flatMap(({ room, table }) =>
  [...room.commands.values()].map((command) => ({
    name: `${room.kind} ${command.type}`,
    command,
    roles: table[command.type],
  })),
);

function rolesThatMay(command: CommandDefinition, payload: unknown): string {
  const input = command.input.parse(payload);
  const may = ROLES.filter((role) => can({ kind: "role", role }, command.needs(input), command.concerns(input)));
  return may.join(" ");
}

describe("[P9] who may send what", () => {
  it.each(rooms)("is decided for every command of the $room.kind room", ({ room, table }) => {
    expect([...room.commands.keys()].toSorted()).toEqual(Object.keys(table).toSorted());
  });

  it.each(commands)("$name: $roles", ({ command, roles }) => {
    expect(rolesThatMay(command, command.example)).toBe(roles);
  });

  it.each(DEPENDING)("%s with %j: %s", (type, payload, roles) => {
    expect(rolesThatMay(workspaceRoom.commands.get(type)!, payload)).toBe(roles);
  });

  it.each(commands)("$name takes a key with that one scope, and none without it", ({ command }) => {
    const needs = command.needs(command.input.parse(command.example));
    const others = PERMISSIONS.filter((permission) => permission !== needs);
    expect(can({ kind: "scopes", scopes: others }, needs)).toBe(false);
    expect(can({ kind: "scopes", scopes: [needs] }, needs)).toBe(needs !== "system");
  });

  it("leaves a member who is limited to campaigns nothing to change in the workspace, but signing out", () => {
    const grants = { kind: "role", role: "owner", campaign_ids: [testId("cmp", 1)] } as const;
    const may = [...workspaceRoom.commands.values()].filter((command) => {
      const input = command.input.parse(command.example);
      return can(grants, command.needs(input), command.concerns(input));
    });
    expect(may.map((command) => command.type)).toEqual(["session:revoke:v1"]);
  });

  it.each(commands)("$name is known to nobody who is not in the room", ({ command }) => {
    expect(can(null, command.needs(command.input.parse(command.example)))).toBe(false);
  });
});

describe("the commands of a room", () => {
  it.each(commands)("$name declares every refusal and event once", ({ command }) => {
    expect(new Set(command.refuses).size).toBe(command.refuses.length);
    expect(command.emits.length).toBeGreaterThan(0);
  });

  it.each(rooms)("of the $room.kind emit only events that the room knows", ({ room }) => {
    for (const command of room.commands.values()) {
      for (const event of command.emits) expect(room.events.get(event.type)).toBe(event);
    }
  });

  it.each(commands)("$name says what it is for, in a sentence", ({ command }) => {
    expect(command.about).toMatch(/^[A-Z].*\.$/s);
  });
});
