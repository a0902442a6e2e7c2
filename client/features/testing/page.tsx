import {
  Outlet,
  RouterProvider,
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
} from "@tanstack/react-router";
import type { ReactNode } from "react";

/** A page under a router of its own, so that its links work. */
export function Page({ children }: { children: ReactNode }): ReactNode {
  const root = createRootRoute({ component: Outlet });
  const page = createRoute({ getParentRoute: () => root, path: "/", component: () => children });
  const router = createRouter({ routeTree: root.addChildren([page]), history: createMemoryHistory() });
  return <RouterProvider router={router} />;
}
