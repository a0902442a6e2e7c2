import type { DomainModule } from "../../model/room.ts";
import { apiKeyCreated, createApiKey } from "./create-api-key.ts";
import { apiKeyCredentials, apiKeys } from "./entities.ts";
import { apiKeyRevoked, revokeApiKey } from "./revoke-api-key.ts";

export const apiKeysModule: DomainModule = {
  name: "api-keys",
  entities: [apiKeys, apiKeyCredentials],
  events: [apiKeyCreated, apiKeyRevoked],
  commands: [createApiKey, revokeApiKey],
  signals: [],
};
