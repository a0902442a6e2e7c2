import { z } from "zod";
import { defineCommand } from "../../model/command.ts";
import { defineEvent } from "../../model/event.ts";
import { refuse, refuseField } from "../../model/refusal.ts";
import { ApiKeyId } from "../../model/units.ts";
import { apiKeys } from "./entities.ts";

export const apiKeyRevoked = defineEvent("api_key:revoke:v1:success", {
  data: z.strictObject({ api_key_id: ApiKeyId }),
  audience: () => ({ needs: "api_key.manage" }),
  apply(tx, { api_key_id }, { at }) {
    tx.update(apiKeys, api_key_id, { revoked_at: at });
  },
});

export const revokeApiKey = defineCommand("api_key:revoke:v1", {
  about: "End an API key at once, also in open connections. It cannot be brought back: make another one.",
  input: z.strictObject({ api_key_id: ApiKeyId }),
  example: { api_key_id: "key_01JD0000000000000000000000" },
  needs: "api_key.manage",
  refuses: ["API_KEY_NOT_FOUND", "NO_CHANGE"],
  emits: [apiKeyRevoked],
  target: (input) => [apiKeys, input.api_key_id],
  decide(tx, { api_key_id }) {
    const key = tx.get(apiKeys, api_key_id);
    if (!key) return refuseField("API_KEY_NOT_FOUND", "/api_key_id", "This workspace has no such API key.");
    if (key.revoked_at) return refuse("NO_CHANGE", `${key.name} was revoked already.`);
    return [apiKeyRevoked.of({ api_key_id })];
  },
});
