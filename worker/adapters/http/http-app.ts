import { Hono } from "hono";
import type { Context } from "hono";
import { refuse } from "../../../core/model/refusal.ts";
import { WorkspaceId } from "../../../core/model/units.ts";
import { json } from "./answer.ts";
import { demoRoutes } from "./demo-routes.ts";
import { commandRoutes } from "./command-routes.ts";
import { docsRoutes } from "./docs-routes.ts";
import { liveRoutes } from "./live-routes.ts";
import type { Http, HttpPorts, HttpSurface } from "./ports.ts";
import { notFound, problem } from "./problem.ts";
import { readRoutes } from "./read-routes.ts";
import { authenticated, frame, isForWorkspace } from "./request-context.ts";
import { uploadRoutes } from "./upload-routes.ts";
import { workspaceRoutes } from "./workspace-routes.ts";

/** Every HTTP route, on these ports. */
export function httpApp(surface: HttpSurface, ports: HttpPorts): Hono<Http> {
  const app = new Hono<Http>();
  app.use(async (c, next) => {
    c.set("ports", ports);
    await next();
  });
  app.use(frame);
  app.get("/healthz", () => json({ ok: true }, 200));
  app.get("/readyz", ready);
  app.route("/", docsRoutes(surface));
  if (ports.demo) app.route("/v1", demoRoutes(ports.demo));
  app.route("/v1/workspaces", liveRoutes());

  // From here on a request needs a credential, and an address that could be one of its workspaces.
  app.use("/v1/me", authenticated);
  app.use("/v1/workspaces", authenticated);
  app.use("/v1/workspaces/*", authenticated);
  app.use("/v1/workspaces/:ws/*", async (c, next) => {
    const ws = c.req.param("ws");
    const possible = WorkspaceId.safeParse(ws).success && isForWorkspace(c.var.verified, ws);
    return possible ? await next() : notFound();
  });
  app.route("/v1", workspaceRoutes(surface.rooms));
  app.route("/v1/workspaces", uploadRoutes(surface.uploads));
  app.route("/v1/workspaces", commandRoutes(surface.rooms));
  app.route("/v1/workspaces", readRoutes(surface.queries));
  app.notFound(() => notFound());
  app.onError(failed);
  return app;
}

async function ready(c: Context<Http>): Promise<Response> {
  const ok = await c.var.ports.ready();
  return ok ? json({ ok: true }, 200) : problem(refuse("UNAVAILABLE", "The read model does not answer."));
}

/** An exception is a mistake of ours or a passing trouble: logged by its correlation id, told without its text. */
function failed(error: Error, c: Context<Http>): Response {
  const { ports, correlation_id } = c.var;
  const temporary = ports.isTemporary(error);
  ports.log(temporary ? "warn" : "error", "request failed", {
    correlation_id,
    method: c.req.method,
    path: c.req.path,
    error: error.stack ?? String(error),
  });
  return temporary
    ? problem(refuse("UNAVAILABLE", "This cannot be answered at the moment."))
    : problem(refuse("INTERNAL", "Something went wrong on our side."));
}
