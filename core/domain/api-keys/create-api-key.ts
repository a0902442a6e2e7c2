import { z } from "zod";
import { actorRef, can } from "../../model/access.ts";
import { defineCommand } from "../../model/command.ts";
import { defineEvent } from "../../model/event.ts";
import { refuse } from "../../model/refusal.ts";
import { ApiKeyId } from "../../model/units.ts";
import { ApiKey, KeyHash, KeyName, Scopes, apiKeyCredentials, apiKeys } from "./entities.ts";

const Wire = z.strictObject({ key: ApiKey });

export const apiKeyCreated = defineEvent("api_key:create:v1:success", {
  data: z.strictObject({ key: ApiKey, hash: KeyHash }),
  wire: { data: Wire, from: ({ key }) => ({ key }) },
  audience: () => ({ needs: "api_key.manage" }),
  apply(tx, data) {
    tx.create(apiKeys, data.key);
    if ("hash" in data) tx.create(apiKeyCredentials, { id: data.hash, api_key_id: data.key.id });
  },
});

export const createApiKey = defineCommand("api_key:create:v1", {
  about: "Make a key for a program. The answer holds the key as `secret`, once: it cannot be shown again.",
  input: z.strictObject({ api_key_id: ApiKeyId.optional(), name: KeyName, scopes: Scopes }),
  example: { name: "n8n", scopes: ["campaign.read", "media_buy.edit", "delivery.report"] },
  needs: "api_key.manage",
  refuses: ["ID_IN_USE", "PERMISSION_DENIED"],
  emits: [apiKeyCreated],
  answers: "created",
  optimistic: false,
  inverse: ({ api_key_id }) => (api_key_id ? { type: "api_key:revoke:v1", payload: { api_key_id } } : null),
  decide(tx, { api_key_id, name, scopes }, { now, actor, grants, id, secret }) {
    const keyId = api_key_id ?? id("key");
    if (tx.used(apiKeys, keyId)) return refuse("ID_IN_USE", "An API key has this id.");
    const beyond = scopes.filter((scope) => !can(grants, scope));
    if (beyond.length > 0) {
      return refuse("PERMISSION_DENIED", `You cannot give what you do not hold: ${beyond.join(", ")}.`);
    }
    const { text, hash } = secret();
    const key: ApiKey = {
      id: keyId,
      name,
      scopes,
      last4: text.slice(-4),
      created_at: now,
      created_by: actorRef(actor),
      revoked_at: null,
    };
    return { events: [apiKeyCreated.of({ key, hash })], once: { secret: text } };
  },
});
