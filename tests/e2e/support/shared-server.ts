import { inject } from "vitest";

/** The address of the server that end-to-end files share, or why there is none. */
export type SharedServer = { readonly url: string } | { readonly failure: string };

declare module "vitest" {
  interface ProvidedContext {
    sharedServer: SharedServer;
  }
}

/**
 * The address of the one server that all end-to-end files share, with the demo workspaces in it. Start-up takes seconds,
 * so only tests that crash or reconfigure a server start their own. Make your own campaign in it; others use it too.
 */
export function sharedUrl(): string {
  const shared = inject("sharedServer");
  if ("failure" in shared) throw new Error(`The shared server did not start. ${shared.failure}`);
  return shared.url;
}
