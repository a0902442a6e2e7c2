import { flightdeckDialect } from "./flightdeck.ts";
import { partyDialect } from "./party.ts";
import { socketIoDialect } from "./socket-io.ts";
import type { Dialect, Target } from "./target.ts";

/** How a target is spoken to. */
export function dialectOf(target: Target): Dialect {
  switch (target.system) {
    case "flightdeck":
      return flightdeckDialect(target);
    case "socket.io":
      return socketIoDialect(target);
    case "partyserver":
      return partyDialect(target);
  }
}
