import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { CLOSE_CODES } from "../../../core/protocol/close-codes.ts";
import { EmptyState } from "../../ui/empty-state.tsx";

/** Why the room is not shown. What does not exist and what one may not see look the same. */
export function Refused({ code, reason }: { code: number; reason: string }): ReactNode {
  if (code === CLOSE_CODES.UNSUPPORTED_PROTOCOL.code) {
    return (
      <EmptyState title="Flightdeck was updated">
        <p>This page is older than the server.</p>
        <button type="button" className="primary" onClick={() => location.reload()}>
          Reload
        </button>
      </EmptyState>
    );
  }
  const title = code === CLOSE_CODES.NOT_FOUND.code ? "There is nothing here for you" : reason;
  return (
    <EmptyState title={title}>
      <p>It does not exist, or you have no access to it. Ask an admin of the workspace if you should.</p>
      <Link to="/">Go to your workspace</Link>
    </EmptyState>
  );
}
