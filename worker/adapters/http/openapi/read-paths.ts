import type { EntityKind } from "../../../../core/model/entity.ts";
import { lowestRole } from "../../../../core/model/access.ts";
import type { Permission } from "../../../../core/model/access.ts";
import type { Query, Rooms, Upload } from "../ports.ts";
import { PARAMETER_REFS } from "./components.ts";
import { COMMAND_REFUSALS, READ_REFUSALS, refusalResponses } from "./refusals.ts";
import { jsonSchemaOf } from "./schema-collector.ts";
import type { SchemaCollector } from "./schema-collector.ts";

const WORKSPACE = "/v1/workspaces/{workspace}";
const CAMPAIGN = `${WORKSPACE}/campaigns/{campaign}`;
const { workspace, campaign, id, idempotencyKey, traceparent } = PARAMETER_REFS;

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
  }
  return paths;
}

/** Lists, search and reports, answered by the read model. */
export function queryPaths(queries: readonly Query[]): Record<string, object> {
  const operations = queries.map((query): [string, object] => {
    const inWorkspace = query.scope === "workspace";
    const operation = {
      operationId: `${query.scope}.${query.path.replaceAll(/[/-]/g, ".")}.query`,
      tags: [query.path.split("/")[0]],
      summary: query.about,
      description: permissionText(query.needs),
      parameters: [...(inWorkspace ? [workspace] : [workspace, campaign]), ...queryParameters(query)],
      responses: {
        "200": {
          description: "What was found, and the moment it shows.",
          content: { "application/json": { schema: asOf() } },
        },
        ...refusalResponses([...READ_REFUSALS, "INVALID_REQUEST", "PERMISSION_DENIED"]),
      },
    };
    return [`${inWorkspace ? WORKSPACE : CAMPAIGN}/${query.path}`, { get: operation }];
  });
  return Object.fromEntries(operations);
}

/** Bodies that are streamed. */
export function uploadPaths(uploads: readonly Upload[]): Record<string, object> {
  const operations = uploads.map((upload): [string, object] => {
    const operation = {
      operationId: `campaign.${upload.path.replaceAll("/", ".")}`,
      tags: [upload.path.split("/")[0]],
      summary: upload.about,
      description: `${permissionText(upload.needs)} At most ${upload.max_bytes / 1024 / 1024} MB.`,
      parameters: [
        workspace,
        campaign,
        ...(upload.mutates ? [idempotencyKey] : []),
        traceparent,
        ...queryParameters(upload),
      ],
      requestBody: { required: true, content: { [upload.content_type]: { schema: { type: "string" } } } },
      responses: {
        [upload.status]: {
          description: "What was read.",
          content: { "application/json": { schema: { type: "object" } } },
        },
        ...refusalResponses(COMMAND_REFUSALS),
      },
    };
    return [`${CAMPAIGN}/${upload.path}`, { post: operation }];
  });
  return Object.fromEntries(operations);
}

function queryParameters({ params, example }: Pick<Query | Upload, "params" | "example">): object[] {
  const { properties, required } = jsonSchemaOf(params, "input");
  return Object.entries(properties ?? {}).map(([name, schema]) => ({
    name,
    in: "query",
    required: required?.includes(name) ?? false,
    ...(typeof schema["description"] === "string" && { description: schema["description"] }),
    schema,
    ...(example[name] !== undefined && { example: example[name] }),
  }));
}

function permissionText(permission: Permission): string {
  return `Needs the permission \`${permission}\`, which ${lowestRole(permission) ?? "nobody"} and above have.`;
}

function asOf(): object {
  return { type: "object", required: ["as_of"], properties: { as_of: {} } };
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
