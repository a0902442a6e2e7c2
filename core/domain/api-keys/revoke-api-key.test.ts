import { describe, expect, it } from "vitest";
import { NOON, given, testId } from "../../model/given.ts";
import { apiKeys } from "./entities.ts";
import type { ApiKey } from "./entities.ts";
import { revokeApiKey } from "./revoke-api-key.ts";

const n8n: ApiKey = {
  id: testId("key", 1),
  name: "n8n",
  scopes: ["campaign.read"],
  last4: "Ab3x",
  created_at: "2026-11-01T09:00:00.000Z",
  created_by: "member:mem_1",
  revoked_at: null,
};

describe("revoking an API key", () => {
  it("keeps the key in the list, with the time it ended", () => {
    const room = given(null).having(apiKeys, n8n);
    const { inverse } = room.when(revokeApiKey, { api_key_id: n8n.id }, { as: "admin" });
    expect(room.get(apiKeys, n8n.id)).toEqual({ ...n8n, revoked_at: NOON });
    expect(inverse).toBeNull();
  });

  it("is refused a second time, and for a key that never was", () => {
    const room = given(null).having(apiKeys, n8n);
    room.when(revokeApiKey, { api_key_id: n8n.id });
    expect(room.when(revokeApiKey, { api_key_id: n8n.id }).code).toBe("NO_CHANGE");
    expect(room.when(revokeApiKey, { api_key_id: testId("key", 2) }).code).toBe("API_KEY_NOT_FOUND");
  });

  it("is refused to operators", () => {
    const room = given(null).having(apiKeys, n8n);
    expect(room.when(revokeApiKey, { api_key_id: n8n.id }, { as: "operator" }).code).toBe("PERMISSION_DENIED");
  });
});
