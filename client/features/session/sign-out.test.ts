import { beforeEach, describe, expect, it, vi } from "vitest";
import { refuse } from "../../../core/model/refusal.ts";
import { CLOSE_CODES } from "../../../core/protocol/close-codes.ts";
import { workspaceRoom } from "../../../core/rooms/workspace-room.ts";
import { RoomRegistry } from "../../sync/room-registry.ts";
import { Stage } from "../../sync/testing/stage.ts";
import { SessionStore } from "./session-store.ts";
import { signOut } from "./sign-out.ts";

const TOKEN = `x.${btoa(JSON.stringify({ exp: 4_000_000_000, jti: "not a sid" }))}.signature`;

beforeEach(() => sessionStorage.clear());

/** Somebody signed in, in a room that is live. */
async function signedIn(token = TOKEN) {
  const stage = new Stage(1, workspaceRoom);
  const { client, line } = stage.seat();
  const rooms = new RoomRegistry({ clock: stage.clock, open: () => client });
  const store = new SessionStore(sessionStorage);
  store.signIn({ token, workspace_id: "ws_A" });
  rooms.retain({ workspace_id: "ws_A" });
  await stage.clock.advance(200);
  const revocations = () => line.sent.filter((text) => text.includes("session:revoke:v1"));
  return { stage, line, rooms, store, revocations };
}

describe("signing out", () => {
  it("asks the room to revoke the session that the token names, whatever it calls it", async () => {
    const { stage, rooms, store, revocations } = await signedIn();
    stage.room.refuseNext.push(refuse("NO_CHANGE", "This session was signed out already."));
    const done = signOut(store, rooms);
    await stage.clock.advance(100);
    await done;
    expect(revocations().map((text) => JSON.parse(text) as unknown)).toMatchObject([{ payload: {} }]);
    expect([store.current(), store.notice()]).toEqual([null, null]);
  });

  it("takes being shown out of the room for the answer", async () => {
    const { line, rooms, store } = await signedIn();
    line.faults = { ...line.faults, delayMs: 60_000 };
    const done = signOut(store, rooms);
    line.cut(CLOSE_CODES.SIGNED_OUT.code, CLOSE_CODES.SIGNED_OUT.reason);
    await done;
    expect([store.current(), store.notice()]).toEqual([null, null]);
  });

  it("forgets the token also if the room refuses, and says so", async () => {
    const { stage, rooms, store } = await signedIn();
    stage.room.refuseNext.push(refuse("VALIDATION_ERROR", "Your credential names no session"));
    const done = signOut(store, rooms);
    await stage.clock.advance(100);
    await done;
    expect(store.current()).toBeNull();
    expect(store.notice()).toContain("Your credential names no session. Until the token expires");
  });

  it("forgets the token also if nobody answers, and says so", async () => {
    const { line, rooms, store } = await signedIn();
    line.faults = { ...line.faults, drop: 1 };
    vi.useFakeTimers();
    const done = signOut(store, rooms);
    await vi.advanceTimersByTimeAsync(3_000);
    vi.useRealTimers();
    await done;
    expect(store.current()).toBeNull();
    expect(store.notice()).toContain("could not be reached");
  });

  it("only forgets an API key", async () => {
    const { rooms, store, revocations } = await signedIn("fd_live_0123456789abcdef");
    await signOut(store, rooms);
    expect([revocations(), store.current(), store.notice()]).toEqual([[], null, null]);
  });
});
