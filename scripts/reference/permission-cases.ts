import { lowestRole } from "../../core/model/access.ts";
import type { CommandDefinition } from "../../core/model/command.ts";
import { jsonSchemaOf } from "../../worker/adapters/http/openapi/schema-collector.ts";

/**
 * What a command needs, in words. Where it depends on the input, each value of the deciding field is tried in the
 * command's example: `needs` is a function, and asking it is the only way to know.
 */
export function permissionsOf(command: CommandDefinition): string {
  const usual = command.needs(command.example);
  for (const [field, values] of enumFields(command)) {
    const cases = Map.groupBy(values, (value) => command.needs({ ...asObject(command.example), [field]: value }));
    if (cases.size < 2) continue;
    return [...cases]
      .map(
        ([permission, group]) => `${named(permission)} for \`${field}\` ${group.map((v) => `\`${v}\``).join(" or ")}`,
      )
      .join("; ");
  }
  return named(usual);
}

function named(permission: ReturnType<CommandDefinition["needs"]>): string {
  return `\`${permission}\` (from ${lowestRole(permission) ?? "nobody"} up)`;
}

/** The fields of a payload that take one of a few texts, with these texts. */
function enumFields(command: CommandDefinition): [field: string, values: readonly string[]][] {
  const { properties = {} } = jsonSchemaOf(command.input, "input");
  return Object.entries(properties).flatMap(([field, schema]): [string, string[]][] => {
    const values = schema["enum"];
    return Array.isArray(values) ? [[field, values.filter((value) => typeof value === "string")]] : [];
  });
}

function asObject(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}
