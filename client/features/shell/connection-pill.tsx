import type { ReactNode } from "react";
import { useConnection, useUnanswered } from "../../react/use-connection.ts";
import type { Connection } from "../../sync/connection.ts";
import { age } from "../../ui/format.ts";
import { Pill } from "../../ui/pill.tsx";
import type { Tone } from "../../ui/pill.tsx";
import { useNow } from "../../ui/use-now.ts";

const TONES: Record<Connection["phase"], Tone> = {
  connecting: "plain",
  live: "good",
  catching_up: "warning",
  reconnecting: "warning",
  offline: "bad",
  refused: "bad",
};

/** Whether what one sees is live; if not, how old it is and what still waits to be sent. */
export function ConnectionPill(): ReactNode {
  const connection = useConnection();
  const unanswered = useUnanswered();
  const { phase, stale_since } = connection;
  return (
    <span className="connection" data-testid="connection-pill" data-phase={phase}>
      <Pill tone={TONES[phase]}>
        <span role="status">{describe(connection)}</span>
        {stale_since !== null && <DataAge since={stale_since} />}
      </Pill>
      {unanswered > 0 && phase !== "live" && (
        <span className="muted small" data-testid="waiting-changes">
          {unanswered === 1 ? "1 change waits" : `${unanswered} changes wait`}
        </span>
      )}
    </span>
  );
}

function describe({ phase, behind }: Connection): string {
  switch (phase) {
    case "connecting":
      return "Connecting…";
    case "live":
      return "Live";
    case "catching_up":
      return behind === 0 ? "Catching up" : `Catching up (${behind} ${behind === 1 ? "event" : "events"})`;
    case "reconnecting":
      return "Reconnecting…";
    case "offline":
      return "Offline";
    case "refused":
      return "Disconnected";
  }
}

/** Not part of the status, or a screen reader would speak every second. */
function DataAge({ since }: { since: number }): ReactNode {
  const now = useNow(1_000);
  return (
    <span className="muted" data-testid="data-age">
      data {age(now - since)} old
    </span>
  );
}
