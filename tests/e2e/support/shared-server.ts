import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    flightdeckUrl: string;
  }
}

/**
 * The address of the one server that all end-to-end files share, with the demo workspaces in it. Start-up takes seconds,
 * so only tests that crash or reconfigure a server start their own. Make your own campaign in it; others use it too.
 */
export function sharedUrl(): string {
  return inject("flightdeckUrl");
}
