import { createRemoteJWKSet, errors, jwtVerify } from "jose";
import type { JWTPayload, JWTVerifyGetKey, JWTVerifyOptions } from "jose";
import { MAX_TOKEN_LIFE_MS, SessionId } from "../../core/domain/sessions/entities.ts";
import { WorkspaceId } from "../../core/model/units.ts";
import { sha256 } from "../platform/randomness.ts";
import type { Credentials } from "./credentials.ts";

/** How tokens are to be verified: the names are those of the environment. */
export interface JwtSettings {
  readonly JWT_SECRET?: string;
  readonly JWKS_URL?: string;
  readonly JWT_ISSUER: string;
  readonly JWT_AUDIENCE: string;
  readonly JWT_TYP?: string;
  readonly SUBJECT_CLAIM?: string;
}

/** The issuer's public keys cannot be fetched now. Not the caller's fault, so not a 401. */
export class KeysUnavailable extends Error {}

const CLOCK_TOLERANCE_SECONDS = 30;
const MIN_SECRET_BYTES = 32;
const MAX_TOKEN_CHARS = 8192;
const SUBJECT = /^\S{1,255}$/u;

/** One per address for the life of the isolate, because a key set caches the keys it fetched. */
const keySets = new Map<string, JWTVerifyGetKey>();

/** Verifies a JWT as RFC 8725 asks: the algorithm is ours to choose, never the token's. Null if it is not valid. */
export async function verifyJwt(token: string, settings: JwtSettings, now: number): Promise<Credentials | null> {
  if (token.length > MAX_TOKEN_CHARS) return null;
  const options: JWTVerifyOptions = {
    issuer: settings.JWT_ISSUER,
    audience: settings.JWT_AUDIENCE,
    typ: settings.JWT_TYP ?? "JWT",
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    currentDate: new Date(now),
    requiredClaims: ["exp"],
  };
  try {
    // With a key set configured no shared secret is accepted: a public key must never be usable as one.
    const { payload } = settings.JWKS_URL
      ? await jwtVerify(token, keySet(settings.JWKS_URL), { ...options, algorithms: ["RS256", "ES256"] })
      : await jwtVerify(token, signingSecret(settings), { ...options, algorithms: ["HS256"] });
    return toCredentials(payload, settings, now);
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}

/** The secret as a key. Throws if there is none, or one that could be guessed. */
export function signingSecret(settings: Pick<JwtSettings, "JWT_SECRET">): Uint8Array {
  const secret = new TextEncoder().encode(settings.JWT_SECRET ?? "");
  if (secret.byteLength < MIN_SECRET_BYTES) {
    throw new Error(`Set JWKS_URL, or JWT_SECRET of at least ${MIN_SECRET_BYTES} bytes`);
  }
  return secret;
}

function keySet(url: string): JWTVerifyGetKey {
  const known = keySets.get(url);
  if (known) return known;
  const remote = createRemoteJWKSet(new URL(url));
  const made: JWTVerifyGetKey = async (header, token) => {
    try {
      return await remote(header, token);
    } catch (error) {
      const aboutTheToken =
        error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys;
      if (aboutTheToken) throw error;
      throw new KeysUnavailable("The token issuer's keys cannot be fetched", { cause: error });
    }
  };
  keySets.set(url, made);
  return made;
}

function toCredentials(claims: JWTPayload, settings: JwtSettings, now: number): Credentials | null {
  const subject = claims[settings.SUBJECT_CLAIM ?? "sub"];
  if (typeof subject !== "string" || !SUBJECT.test(subject) || claims.exp === undefined) return null;
  // A sign-out is remembered for as long as a token may live: one that lived longer would come back to life.
  if (claims.exp * 1000 - now > MAX_TOKEN_LIFE_MS) return null;
  const workspace = WorkspaceId.nullish().safeParse(claims["workspace_id"]);
  if (!workspace.success) return null;
  return {
    identity: { kind: "user", subject, session_id: sessionOf(claims) },
    expires_at: claims.exp * 1000,
    workspace_id: workspace.data ?? null,
  };
}

/** The session to revoke at sign-out. Providers name sessions as they like, so a name of another shape is digested. */
function sessionOf(claims: JWTPayload): string | null {
  const named = claims["sid"] ?? claims.jti;
  if (typeof named !== "string" || named === "") return null;
  return SessionId.safeParse(named).success ? named : sha256(named);
}
