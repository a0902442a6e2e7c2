import { Hono } from "hono";
import type { Env } from "./env.ts";

export function createApp(): Hono<{ Bindings: Env }> {
  return new Hono<{ Bindings: Env }>().get("/healthz", (c) => c.json({ ok: true }));
}
