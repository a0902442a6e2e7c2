/** What the connection pill tells. `behind` counts commits still to come, 0 unless catching up or unknown. */
export interface Connection {
  readonly phase: "connecting" | "live" | "catching_up" | "reconnecting" | "offline" | "refused";
  readonly behind: number;
  /** When the data was last known to be current (milliseconds since 1970); null while live, or before any data. */
  readonly stale_since: number | null;
  /** Why the room does not want this client back. */
  readonly refusal: { readonly code: number; readonly reason: string } | null;
}

export type ConnectionInput =
  | { readonly type: "closed"; readonly at: number }
  | { readonly type: "refused"; readonly at: number; readonly code: number; readonly reason: string }
  /** `behind` commits are still to come, 0: none. Null: the state is being replaced or repaired. */
  | { readonly type: "progress"; readonly at: number; readonly behind: number | null }
  | { readonly type: "network"; readonly at: number; readonly online: boolean };

export const CONNECTING: Connection = { phase: "connecting", behind: 0, stale_since: null, refusal: null };

/** The next state of the connection; the same object if nothing changed. */
export function nextConnection(state: Connection, input: ConnectionInput): Connection {
  const stale_since = state.phase === "live" ? input.at : state.stale_since;
  switch (input.type) {
    case "refused":
      return { phase: "refused", behind: 0, stale_since, refusal: { code: input.code, reason: input.reason } };
    case "network":
      if (state.phase === "refused") return state;
      if (!input.online) return settle(state, { phase: "offline", behind: 0, stale_since, refusal: null });
      return state.phase === "offline" ? away(state, stale_since) : state;
    case "closed":
      return state.phase === "refused" || state.phase === "offline" ? state : away(state, stale_since);
    case "progress":
      if (input.behind === 0) return settle(state, { phase: "live", behind: 0, stale_since: null, refusal: null });
      // Before the first data there is nothing to catch up with: it is still connecting.
      if (state.phase !== "live" && stale_since === null) return settle(state, CONNECTING);
      return settle(state, { phase: "catching_up", behind: input.behind ?? 0, stale_since, refusal: null });
  }
}

function away(state: Connection, stale_since: number | null): Connection {
  const phase = stale_since === null ? "connecting" : "reconnecting";
  return settle(state, { phase, behind: 0, stale_since, refusal: null });
}

function settle(state: Connection, next: Connection): Connection {
  const same =
    state.phase === next.phase &&
    state.behind === next.behind &&
    state.stale_since === next.stale_since &&
    state.refusal === next.refusal;
  return same ? state : next;
}
