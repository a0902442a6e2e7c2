import { PROTOCOL_VERSION } from "../../../../core/protocol/version.ts";
import type { HttpSurface } from "../ports.ts";
import { commandPaths } from "./command-paths.ts";
import { HEADERS, PARAMETERS, SCHEMAS } from "./components.ts";
import { queryPaths, roomReadPaths } from "./read-paths.ts";
import { referredResponses } from "./refusals.ts";
import { SchemaCollector } from "./schema-collector.ts";
import { serviceDescription, servicePaths } from "./service-paths.ts";
import { uploadPaths } from "./upload-paths.ts";

/** The OpenAPI 3.1 description of every route, made from the registries that the routes are made from. */
export function openApiDocument(surface: HttpSurface): object {
  const schemas = new SchemaCollector();
  for (const [name, schema] of Object.entries(SCHEMAS)) schemas.put(name, schema);
  const paths = {
    ...servicePaths(surface.rooms, schemas),
    ...uploadPaths(surface.uploads, commandPaths(surface.rooms, schemas)),
    ...queryPaths(surface.queries, schemas),
    ...roomReadPaths(surface.rooms, schemas),
  };
  return {
    openapi: "3.1.1",
    info: {
      title: "Flightdeck",
      version: `${PROTOCOL_VERSION}.0.0`,
      description: serviceDescription,
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          description: "A JWT of your identity provider, or an API key (`fd_live_…`).",
        },
      },
      parameters: PARAMETERS,
      headers: HEADERS,
      responses: referredResponses(paths),
      schemas: schemas.all(),
    },
  };
}
