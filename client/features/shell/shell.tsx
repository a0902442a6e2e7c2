import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import type { ReactNode } from "react";
import { members } from "../../../core/domain/members/entities.ts";
import { workspaces } from "../../../core/domain/workspaces/entities.ts";
import { CLOSE_CODES } from "../../../core/protocol/close-codes.ts";
import { useConnection, useMe } from "../../react/use-connection.ts";
import { useEntities, useEntity } from "../../react/use-entities.ts";
import { ThemeToggle } from "../../ui/theme-toggle.tsx";
import { useSessionStore } from "../session/session-context.tsx";
import { signOut } from "../session/sign-out.ts";
import { ConnectionPill } from "./connection-pill.tsx";
import { Refused } from "./refused.tsx";
import { useRooms } from "./rooms-context.tsx";

/** The frame of every page inside a room: where one is, who one is, and whether what one sees is live. */
export function Shell({ workspaceId, children }: { workspaceId: string; children: ReactNode }): ReactNode {
  const workspace = useEntities(workspaces)[0];
  const { refusal } = useConnection();
  const store = useSessionStore();
  const rooms = useRooms();
  const over = refusal && sessionIsOver(refusal.code) ? refusal.reason : null;
  useEffect(() => {
    if (over === null) return;
    rooms.close();
    store.end(over);
  }, [over, rooms, store]);
  return (
    <>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <header className="shell">
        <Link to="/workspaces/$workspaceId" params={{ workspaceId }} className="brand">
          <img src="/icon.svg" alt="" width="18" height="18" />
          <span data-testid="workspace-name">{workspace?.name ?? "Flightdeck"}</span>
        </Link>
        <ConnectionPill />
        <Person />
        <ThemeToggle />
        <button type="button" className="quiet" data-testid="sign-out" onClick={() => void signOut(store, rooms)}>
          Sign out
        </button>
      </header>
      <main className="page" id="content" tabIndex={-1}>
        {refusal && over === null ? <Refused code={refusal.code} reason={refusal.reason} /> : children}
      </main>
    </>
  );
}

function Person(): ReactNode {
  const me = useMe();
  const member = useEntity(members, me?.actor.replace(/^member:/, "") ?? "");
  if (!me) return null;
  return (
    <span className="who" data-testid="me">
      {member?.name ?? "API key"} <span className="muted">{me.role ?? "limited"}</span>
    </span>
  );
}

function sessionIsOver(code: number): boolean {
  return code === CLOSE_CODES.UNAUTHENTICATED.code || code === CLOSE_CODES.SIGNED_OUT.code;
}
