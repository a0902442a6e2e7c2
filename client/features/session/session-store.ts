import { z } from "zod";
import type { Token } from "../../sync/socket.ts";
import { tokenClaims } from "./token-claims.ts";

const Session = z.object({
  token: z.string().min(1),
  workspace_id: z.string().min(1),
  /** The demo person it is, if one: the only sign-in that this page can renew. */
  person: z.string().optional(),
});
export type Session = z.infer<typeof Session>;

const DemoAnswer = z.looseObject({ token: z.string(), workspace_id: z.string() });
const Problem = z.looseObject({ message: z.string().optional(), detail: z.string().optional() });

/** One key of sessionStorage: the sign-in ends with the tab, and each tab may be somebody else. */
const STORAGE_KEY = "flightdeck.session";
/** A token with less of its life left than this is renewed before it is used again. */
const RENEW_BELOW = 0.25;

/** Who is signed in on this page. */
export class SessionStore {
  readonly #storage: Storage;
  readonly #listeners = new Set<() => void>();
  #session: Session | null;
  #notice: string | null = null;

  constructor(storage: Storage) {
    this.#storage = storage;
    this.#session = stored(storage);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly current = (): Session | null => this.#session;

  /** Why the last session ended, if it was not the person's own wish. */
  readonly notice = (): string | null => this.#notice;

  /** The demo people this deployment offers; none in production. */
  async demoPeople(): Promise<string[]> {
    const response = await fetch("/v1/auth/demo");
    if (!response.ok) return [];
    const answer = z.looseObject({ people: z.array(z.string()) }).safeParse(await response.json());
    return answer.success ? answer.data.people : [];
  }

  /** Signs in as a demo person. Resolves with what went wrong, null if nothing. */
  async signInDemo(person: string): Promise<string | null> {
    try {
      this.signIn(await demoSession(person));
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : "Signing in did not work";
    }
  }

  signIn(session: Session): void {
    this.#notice = null;
    this.#change(session);
  }

  /** Forgets the token. `notice` is shown on the sign-in page. */
  end(notice: string | null): void {
    this.#notice = notice;
    this.#change(null);
  }

  /** The token, renewed if it nears its end and can be. */
  readonly token = async (): Promise<Token> => {
    const session = this.#session;
    if (!session) throw new Error("Nobody is signed in");
    const { issued_at, expires_at } = tokenClaims(session.token);
    if (session.person === undefined || !nearsItsEnd(issued_at, expires_at))
      return { token: session.token, expires_at };
    const renewed = await demoSession(session.person);
    this.#change(renewed);
    return { token: renewed.token, expires_at: tokenClaims(renewed.token).expires_at };
  };

  #change(session: Session | null): void {
    this.#session = session;
    if (session) this.#storage.setItem(STORAGE_KEY, JSON.stringify(session));
    else this.#storage.removeItem(STORAGE_KEY);
    for (const listener of this.#listeners) listener();
  }
}

async function demoSession(person: string): Promise<Session> {
  const response = await fetch("/v1/auth/demo", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ person }),
  });
  const body: unknown = await response.json();
  if (!response.ok) {
    const problem = Problem.safeParse(body).data;
    throw new Error(problem?.message ?? problem?.detail ?? "This sign-in is not offered here");
  }
  const { token, workspace_id } = DemoAnswer.parse(body);
  return { token, workspace_id, person };
}

function nearsItsEnd(issuedAt: string | null, expiresAt: string | null): boolean {
  if (issuedAt === null || expiresAt === null) return false;
  const life = Date.parse(expiresAt) - Date.parse(issuedAt);
  return Date.parse(expiresAt) - Date.now() < life * RENEW_BELOW;
}

function stored(storage: Storage): Session | null {
  try {
    return Session.safeParse(JSON.parse(storage.getItem(STORAGE_KEY) ?? "null")).data ?? null;
  } catch {
    return null;
  }
}
