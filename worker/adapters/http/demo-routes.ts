import { Hono } from "hono";
import { z } from "zod";
import { refuse } from "../../../core/model/refusal.ts";
import { toIssues } from "../../engine/pipeline.ts";
import { json } from "./answer.ts";
import { readJson } from "./body.ts";
import type { DemoPort, Http } from "./ports.ts";
import { problem } from "./problem.ts";

const MAX_SIGN_IN_BYTES = 1024;

/** `POST /v1/auth/demo` and `POST /v1/demo/seed`: mounted in development only. */
export function demoRoutes(demo: DemoPort): Hono<Http> {
  const routes = new Hono<Http>();
  routes.get("/auth/demo", () => json({ people: demo.people }, 200));
  routes.post("/auth/demo", async (c) => {
    const body = await readJson(c.req.raw, MAX_SIGN_IN_BYTES);
    if (!body.ok) return problem(body.refusal, body.status);
    const asked = z.strictObject({ person: z.enum(demo.people) }).safeParse(body.value);
    if (!asked.success) {
      return problem(refuse("INVALID_REQUEST", "There is no such demo person.", { issues: toIssues(asked.error) }));
    }
    return json(await demo.signIn(asked.data.person), 200);
  });
  routes.post("/demo/seed", async () => json(await demo.seed(), 200));
  return routes;
}
