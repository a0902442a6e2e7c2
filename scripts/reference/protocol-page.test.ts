import { describe, expect, it } from "vitest";
import { z } from "zod";
import { REFUSALS } from "../../core/model/refusal.ts";
import { CLOSE_CODES } from "../../core/protocol/close-codes.ts";
import { campaignRoom } from "../../core/rooms/campaign-room.ts";
import { workspaceRoom } from "../../core/rooms/workspace-room.ts";
import { protocolPage } from "./protocol-page.ts";
import { schemaTable } from "./schema-table.ts";

const page = protocolPage({ workspace: workspaceRoom, campaign: campaignRoom });

describe("the protocol's reference", () => {
  it("has every command a client may send, with its HTTP address", () => {
    for (const room of [workspaceRoom, campaignRoom]) {
      for (const command of room.commands.values()) {
        const isInternal = command.needs(command.example) === "system";
        expect([command.type, page.includes(`### \`${command.type}\`\n`)]).toEqual([command.type, !isInternal]);
        if (isInternal || command.creates_room) continue;
        const [service, action] = command.type.split(":");
        expect(page).toContain(`/${service}/${action}\`, answers`);
      }
    }
  });

  it("has every event, refusal and close code", () => {
    const events = [...workspaceRoom.events.keys(), ...campaignRoom.events.keys()];
    const names = [...events, ...Object.keys(REFUSALS), ...Object.keys(CLOSE_CODES)];
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it("says what a permission depends on, and how a room that does not exist is created", () => {
    const section = (type: string): string => page.split(`### \`${type}\`\n`)[1]?.split("\n### ")[0] ?? "";
    const both = /`member\.manage` .* `viewer` or `operator`; `owner\.manage` .* `admin` or `owner`/;
    expect(section("member:add:v1")).toMatch(both);
    expect(section("member:set_role:v1")).toMatch(both);
    expect(section("media_buy:update:v1")).toContain("- Permission: `media_buy.edit` (from operator up)\n");
    expect(section("workspace:create:v1")).toContain("Over HTTP only");
    expect(section("workspace:create:v1")).not.toContain(":requested");
  });

  it("leads nowhere that is not on the page", () => {
    const anchor = (title: string): string =>
      title
        .toLowerCase()
        .replaceAll(/[^a-z0-9 _-]/g, "")
        .replaceAll(" ", "-");
    const anchors = new Set([...page.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) => anchor(title)));
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, target = ""]) => target);
    expect(links.filter((target) => !anchors.has(target))).toEqual([]);
  });

  it("says nothing of what only rooms see", () => {
    expect(page).not.toContain("### `api_key_credential`");
  });
});

describe("a schema as a table", () => {
  it("names fields in fields, items of lists, what is required and its limits", () => {
    const schema = z.strictObject({
      name: z.string().max(20),
      budget: z.strictObject({ micros: z.int().positive() }).optional(),
      parts: z.array(z.strictObject({ share: z.number().min(0).max(1) })).max(5),
    });
    expect(schemaTable(schema, "input").split("\n").slice(2)).toEqual([
      "| `name` | string | yes | length ≤ 20 |",
      "| `budget` | object |  |  |",
      "| `budget.micros` | integer | yes | > 0 |",
      "| `parts` | list of object | yes | items ≤ 5 |",
      "| `parts[].share` | number | yes | ≥ 0; ≤ 1 |",
    ]);
  });

  it("tells alternatives apart by what is constant in them", () => {
    const schema = z.discriminatedUnion("type", [
      z.strictObject({ type: z.literal("a"), x: z.string() }),
      z.strictObject({ type: z.literal("b"), y: z.null() }),
    ]);
    const text = schemaTable(schema, "input");
    expect(text).toContain("**`a`**");
    expect(text).toContain("| `y` | null | yes |  |");
    expect(schemaTable(z.strictObject({ what: schema }), "input")).toContain("| `what(type=b).y` | null | yes |  |");
  });

  it("escapes what would end a cell", () => {
    expect(schemaTable(z.strictObject({ pick: z.string().regex(/^a|b$/) }), "input")).toContain("`^a\\|b$`");
  });
});
