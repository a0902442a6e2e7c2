import type { CommandDefinition } from "../../core/model/command.ts";
import type { RoomDefinition } from "../../core/model/room.ts";
import { indexCommands } from "../../worker/adapters/http/command-index.ts";
import { codes, json } from "./markdown.ts";
import { permissionsOf } from "./permission-cases.ts";
import { schemaTable } from "./schema-table.ts";

const ADDRESS = {
  workspace: "/v1/workspaces/{workspace}",
  campaign: "/v1/workspaces/{workspace}/campaigns/{campaign}",
};

/** Every command of a room that a client may send, with its payload, its refusals and both ways to send it. */
export function commandSection(room: RoomDefinition): string {
  const routes = new Map([...indexCommands(room).values()].map(({ command, path }) => [command.type, path]));
  const commands = [...room.commands.values()].filter((command) => command.needs(command.example) !== "system");
  const sections = commands.map((command) => describe(command, httpAddress(command, room, routes.get(command.type))));
  return sections.join("\n\n");
}

function httpAddress(command: CommandDefinition, room: RoomDefinition, path: string | undefined): string {
  if (command.creates_room) return "`POST /v1/workspaces`";
  return path === undefined ? "an older version: by socket only" : `\`POST ${ADDRESS[room.kind]}/${path}\``;
}

function describe(command: CommandDefinition, http: string): string {
  const answers = { ok: "200", created: "201", accepted: "202" }[command.answers];
  const facts = [
    `- Permission: ${command.creates_room ? "any signed-in person, who becomes the owner; no API key" : permissionsOf(command)}`,
    `- HTTP: ${http}, answers ${answers}`,
    `- Refusals besides [the common ones](#what-any-command-can-be-refused-with): ${codes(command.refuses)}`,
    `- Events: ${codes(command.emits.map((event) => event.type))}`,
    `- In the browser: ${command.optimistic ? "shown at once, undone if refused" : "shown when the room confirms it"}`,
  ];
  return [
    `### \`${command.type}\``,
    command.about,
    facts.join("\n"),
    schemaTable(command.input, "input"),
    ...example(command),
  ].join("\n\n");
}

/** How it is sent. A room that does not exist takes no socket, so what creates one travels over HTTP only. */
function example(command: CommandDefinition): string[] {
  if (command.creates_room)
    return ["Over HTTP only: a socket to a room that does not exist is closed with 4504.", json(command.example)];
  const frame = { type: `${command.type}:requested`, id: "a-name-of-16-characters-or-more", payload: command.example };
  return ["Over the socket:", json(frame)];
}
