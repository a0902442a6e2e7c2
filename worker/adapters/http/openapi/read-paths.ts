import type { z } from "zod";
import type { EntityKind } from "../../../../core/model/entity.ts";
import type { Query, Rooms } from "../ports.ts";
import { hasField } from "../schema-fields.ts";
import { PARAMETER_REFS } from "./components.ts";
import { permissionText } from "./permission-text.ts";
import { READ_REFUSALS, refusalResponses } from "./refusals.ts";
import { jsonSchemaOf } from "./schema-collector.ts";
import type { SchemaCollector } from "./schema-collector.ts";

const WORKSPACE = "/v1/workspaces/{workspace}";
const CAMPAIGN = `${WORKSPACE}/campaigns/{campaign}`;
const { workspace, campaign, id } = PARAMETER_REFS;

/** The kinds of a room that anybody outside may read, which are those held in its memory. */
export function readableKinds(kinds: Iterable<EntityKind>): EntityKind[] {
  return [...kinds].filter((kind) => kind.resident && !isInternal(kind));
}

/** Whether only the room itself sees entities of a kind, whatever they are. */
function isInternal(kind: EntityKind): boolean {
  try {
    return kind.audience?.({ id: "" })?.needs === "system";
  } catch {
    return false; // Its audience depends on the entity, so somebody may see some.
  }
}

/** `GET …/{kind}` and `GET …/{kind}/{id}`, answered by the room. */
export function roomReadPaths(rooms: Rooms, schemas: SchemaCollector): Record<string, object> {
  const paths: Record<string, object> = {};
  for (const [scope, base] of [
    ["workspace", WORKSPACE],
    ["campaign", CAMPAIGN],
  ] as const) {
    const address = scope === "workspace" ? [workspace] : [workspace, campaign];
    for (const kind of readableKinds(rooms[scope].entities.values())) {
      // What a campaign's room mirrors is read at its source.
      if (scope === "campaign" && rooms.workspace.entities.has(kind.kind)) continue;
      const schema = schemas.add(`entity.${kind.kind}`, kind.schema, "output");
      const operation = { tags: [kind.kind], description: kind.about };
      const own = kind.kind === scope;
      if (own) {
        paths[base] = {
          get: {
            ...operation,
            operationId: `${scope}.get`,
            summary: `The ${scope}`,
            parameters: address,
            responses: one(schema),
          },
        };
        continue;
      }
      paths[`${base}/${kind.kind}`] = {
        get: {
          ...operation,
          operationId: `${scope}.${kind.kind}.all`,
          summary: `Every ${kind.kind} you may see`,
          parameters: address,
          responses: many(schema),
        },
      };
      paths[`${base}/${kind.kind}/{id}`] = {
        get: {
          ...operation,
          operationId: `${scope}.${kind.kind}.get`,
          summary: `One ${kind.kind}`,
          parameters: [...address, id],
          responses: one(schema),
        },
      };
    }
    for (const view of rooms[scope].views.values()) {
      const schema = schemas.add(`view.${view.name}`, view.schema, "output");
      const get = { tags: [view.name], description: view.about, summary: view.name };
      paths[`${base}/${view.name}`] = {
        get: { ...get, operationId: `${scope}.${view.name}.all`, parameters: address, responses: many(schema) },
      };
      paths[`${base}/${view.name}/{id}`] = {
        get: { ...get, operationId: `${scope}.${view.name}.get`, parameters: [...address, id], responses: one(schema) },
      };
    }
  }
  return paths;
}

/** Lists, search and reports, answered by the read model. */
export function queryPaths(queries: readonly Query[], schemas: SchemaCollector): Record<string, object> {
  const paths: Record<string, object> = {};
  for (const query of queries) {
    paths[`${WORKSPACE}/${query.name}`] = { get: queryOperation(query, "workspace", schemas) };
    if (!hasField(query.query, "campaign_id")) continue;
    paths[`${CAMPAIGN}/${query.name}`] = { get: queryOperation(query, "campaign", schemas) };
  }
  return paths;
}

function queryOperation(query: Query, scope: "workspace" | "campaign", schemas: SchemaCollector): object {
  const schema = schemas.add(`query.${query.name}`, query.answer, "output");
  const inAddress = scope === "campaign" ? "campaign_id" : "";
  return {
    operationId: `${scope}.${query.name}.query`,
    tags: [query.name],
    summary: query.about,
    description: permissionText(query.needs),
    parameters: [workspace, ...(scope === "campaign" ? [campaign] : []), ...queryParameters(query.query, inAddress)],
    responses: {
      "200": { description: "What was found, and the moment it shows.", content: { "application/json": { schema } } },
      ...refusalResponses([...READ_REFUSALS, "INVALID_REQUEST", "PERMISSION_DENIED"]),
    },
  };
}

/** The parameters of a query string; `inAddress` names one that the address has already. */
export function queryParameters(query: z.ZodType, inAddress = ""): object[] {
  const { properties, required } = jsonSchemaOf(query, "input");
  const named = Object.entries(properties ?? {}).filter(([name]) => name !== inAddress);
  return named.map(([name, schema]) => ({
    name,
    in: "query",
    required: required?.includes(name) ?? false,
    ...(typeof schema["description"] === "string" && { description: schema["description"] }),
    schema,
  }));
}

const item = (schema: object): object => ({
  id: { type: "string" },
  revision: { type: "integer" },
  data: schema,
});

function one(schema: object): object {
  const properties = { as_of: { $ref: "#/components/schemas/AsOf" }, kind: { type: "string" }, ...item(schema) };
  const body = { type: "object", required: ["as_of", "kind", "id", "revision", "data"], properties };
  return ok(body, { ETag: { $ref: "#/components/headers/ETag" } });
}

function many(schema: object): object {
  const items = {
    type: "array",
    items: { type: "object", required: ["id", "revision", "data"], properties: item(schema) },
  };
  const properties = { as_of: { $ref: "#/components/schemas/AsOf" }, kind: { type: "string" }, items };
  return ok({ type: "object", required: ["as_of", "kind", "items"], properties }, {});
}

function ok(schema: object, headers: object): object {
  const response = { description: "As the room holds it now.", headers, content: { "application/json": { schema } } };
  return { "200": response, ...refusalResponses(READ_REFUSALS) };
}
