import { env, exports } from "cloudflare:workers";
import { SignJWT } from "jose";
import type { Env } from "./env.ts";
import { signingSecret } from "./identity/jwt.ts";

/** Where the app believes to be in tests. */
export const ORIGIN = "https://flightdeck.example";

export const testEnv = env as unknown as Env; // The test bindings are those of wrangler.toml.

let made = 0;

/** Unlike every other key of this test file. */
export function newKey(): string {
  return `test-key-${String(++made).padStart(12, "0")}`;
}

/** A token of a person. */
export function tokenOf(subject: string, claims: Record<string, unknown> = {}): Promise<string> {
  return new SignJWT({ sub: subject, sid: `session-of-${subject}`, ...claims })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setIssuer(testEnv.JWT_ISSUER)
    .setAudience(testEnv.JWT_AUDIENCE)
    .setExpirationTime("1h")
    .sign(signingSecret(testEnv));
}

interface Sent {
  readonly token?: string | undefined;
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string | undefined>;
}

/** Sends a request to the Worker as it runs. A body that is not text travels as JSON, and any with a key of its own. */
export async function send(path: string, { token, method, body, headers: more = {} }: Sent = {}): Promise<Response> {
  const headers = new Headers();
  if (token) headers.set("authorization", `Bearer ${token}`);
  if (body !== undefined) {
    headers.set("content-type", "application/json");
    headers.set("idempotency-key", newKey());
  }
  for (const [name, value] of Object.entries(more)) {
    if (value === undefined) headers.delete(name);
    else headers.set(name, value);
  }
  const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const init = {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers,
    ...(text !== undefined && { body: text }),
  };
  return await fetchApp(path, init);
}

/** Sends a request as it is, whatever its body. */
export async function fetchApp(path: string, init: RequestInit): Promise<Response> {
  return await (exports as unknown as { default: Fetcher }).default.fetch(`${ORIGIN}${path}`, init);
}

/** Posts a command with a key of its own. */
export function post(path: string, token: string | undefined, body: unknown): Promise<Response> {
  return send(path, { token, body });
}

/** An answer's JSON, as the test expects it to be. */
export async function jsonOf<T = Record<string, unknown>>(response: Response): Promise<T> {
  return await response.json<T>();
}

/** A workspace with a campaign in it. */
export interface Team {
  readonly ws: string;
  readonly owner: string;
  readonly campaign: { readonly id: string; readonly slug: string };
}

/** Founds a workspace with a campaign; `owner` is the founder's token. */
export async function foundTeam(name = `team-${++made}`): Promise<Team> {
  const owner = await tokenOf(`owner-of-${name}`);
  const workspace = { name, timezone: "America/New_York", currency: "USD", owner_name: "Ada Moreno" };
  const created = await post("/v1/workspaces", owner, workspace);
  const ws = (await jsonOf<{ data: { workspace: { id: string } } }>(created)).data.workspace.id;
  const asked = { title: "Autumn", slug: "autumn" };
  const listed = await post(`/v1/workspaces/${ws}/campaign/create`, owner, asked);
  const { id, slug } = (await jsonOf<{ data: Team["campaign"] }>(listed)).data;
  return { ws, owner, campaign: { id, slug } };
}
