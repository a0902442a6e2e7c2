import type { CommandDefinition } from "../../../../core/model/command.ts";
import type { EventDefinition } from "../../../../core/model/event.ts";
import { indexCommands } from "../command-index.ts";
import type { RoutedCommand } from "../command-index.ts";
import type { Rooms } from "../ports.ts";
import { PARAMETER_REFS } from "./components.ts";
import { permissionText } from "./permission-text.ts";
import { refusalResponses, refusalsOf } from "./refusals.ts";
import type { JsonSchema, SchemaCollector } from "./schema-collector.ts";

const STATUS = { ok: "200", created: "201", accepted: "202" } as const;

/** One path for each command that HTTP offers. */
export function commandPaths(rooms: Rooms, schemas: SchemaCollector): Record<string, object> {
  const paths: Record<string, object> = {};
  for (const scope of ["workspace", "campaign"] as const) {
    const base =
      scope === "workspace" ? "/v1/workspaces/{workspace}" : "/v1/workspaces/{workspace}/campaigns/{campaign}";
    for (const routed of indexCommands(rooms[scope]).values()) {
      paths[`${base}/${routed.path}`] = { post: commandOperation(routed, scope, schemas) };
    }
  }
  return paths;
}

function commandOperation(routed: RoutedCommand, scope: "workspace" | "campaign", schemas: SchemaCollector): object {
  const { command } = routed;
  const { workspace, campaign, idempotencyKey, ifMatch, dryRun, traceparent } = PARAMETER_REFS;
  const [service = ""] = command.type.split(":");
  return {
    operationId: `${scope}.${routed.path.replace("/", ".")}`,
    tags: [service],
    summary: command.about,
    description: permissionText(command.needs(command.example)),
    parameters: [workspace, ...(scope === "campaign" ? [campaign] : []), idempotencyKey, ifMatch, dryRun, traceparent],
    requestBody: requestBody(routed, scope, schemas),
    responses: {
      [STATUS[command.answers]]: commandResponse(command, schemas),
      ...refusalResponses(refusalsOf(command)),
    },
    "x-command": command.type,
    "x-permission": command.needs(command.example),
    "x-refusals": refusalsOf(command),
  };
}

function requestBody(routed: RoutedCommand, scope: string, schemas: SchemaCollector): object {
  const { command } = routed;
  const name = `command.${command.type.replaceAll(":", ".")}`;
  const named = schemas.add(name, command.input, "input");
  const schema = scope === "campaign" && routed.takes_campaign_id ? optionalCampaign(name, schemas) : named;
  return { required: true, content: { "application/json": { schema, example: exampleOf(routed, scope) } } };
}

function exampleOf({ command: { example }, takes_campaign_id }: RoutedCommand, scope: string): unknown {
  if (scope !== "campaign" || !takes_campaign_id || typeof example !== "object" || example === null) return example;
  const { campaign_id: _inTheAddress, ...rest } = { campaign_id: undefined, ...example };
  return rest;
}

/** The payload over HTTP may leave out `campaign_id`: the address has it. */
function optionalCampaign(name: string, schemas: SchemaCollector): object {
  const schema = schemas.get(name);
  const { required } = schema ?? {};
  if (!schema || !required?.includes("campaign_id")) return { $ref: `#/components/schemas/${name}` };
  const relaxed: JsonSchema = { ...schema, required: required.filter((field) => field !== "campaign_id") };
  return schemas.put(`${name}.http`, relaxed);
}

/** The answer to a command that was carried out. */
export function commandResponse(command: CommandDefinition, schemas: SchemaCollector): object {
  const events = command.emits.map((event) => answerData(event, schemas));
  const [only] = events;
  return {
    description:
      command.answers === "accepted" ? "The work has begun." : "It was carried out, now or at an earlier try.",
    headers: {
      ETag: { $ref: "#/components/headers/ETag" },
      "X-Correlation-Id": { $ref: "#/components/headers/X-Correlation-Id" },
    },
    content: {
      "application/json": {
        schema: {
          type: "object",
          required: ["type", "id", "seq", "data"],
          properties: {
            type: { type: "string", const: `${command.type}:success` },
            id: { type: "string", description: "The Idempotency-Key." },
            seq: { type: "integer", description: "Where in the room's history it was committed." },
            replayed: { type: "boolean", description: "Present if an earlier request with this key did it." },
            dry_run: { type: "boolean", description: "Present if nothing was done." },
            data: events.length === 1 && only ? only : { anyOf: events.length > 0 ? events : [{}] },
          },
        },
      },
    },
  };
}

/** What the first event tells its sender. Answers may hold more: what is shown once only, such as a new key. */
function answerData(event: EventDefinition, schemas: SchemaCollector): { $ref: string } {
  const name = `event.${event.type.replaceAll(":", ".")}`;
  const reference = schemas.add(name, event.wire?.data ?? event.data, "output");
  const { additionalProperties: _open, ...schema } = schemas.get(name) ?? {};
  schemas.put(name, schema);
  return reference;
}
