import { describe, expect, it } from "vitest";
import { can } from "../../model/access.ts";
import { ACTING_MEMBER, NOON, given, testId } from "../../model/given.ts";
import { createApiKey } from "./create-api-key.ts";
import { apiKeyCredentials, apiKeys } from "./entities.ts";
import { revokeApiKey } from "./revoke-api-key.ts";

const n8n = {
  api_key_id: testId("key", 1),
  name: "n8n",
  scopes: ["campaign.read" as const, "media_buy.edit" as const],
};

describe("creating an API key", () => {
  it("answers the key once and keeps only its hash", () => {
    const room = given(null);
    const { once, events } = room.when(createApiKey, n8n, { as: "admin" });
    const secret = String(once?.["secret"]);
    expect(secret).toMatch(/^fd_live_[A-Za-z0-9_]{32}$/);
    expect(JSON.stringify(events)).not.toContain(secret);
    expect(room.get(apiKeys, n8n.api_key_id)).toEqual({
      id: n8n.api_key_id,
      name: "n8n",
      scopes: ["campaign.read", "media_buy.edit"],
      last4: secret.slice(-4),
      created_at: NOON,
      created_by: `member:${ACTING_MEMBER}`,
      revoked_at: null,
    });
    expect(room.tx.list(apiKeyCredentials)).toMatchObject([{ api_key_id: n8n.api_key_id }]);
  });

  it("shows browsers the key's name and scopes, and never a hash", () => {
    const room = given(null);
    room.when(createApiKey, n8n);
    expect(room.browser.get(apiKeys, n8n.api_key_id)).toMatchObject({ name: "n8n" });
    expect(room.browser.list(apiKeyCredentials)).toEqual([]);
    const audience = apiKeyCredentials.audience?.({ id: "a".repeat(64), api_key_id: n8n.api_key_id });
    expect(can({ kind: "role", role: "owner" }, audience!.needs)).toBe(false);
  });

  it("gives only what the giver holds", () => {
    const owners = { ...n8n, scopes: ["owner.manage" as const] };
    expect(given(null).when(createApiKey, owners, { as: "admin" }).code).toBe("PERMISSION_DENIED");
    expect(given(null).when(createApiKey, owners, { as: "owner" }).code).toBeNull();
    const as = { kind: "scopes", scopes: ["api_key.manage", "campaign.read"] } as const;
    expect(given(null).when(createApiKey, n8n, { as }).code).toBe("PERMISSION_DENIED");
    expect(given(null).when(createApiKey, { ...n8n, scopes: ["campaign.read"] }, { as }).code).toBeNull();
  });

  it("is refused with an id that a key has", () => {
    const room = given(null);
    room.when(createApiKey, n8n);
    expect(room.when(createApiKey, n8n).code).toBe("ID_IN_USE");
  });

  it("is undone by revoking, if the id was chosen by the caller", () => {
    const room = given(null);
    const { inverse } = room.when(createApiKey, n8n);
    expect(room.send(revokeApiKey, inverse?.payload).code).toBeNull();
    expect(given(null).when(createApiKey, { name: "n8n", scopes: ["campaign.read"] }).inverse).toBeNull();
  });

  it.each([
    ["an unknown scope", { scopes: ["everything"] }],
    ["the room's own scope", { scopes: ["system"] }],
    ["no scope", { scopes: [] }],
    ["a scope twice", { scopes: ["campaign.read", "campaign.read"] }],
    ["a hash", { hash: "a".repeat(64) }],
  ])("is refused with %s", (_case, wrong) => {
    expect(given(null).send(createApiKey, { ...n8n, ...wrong }).code).toBe("VALIDATION_ERROR");
  });

  it("is refused to operators", () => {
    expect(given(null).when(createApiKey, n8n, { as: "operator" }).code).toBe("PERMISSION_DENIED");
  });
});
