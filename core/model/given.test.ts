import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineCommand } from "./command.ts";
import type { CommandDefinition } from "./command.ts";
import { defineEntity } from "./entity.ts";
import { defineEvent } from "./event.ts";
import { given } from "./given.ts";
import { refuse } from "./refusal.ts";

const Light = z.strictObject({ id: z.string(), on: z.boolean(), secret: z.string().optional() });
const lights = defineEntity("light", { about: "A light.", schema: Light });
const ledgers = defineEntity("ledger", { about: "Kept, not shown.", schema: Light, resident: false });

const switched = defineEvent("light:switch:v1:success", {
  data: Light,
  wire: { data: Light.omit({ secret: true }), from: ({ id, on }) => ({ id, on }) },
  apply(tx, light) {
    tx.put(lights, light);
    tx.put(ledgers, light);
  },
});
const hidden = defineEvent("light:hide:v1:success", { data: Light, apply: () => undefined });
const broken = defineEvent("light:break:v1:success", {
  data: z.strictObject({ id: z.string() }),
  // A value of the wrong shape on purpose: the scenario has to notice.
  apply: (tx, { id }) => tx.put(lights, { id, on: "maybe" } as never),
});

const input = z.strictObject({ id: z.string(), on: z.boolean() });
const about = { about: "Switch a light.", input, example: { id: "a", on: true } };
const switchLight = defineCommand("light:switch:v1", {
  ...about,
  needs: "campaign.edit",
  refuses: ["NO_CHANGE"],
  emits: [switched],
  target: ({ id }) => [lights, id],
  inverse: ({ id }, before) => ({ type: "light:switch:v1", payload: { id, on: before.get(lights, id)?.on ?? false } }),
  decide: (tx, { id, on }) =>
    tx.get(lights, id)?.on === on ? refuse("NO_CHANGE", "It is.") : [switched.of({ id, on, secret: "s" })],
});

function wrong(options: Partial<CommandDefinition<z.infer<typeof input>>>): CommandDefinition<z.infer<typeof input>> {
  return { ...switchLight, ...options };
}

describe("a scenario", () => {
  it("carries a command out as a room does and keeps what it led to", () => {
    const room = given().having(lights, { id: "a", on: false });
    const { code, events, inverse } = room.when(switchLight, { id: "a", on: true });
    expect(code).toBeNull();
    expect(events).toHaveLength(1);
    expect(room.get(lights, "a")?.on).toBe(true);
    expect(room.tx.revision(lights, "a")).toBe(2);
    expect(inverse?.payload).toEqual({ id: "a", on: false });
  });

  it("shows a browser wire data and resident kinds only", () => {
    const room = given();
    room.when(switchLight, { id: "a", on: true });
    expect(room.get(lights, "a")).toEqual({ id: "a", on: true, secret: "s" });
    expect(room.browser.get(lights, "a")).toEqual({ id: "a", on: true });
    expect(room.get(ledgers, "a")).toBeDefined();
    expect(room.browser.get(ledgers, "a")).toBeUndefined();
  });

  it("changes nothing on a refusal, a dry run, a missing permission, a bad payload or a stale revision", () => {
    const room = given().having(lights, { id: "a", on: false });
    const on = { id: "a", on: true };
    expect(room.when(switchLight, { id: "a", on: false }).code).toBe("NO_CHANGE");
    expect(room.when(switchLight, on, { dry_run: true }).code).toBeNull();
    expect(room.when(switchLight, on, { as: "viewer" }).code).toBe("PERMISSION_DENIED");
    expect(room.send(switchLight, { ...on, dim: 3 }).code).toBe("VALIDATION_ERROR");
    expect(room.when(switchLight, on, { expected_revision: 4 }).code).toBe("CONFLICT");
    expect(room.get(lights, "a")).toEqual({ id: "a", on: false });
  });

  it("answers a payload that does not fit as the engine does: with every issue", () => {
    const { refusal } = given().send(switchLight, { id: "a", on: "yes", dim: 3 });
    expect(refusal).toMatchObject({ code: "VALIDATION_ERROR", message: expect.stringContaining("/on") });
    expect(refusal?.issues?.map(({ pointer }) => pointer)).toEqual(["/on", "/dim"]);
  });

  it("refuses an expected revision where there is no target, as the engine does", () => {
    const untargeted = wrong({ target: () => null });
    expect(given().when(untargeted, { id: "a", on: true }, { expected_revision: 0 }).refusal).toMatchObject({
      code: "VALIDATION_ERROR",
      issues: [{ pointer: "/metadata/expected_revision" }],
    });
  });

  it.each([
    [
      "refuses what it did not declare",
      wrong({ decide: () => refuse("INVALID_STATE", "No.") }),
      "undeclared INVALID_STATE",
    ],
    [
      "emits what it did not declare",
      wrong({ decide: () => [hidden.of({ id: "a", on: true })] }),
      "undeclared light:hide",
    ],
    ["decides on nothing", wrong({ decide: () => [] }), "refuse with NO_CHANGE"],
    ["emits data that its event refuses", wrong({ decide: () => [{ type: switched.type, data: {} }] }), "id"],
    [
      "writes an entity that its kind refuses",
      wrong({ emits: [broken], decide: () => [broken.of({ id: "a" })] }),
      "on",
    ],
  ])("throws when a command %s", (_case, command, message) => {
    expect(() => given().when(command, { id: "a", on: true })).toThrow(message);
  });
});
