import { Link, Navigate, Outlet, createRootRoute, createRoute, createRouter } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { CampaignPage } from "./features/campaign/campaign-page.tsx";
import { useSession } from "./features/session/session-context.tsx";
import { Shell } from "./features/shell/shell.tsx";
import { WorkspacePage } from "./features/workspace/workspace-page.tsx";
import { RoomProvider } from "./react/rooms.tsx";
import { EmptyState } from "./ui/empty-state.tsx";

const root = createRootRoute({ component: Outlet, notFoundComponent: NoSuchPage });
const home = createRoute({ getParentRoute: () => root, path: "/", component: Home });
const workspace = createRoute({
  getParentRoute: () => root,
  path: "/workspaces/$workspaceId",
  component: WorkspaceRoute,
});
const campaign = createRoute({
  getParentRoute: () => root,
  path: "/workspaces/$workspaceId/campaigns/$campaignId",
  component: CampaignRoute,
});

/** A shorter address, in the workspace one is signed in to. */
const shortCampaign = createRoute({
  getParentRoute: () => root,
  path: "/campaigns/$campaignId",
  component: ShortCampaign,
});

export const router = createRouter({
  routeTree: root.addChildren([home, workspace, campaign, shortCampaign]),
  defaultErrorComponent: Broken,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

function Home(): ReactNode {
  const session = useSession();
  if (!session) return null;
  return <Navigate to="/workspaces/$workspaceId" params={{ workspaceId: session.workspace_id }} replace />;
}

function ShortCampaign(): ReactNode {
  const { campaignId } = shortCampaign.useParams();
  const session = useSession();
  if (!session) return null;
  const params = { workspaceId: session.workspace_id, campaignId };
  return <Navigate to="/workspaces/$workspaceId/campaigns/$campaignId" params={params} replace />;
}

function WorkspaceRoute(): ReactNode {
  const { workspaceId } = workspace.useParams();
  return (
    <RoomProvider key={workspaceId} workspace_id={workspaceId}>
      <Shell workspaceId={workspaceId}>
        <WorkspacePage />
      </Shell>
    </RoomProvider>
  );
}

function CampaignRoute(): ReactNode {
  const { workspaceId, campaignId } = campaign.useParams();
  return (
    <RoomProvider key={campaignId} workspace_id={workspaceId} campaign_id={campaignId}>
      <Shell workspaceId={workspaceId}>
        <CampaignPage workspaceId={workspaceId} />
      </Shell>
    </RoomProvider>
  );
}

/** A mistake of ours in one page must not leave a blank one. */
function Broken({ error }: { error: unknown }): ReactNode {
  return (
    <main className="page">
      <EmptyState title="This page broke">
        <p>{error instanceof Error ? error.message : "Something unexpected happened."}</p>
        <button type="button" className="primary" onClick={() => location.reload()}>
          Reload
        </button>
      </EmptyState>
    </main>
  );
}

function NoSuchPage(): ReactNode {
  return (
    <main className="page">
      <EmptyState title="There is no such page">
        <Link to="/">Go to your workspace</Link>
      </EmptyState>
    </main>
  );
}
