import type { DomainModule } from "../../model/room.ts";
import { createWorkspace, workspaceCreated, workspaceOwned } from "./create-workspace.ts";
import { workspaces } from "./entities.ts";
import { updateWorkspace, workspaceUpdated } from "./update-workspace.ts";

export const workspacesModule: DomainModule = {
  name: "workspaces",
  entities: [workspaces],
  events: [workspaceCreated, workspaceOwned, workspaceUpdated],
  commands: [createWorkspace, updateWorkspace],
  signals: [],
};
