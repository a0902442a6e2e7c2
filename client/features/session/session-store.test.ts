import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SessionStore } from "./session-store.ts";
import { tokenClaims } from "./token-claims.ts";

const HOUR_S = 3600;
const now = (): number => Math.floor(Date.now() / 1000);

function jwt(claims: Record<string, unknown>): string {
  const part = (value: unknown): string =>
    btoa(JSON.stringify(value)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return `${part({ alg: "HS256" })}.${part(claims)}.signature`;
}

/** The part of the server that signs in: gives tokens in turn, or refuses. */
function signInServer(tokens: string[]): void {
  vi.stubGlobal("fetch", async (_path: string, init?: RequestInit) => {
    if (init?.method !== "POST") return Response.json({ people: ["owner", "viewer"] });
    const token = tokens.shift();
    if (token === undefined) return Response.json({ message: "There is no such demo person." }, { status: 400 });
    return Response.json({ token, workspace_id: "ws_A", expires_at: "2026-11-21T00:00:00.000Z" });
  });
}

beforeEach(() => sessionStorage.clear());
afterEach(() => vi.unstubAllGlobals());

describe("the claims of a token", () => {
  it("are read, and nothing of what is no JWT", () => {
    expect(tokenClaims(jwt({ iat: 0, exp: 3600, sid: "demo-1", name: "Zoë" }))).toEqual({
      issued_at: "1970-01-01T00:00:00.000Z",
      expires_at: "1970-01-01T01:00:00.000Z",
    });
    const nothing = { issued_at: null, expires_at: null };
    for (const token of ["fd_live_abc", "a.b.c", "..", `x.${btoa("[]")}.y`, jwt({ exp: "soon" })]) {
      expect(tokenClaims(token)).toEqual(nothing);
    }
  });
});

describe("the sign-in of a tab", () => {
  it("lasts as long as the tab and tells who listens", async () => {
    const token = jwt({ iat: now(), exp: now() + HOUR_S });
    signInServer([token]);
    const store = new SessionStore(sessionStorage);
    const told = vi.fn<() => void>();
    store.subscribe(told);
    expect(await store.demoPeople()).toEqual(["owner", "viewer"]);
    expect(await store.signInDemo("owner")).toBeNull();
    expect(told).toHaveBeenCalledTimes(1);
    expect(new SessionStore(sessionStorage).current()).toEqual({ token, workspace_id: "ws_A", person: "owner" });
  });

  it("says why it did not work", async () => {
    signInServer([]);
    const store = new SessionStore(sessionStorage);
    expect(await store.signInDemo("nobody")).toBe("There is no such demo person.");
    expect(store.current()).toBeNull();
  });

  it("offers nobody where the demo does not exist", async () => {
    vi.stubGlobal("fetch", async () => Response.json({ code: "NOT_FOUND" }, { status: 404 }));
    expect(await new SessionStore(sessionStorage).demoPeople()).toEqual([]);
  });

  it("is forgotten when it ends, with the reason", () => {
    const store = new SessionStore(sessionStorage);
    store.signIn({ token: "fd_live_abc", workspace_id: "ws_A" });
    store.end("Signed out");
    expect(store.current()).toBeNull();
    expect(store.notice()).toBe("Signed out");
    expect(sessionStorage).toHaveLength(0);
  });

  it("ignores what somebody else stored", () => {
    for (const text of ["{", "null", '{"token":5}', '{"token":"x"}']) {
      sessionStorage.setItem("flightdeck.session", text);
      expect(new SessionStore(sessionStorage).current()).toBeNull();
    }
  });
});

describe("the token", () => {
  it("of a demo person is renewed when less than a quarter of its life is left", async () => {
    const [old, fresh] = [
      jwt({ iat: now() - 80 * 60, exp: now() + 10 * 60 }),
      jwt({ iat: now(), exp: now() + HOUR_S }),
    ];
    signInServer([fresh]);
    const store = new SessionStore(sessionStorage);
    store.signIn({ token: old, workspace_id: "ws_A", person: "owner" });
    expect((await store.token()).token).toBe(fresh);
    expect((await store.token()).token).toBe(fresh);
    expect(store.current()?.token).toBe(fresh);
  });

  it("that was pasted is given until it ends, for there is no other", async () => {
    const token = jwt({ iat: now() - 80 * 60, exp: now() + 10 * 60 });
    signInServer([]);
    const store = new SessionStore(sessionStorage);
    store.signIn({ token, workspace_id: "ws_A" });
    expect((await store.token()).token).toBe(token);
  });

  it("does not exist for nobody", async () => {
    await expect(new SessionStore(sessionStorage).token()).rejects.toThrow("Nobody is signed in");
  });
});
