import { Hono } from "hono";
import type { Http, HttpSurface } from "./ports.ts";
import { openApiDocument } from "./openapi/document.ts";

/** Scripts are files of their own, because the pages' policy allows no inline script. */
const DOCS_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Flightdeck API</title>
    <link rel="stylesheet" href="/docs-assets/swagger-ui.css">
    <script defer src="/docs-assets/swagger-ui-bundle.js"></script>
    <script defer src="/docs/start.js"></script>
  </head>
  <body><div id="swagger-ui"></div></body>
</html>
`;

const DOCS_SCRIPT = `SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  docExpansion: "list",
  validatorUrl: null,
});
`;

/** `/openapi.json` and the browsable reference at `/docs`. Both are public: they tell nothing about any workspace. */
export function docsRoutes(surface: HttpSurface): Hono<Http> {
  const routes = new Hono<Http>();
  let openApi: string | undefined; // Made at the first request: an isolate that is never asked need not make it.
  routes.get("/openapi.json", () => {
    openApi ??= JSON.stringify(openApiDocument(surface));
    return text(openApi, "application/json");
  });
  routes.get("/docs", () => text(DOCS_PAGE, "text/html; charset=utf-8"));
  routes.get("/docs/start.js", () => text(DOCS_SCRIPT, "text/javascript; charset=utf-8"));
  return routes;
}

function text(body: string, type: string): Response {
  return new Response(body, { headers: { "content-type": type, "cache-control": "public, max-age=60" } });
}
