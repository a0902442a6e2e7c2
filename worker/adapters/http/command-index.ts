import type { CommandDefinition } from "../../../core/model/command.ts";
import type { RoomDefinition } from "../../../core/model/room.ts";
import { hasField } from "./schema-fields.ts";

/** A command as HTTP knows it. */
export interface RoutedCommand {
  /** `media_buy/update`: what follows the room in the address. */
  readonly path: string;
  readonly command: CommandDefinition;
  /** Whether its payload has a `campaign_id`, which the address can fill in. */
  readonly takes_campaign_id: boolean;
}

/** The commands of a room that HTTP offers, by path: each in its newest version, without what only the room sends itself. */
export function indexCommands(room: RoomDefinition): ReadonlyMap<string, RoutedCommand> {
  const newest = new Map<string, CommandDefinition>();
  for (const command of room.commands.values()) {
    // Every example fits its schema, so asking with it is asking what the command needs.
    if (command.needs(command.example) === "system" || command.creates_room) continue;
    const path = pathOf(command);
    const other = newest.get(path);
    if (!other || versionOf(command) > versionOf(other)) newest.set(path, command);
  }
  const entries = [...newest].map(([path, command]): [string, RoutedCommand] => [
    path,
    { path, command, takes_campaign_id: hasField(command.input, "campaign_id") },
  ]);
  return new Map(entries);
}

/** The command that creates rooms of this kind, if a client may send it. */
export function creatingCommand(room: RoomDefinition): CommandDefinition | undefined {
  return [...room.commands.values()].find(
    (command) => command.creates_room && command.needs(command.example) !== "system",
  );
}

function pathOf({ type }: CommandDefinition): string {
  return type.split(":").slice(0, 2).join("/");
}

function versionOf({ type }: CommandDefinition): number {
  return Number(type.slice(type.lastIndexOf("v") + 1));
}
