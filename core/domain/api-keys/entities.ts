import { z } from "zod";
import { PERMISSIONS } from "../../model/access.ts";
import { defineEntity } from "../../model/entity.ts";
import { ApiKeyId, UtcTime } from "../../model/units.ts";

export const KeyName = z.string().trim().min(1).max(120);
/** Permission names. */
export const Scopes = z
  .array(z.enum(PERMISSIONS))
  .min(1)
  .max(PERMISSIONS.length)
  .refine((scopes) => new Set(scopes).size === scopes.length, "A scope is named twice");

export const ApiKey = z.strictObject({
  id: ApiKeyId,
  name: KeyName,
  scopes: Scopes,
  /** The key's last four characters, so that people can tell keys apart. */
  last4: z.string().length(4),
  created_at: UtcTime,
  created_by: z.string(),
  revoked_at: UtcTime.nullable(),
});
export type ApiKey = z.infer<typeof ApiKey>;

export const apiKeys = defineEntity("api_key", {
  about: "A key for programs: its name and scopes. The key itself is shown once and kept nowhere.",
  schema: ApiKey,
  audience: () => ({ needs: "api_key.manage" }),
});

/** SHA-256 of a key's full text, in hex. */
export const KeyHash = z.string().regex(/^[0-9a-f]{64}$/, "A SHA-256 in hex");

/** Kept apart from the key, so that whoever may list keys (in events and snapshots alike) never sees a hash. */
export const ApiKeyCredential = z.strictObject({ id: KeyHash, api_key_id: ApiKeyId });
export type ApiKeyCredential = z.infer<typeof ApiKeyCredential>;

export const apiKeyCredentials = defineEntity("api_key_credential", {
  about: "Which API key a SHA-256 belongs to. Only the rooms see it.",
  schema: ApiKeyCredential,
  audience: () => ({ needs: "system" }),
});
