import { RouterProvider } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { SessionContext, useSession } from "./features/session/session-context.tsx";
import { SessionStore } from "./features/session/session-store.ts";
import { SignInPage } from "./features/session/sign-in-page.tsx";
import { RoomsContext } from "./features/shell/rooms-context.tsx";
import { RoomsProvider } from "./react/rooms.tsx";
import { openRooms } from "./rooms.ts";
import { router } from "./router.tsx";

const session = new SessionStore(sessionStorage);
const rooms = openRooms(session.token);

export function App(): ReactNode {
  return (
    <SessionContext value={session}>
      <RoomsContext value={rooms}>
        <RoomsProvider registry={rooms}>
          <Gate />
        </RoomsProvider>
      </RoomsContext>
    </SessionContext>
  );
}

/** Nobody sees a page without saying who they are. */
function Gate(): ReactNode {
  return useSession() ? <RouterProvider router={router} /> : <SignInPage />;
}
