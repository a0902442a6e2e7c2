/** What the deployment gives the Worker: see wrangler.toml and docs/deploy.md. */
export interface Env {
  readonly WORKSPACE_ROOM: DurableObjectNamespace;
  readonly CAMPAIGN_ROOM: DurableObjectNamespace;
  readonly DB: D1Database;
  readonly ASSETS: Fetcher;
  /** Only the exact text "development" switches on the demo sign-in. */
  readonly ENVIRONMENT: string;
  /** HS256, at least 32 bytes. Ignored if JWKS_URL is set. */
  readonly JWT_SECRET?: string;
  /** Where the public keys for RS256 and ES256 are. */
  readonly JWKS_URL?: string;
  readonly JWT_ISSUER: string;
  readonly JWT_AUDIENCE: string;
  /** The `typ` of accepted tokens, "JWT" if absent; some providers send "at+jwt". */
  readonly JWT_TYP?: string;
  /** The claim that names the person, "sub" if absent. */
  readonly SUBJECT_CLAIM?: string;
  /** Origins besides our own that browsers may call from, separated by commas or spaces. */
  readonly ALLOWED_ORIGINS: string;
  /** "off" places every object without a jurisdiction: for a runtime that has none. */
  readonly JURISDICTIONS?: string;
  /** Commands per second and burst of a person's session, `20/100` if absent. */
  readonly RATE_PERSON?: string;
  /** The same of an API key, `200/400` if absent. */
  readonly RATE_API_KEY?: string;
  /** Rooms whose epoch is lower start a new history for their readers: raise it by one after a point-in-time restore. 1 if absent. */
  readonly EPOCH?: string;
  /** Days of history a room keeps at least, 90 if absent, never less than 7. */
  readonly HISTORY_DAYS?: string;
}
