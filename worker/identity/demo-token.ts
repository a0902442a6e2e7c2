import { SignJWT } from "jose";
import { DEMO_PEOPLE } from "./demo-people.ts";
import type { DemoPersonName } from "./demo-people.ts";
import { signingSecret } from "./jwt.ts";
import type { JwtSettings } from "./jwt.ts";

const DEMO_TOKEN_HOURS = 12;

/** A demo person's sign-in. `expires_at` is ISO-8601 UTC. */
export interface DemoSignIn {
  readonly token: string;
  readonly workspace_id: string;
  readonly expires_at: string;
}

/** Whether this deployment has the demo sign-in: only if it says, exactly, that it is for development. */
export function hasDemoSignIn(environment: string): boolean {
  return environment === "development";
}

/** The demo person of a name that was checked before. */
export function demoPersonNamed(name: string): DemoPersonName {
  if (!Object.hasOwn(DEMO_PEOPLE, name)) throw new Error(`There is no demo person ${name}`);
  return name as DemoPersonName; // Its own key, as just seen.
}

/** Signs a token of a new session for a demo person. It proves identity only: the role is the room's to say. */
export async function signInDemo(name: DemoPersonName, settings: JwtSettings, now = Date.now()): Promise<DemoSignIn> {
  const person = DEMO_PEOPLE[name];
  const issued = Math.floor(now / 1000);
  const expires = issued + DEMO_TOKEN_HOURS * 3600;
  const token = await new SignJWT({
    [settings.SUBJECT_CLAIM ?? "sub"]: person.user_id,
    sid: `demo-${crypto.randomUUID()}`,
    name: person.name,
  })
    .setProtectedHeader({ alg: "HS256", typ: settings.JWT_TYP ?? "JWT" })
    .setIssuer(settings.JWT_ISSUER)
    .setAudience(settings.JWT_AUDIENCE)
    .setIssuedAt(issued)
    .setExpirationTime(expires)
    .sign(signingSecret(settings));
  return { token, workspace_id: person.workspace_id, expires_at: new Date(expires * 1000).toISOString() };
}
