import { useSyncExternalStore } from "react";
import type { ReactNode } from "react";
import { useMe } from "../../react/use-connection.ts";
import { useSession } from "../session/session-context.tsx";
import { liveMode } from "./live-mode.ts";

/** Switches the demo's live mode; shown to demo people who may report delivery. */
export function LiveModeSwitch(): ReactNode {
  const session = useSession();
  const me = useMe();
  const { on, failure } = useSyncExternalStore(liveMode.subscribe, liveMode.current);
  if (!session?.person || !me?.permissions.includes("delivery.report")) return null;
  return (
    <>
      {failure !== null && (
        <span className="muted" role="status">
          {failure}
        </span>
      )}
      <button
        type="button"
        aria-pressed={on}
        data-testid="live-mode"
        title="Active buys deliver a little every 2 s, for 30 minutes at most"
        onClick={() => (on ? liveMode.stop() : liveMode.start(session.token, session.workspace_id))}
      >
        {on ? "Stop the live demo" : "Start the live demo"}
      </button>
    </>
  );
}
