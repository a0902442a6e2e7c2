import { z } from "zod";
import type { RoomDefinition } from "../../../core/model/room.ts";
import { campaignRoom } from "../../../core/rooms/campaign-room.ts";
import { workspaceRoom } from "../../../core/rooms/workspace-room.ts";

/** One request below a workspace; `path` has the placeholders `{workspace}`, `{campaign}` and `{id}`. */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly type?: string;
  readonly body?: string;
}

const WORKSPACE = "/v1/workspaces/{workspace}";
const CAMPAIGN = `${WORKSPACE}/campaigns/{campaign}`;
const CSV = "Date,Impressions,Clicks,Spend\n2026-11-01,1000,10,5.00\n";

const Parameter = z.looseObject({
  name: z.string(),
  in: z.string(),
  required: z.boolean().optional(),
  schema: z.looseObject({ enum: z.array(z.string()).optional() }).optional(),
});
const Operation = z.looseObject({
  parameters: z.array(z.union([z.strictObject({ $ref: z.string() }), Parameter])).optional(),
  requestBody: z
    .looseObject({ content: z.record(z.string(), z.looseObject({ example: z.unknown().optional() })) })
    .optional(),
});
const OpenApi = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
});

/** Every route below a workspace that the OpenAPI document of `url` describes, with its example and what its query requires. */
export async function describedRoutes(url: string): Promise<Route[]> {
  const { paths } = OpenApi.parse(await (await fetch(`${url}/openapi.json`)).json());
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation: Operation.parse(operation) })),
  );
  return operations.filter(({ path }) => path.startsWith(WORKSPACE)).flatMap(toRoutes);
}

/** What the registries of both rooms hold, whether it is offered over HTTP or not: every command and every kind. */
export function registeredRoutes(): Route[] {
  return [...routesOf(WORKSPACE, workspaceRoom), ...routesOf(CAMPAIGN, campaignRoom)];
}

function routesOf(base: string, room: RoomDefinition): Route[] {
  const commands = [...room.commands.values()].map(({ type, example }) => {
    const [service, action] = type.split(":");
    const body = JSON.stringify(example);
    return { method: "POST", path: `${base}/${service}/${action}`, type: "application/json", body };
  });
  const kinds = [...room.entities.keys()].flatMap((kind) => [
    { method: "GET", path: `${base}/${kind}` },
    { method: "GET", path: `${base}/${kind}/{id}` },
  ]);
  return [...commands, ...kinds];
}

function toRoutes({
  path,
  method,
  operation,
}: {
  path: string;
  method: string;
  operation: z.infer<typeof Operation>;
}): Route[] {
  const query = new URLSearchParams();
  for (const parameter of operation.parameters ?? []) {
    const asked = Parameter.safeParse(parameter).data;
    if (asked?.in === "query" && asked.required) query.set(asked.name, asked.schema?.enum?.[0] ?? "harbour");
  }
  const address = query.size > 0 ? `${path}?${query}` : path;
  const bodies = Object.entries(operation.requestBody?.content ?? {});
  if (bodies.length === 0) return [{ method: method.toUpperCase(), path: address }];
  return bodies.map(([type, { example }]) => {
    const body = type.includes("json") ? JSON.stringify(example) : CSV;
    return { method: method.toUpperCase(), path: address, type, body };
  });
}
