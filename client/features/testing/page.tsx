import {
  Outlet,
  RouterProvider,
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
} from "@tanstack/react-router";
import type { ReactNode } from "react";
import { SessionContext } from "../session/session-context.tsx";
import { SessionStore } from "../session/session-store.ts";

const signedOut = new SessionStore(sessionStorage);

/** A page under a router of its own, so that its links work, and with nobody's session: the room says who one is. */
export function Page({ children }: { children: ReactNode }): ReactNode {
  const root = createRootRoute({ component: Outlet });
  const page = createRoute({ getParentRoute: () => root, path: "/", component: () => children });
  const router = createRouter({ routeTree: root.addChildren([page]), history: createMemoryHistory() });
  return (
    <SessionContext value={signedOut}>
      <RouterProvider router={router} />
    </SessionContext>
  );
}
