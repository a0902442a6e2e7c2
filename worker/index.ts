import { createApp } from "./app.ts";
import type { Env } from "./env.ts";

export { CampaignRoom } from "./objects/campaign-room.ts";
export { WorkspaceRoom } from "./objects/workspace-room.ts";

const app = createApp();

export default {
  fetch: (request, env, ctx) => app.fetch(request, env, ctx),
} satisfies ExportedHandler<Env>;
