import type { Identity } from "../../core/model/room.ts";
import { verifyApiKey } from "./api-key.ts";
import { verifyJwt } from "./jwt.ts";
import type { JwtSettings } from "./jwt.ts";

/** Who a bearer credential proves somebody to be. */
export interface Credentials {
  readonly identity: Identity;
  /** Milliseconds since 1970 at which the token ends; null for an API key, which is revoked instead. */
  readonly expires_at: number | null;
  /** The only workspace the token is good for; null: wherever a room admits its holder. */
  readonly workspace_id: string | null;
}

/**
 * Verifies the text after `Bearer `: an API key by its prefix, else a JWT.
 * Null means "not valid", whatever the reason. Throws {@link KeysUnavailable} if the issuer's keys cannot be had now.
 * An API key is only digested here: whether it exists is for the room to say.
 */
export async function verifyBearer(
  bearer: string,
  settings: JwtSettings,
  now = Date.now(),
): Promise<Credentials | null> {
  return verifyApiKey(bearer) ?? (await verifyJwt(bearer, settings, now));
}
