import { createContext, use, useSyncExternalStore } from "react";
import type { Session, SessionStore } from "./session-store.ts";

export const SessionContext = createContext<SessionStore | null>(null);

export function useSessionStore(): SessionStore {
  const store = use(SessionContext);
  if (!store) throw new Error("Session hooks must be inside SessionContext");
  return store;
}

/** Who is signed in, null: nobody. */
export function useSession(): Session | null {
  const store = useSessionStore();
  return useSyncExternalStore(store.subscribe, store.current);
}
