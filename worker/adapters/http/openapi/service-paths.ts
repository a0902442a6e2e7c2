import { z } from "zod";
import { creatingCommand } from "../command-index.ts";
import type { Rooms } from "../ports.ts";
import { commandResponse } from "./command-paths.ts";
import { PARAMETER_REFS } from "./components.ts";
import { READ_REFUSALS, refusalResponses, refusalsOf } from "./refusals.ts";
import type { JsonSchema, SchemaCollector } from "./schema-collector.ts";

export const serviceDescription = `Every command is one \`POST\` whose body is its payload. Send an \`Idempotency-Key\` that stays the same when you
retry: the second answer is the first one, marked \`replayed\`. Send \`If-Match\` with the revision you have seen to be
refused if somebody changed it meanwhile, and \`Dry-Run: true\` to see what would happen.

Money is integer micros of the workspace's currency (1,000,000 micros = 1 unit), rates are fractions of 1, times are
ISO 8601 in UTC. Refusals are RFC 9457 problem documents with a \`code\`, a \`message\`, \`issues\` by field and a \`hint\`.
What does not exist and what is not yours look the same: 404 \`NOT_FOUND\`.`;

/** Routes that belong to no room: creating one, and who I am. */
export function servicePaths(rooms: Rooms, schemas: SchemaCollector): Record<string, object> {
  return {
    ...creation(rooms, schemas),
    "/v1/me": {
      get: {
        operationId: "me",
        tags: ["workspace"],
        summary: "Who your token proves you to be, and your workspaces",
        description:
          "For people, not API keys. The token is verified, but whether it was signed out is for each workspace to say.",
        responses: {
          "200": {
            description: "From the read model.",
            content: { "application/json": { schema: { type: "object" } } },
          },
          ...refusalResponses([...READ_REFUSALS, "PERMISSION_DENIED"]),
        },
      },
    },
    "/healthz": probe("healthz", "Whether the Worker runs"),
    "/readyz": probe("readyz", "Whether the read model answers"),
  };
}

function creation(rooms: Rooms, schemas: SchemaCollector): Record<string, object> {
  const command = creatingCommand(rooms.workspace);
  if (!command) return {};
  const name = `command.${command.type.replaceAll(":", ".")}`;
  schemas.add(name, command.input, "input");
  const schema = schemas.put(`${name}.http`, withJurisdiction(schemas.get(name) ?? {}));
  const { idempotencyKey, dryRun, traceparent } = PARAMETER_REFS;
  const post = {
    operationId: "workspace.create",
    tags: ["workspace"],
    summary: command.about,
    description: "Leave `workspace_id` out to get one. Any signed-in person may; an API key may not.",
    parameters: [idempotencyKey, dryRun, traceparent],
    requestBody: { required: true, content: { "application/json": { schema, example: command.example } } },
    responses: { "201": commandResponse(command, schemas), ...refusalResponses(refusalsOf(command)) },
    "x-command": command.type,
    "x-permission": null,
    "x-refusals": refusalsOf(command),
  };
  return { "/v1/workspaces": { post } };
}

/** Over HTTP the id may be left out, and the jurisdiction named, which becomes part of the id. */
function withJurisdiction(schema: JsonSchema): JsonSchema {
  const jurisdiction = z.toJSONSchema(z.enum(["eu", "us", "fedramp"]).nullish(), { io: "input" });
  const description = "Where the workspace's data must stay. It becomes part of the id.";
  return {
    ...schema,
    required: schema.required?.filter((field) => field !== "workspace_id") ?? [],
    properties: { ...schema.properties, jurisdiction: { anyOf: jurisdiction.anyOf, description } },
  };
}

function probe(operationId: string, summary: string): object {
  const ok = { description: "It does.", content: { "application/json": { schema: { type: "object" } } } };
  return {
    get: {
      operationId,
      tags: ["operations"],
      summary,
      security: [],
      responses: { "200": ok, ...refusalResponses(["UNAVAILABLE"]) },
    },
  };
}
