// @vitest-environment node
// (happy-dom calls on… properties from dispatchEvent, which no browser does for a class of its own.)
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { partySocketTo } from "./party-socket.ts";
import type { Socket } from "./socket.ts";

/** The browser's end of a connection, driven by the test. */
class Line extends EventTarget {
  static made: Line[] = [];
  readonly sent: string[] = [];
  readyState = 0;
  binaryType = "blob";

  readonly url: string;
  readonly protocols: string[];

  constructor(url: string, protocols: string[]) {
    super();
    this.url = url;
    this.protocols = protocols;
    Line.made.push(this);
  }

  send(text: string): void {
    this.sent.push(text);
  }

  opens(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }

  says(data: string): void {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }

  close(code = 1005, reason = ""): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.dispatchEvent(Object.assign(new Event("close"), { code, reason }));
  }
}

const heard: string[] = [];
let token: () => Promise<{ token: string; expires_at: null }>;

function open(): Socket {
  return partySocketTo("wss://flightdeck.example/live", () => token())({
    open: () => heard.push("open"),
    message: (text) => heard.push(text),
    close: (code, reason) => heard.push(`${code} ${reason}`),
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", Line);
  Line.made = [];
  heard.length = 0;
  token = async () => ({ token: "abc", expires_at: null });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the socket to a room", () => {
  it("offers the protocol and the token, and passes on what comes", async () => {
    open();
    await vi.advanceTimersByTimeAsync(0);
    expect(Line.made[0]?.url).toBe("wss://flightdeck.example/live");
    expect(Line.made[0]?.protocols).toEqual(["flightdeck.v1", "bearer.abc"]);
    Line.made[0]?.opens();
    Line.made[0]?.says('{"type":"pong"}');
    expect(heard).toEqual(["open", '{"type":"pong"}']);
  });

  it("keeps nothing that could not be sent", async () => {
    const socket = open();
    await vi.advanceTimersByTimeAsync(0);
    expect(socket.send("lost")).toBe(false);
    Line.made[0]?.opens();
    expect(socket.send("sent")).toBe(true);
    expect(Line.made[0]?.sent).toEqual(["sent"]);
  });

  it("comes back after a passing close code, with a token asked for anew", async () => {
    open();
    await vi.advanceTimersByTimeAsync(0);
    Line.made[0]?.opens();
    token = async () => ({ token: "def", expires_at: null });
    Line.made[0]?.close(4003, "The token expired");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(heard).toEqual(["open", "4003 The token expired"]);
    expect(Line.made[1]?.protocols).toEqual(["flightdeck.v1", "bearer.def"]);
  });

  it.each([4501, 4505, 1009])("does not come back after %i", async (code) => {
    open();
    await vi.advanceTimersByTimeAsync(0);
    Line.made[0]?.opens();
    Line.made[0]?.close(code, "why");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(heard).toEqual(["open", `${code} why`]);
    expect(Line.made).toHaveLength(1);
  });

  it("does not come back in the same moment as others: each wait is another", async () => {
    const waits = new Set<number>();
    for (let i = 0; i < 8; i++) {
      const socket = open();
      await vi.advanceTimersByTimeAsync(0);
      const made = Line.made.length;
      Line.made.at(-1)?.opens();
      Line.made.at(-1)?.close(4000, "The room restarts; resume");
      let waited = 0;
      for (; Line.made.length === made; waited += 5) await vi.advanceTimersByTimeAsync(5);
      waits.add(waited);
      expect(waited).toBeGreaterThanOrEqual(500);
      expect(waited).toBeLessThanOrEqual(1_505);
      socket.close();
    }
    expect(waits.size).toBeGreaterThan(3);
  });

  it("gives up a connection that does not open within 15 s", async () => {
    open();
    await vi.advanceTimersByTimeAsync(0);
    await vi.advanceTimersByTimeAsync(14_000);
    expect(Line.made).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(Line.made).toHaveLength(2);
  });

  it("tries again when no token could be had", async () => {
    token = () => Promise.reject(new Error("The network is away"));
    open();
    await vi.advanceTimersByTimeAsync(0);
    expect(Line.made).toHaveLength(0);
    token = async () => ({ token: "abc", expires_at: null });
    await vi.advanceTimersByTimeAsync(3_000);
    expect(Line.made).toHaveLength(1);
  });

  it("is silent once it was closed", async () => {
    const socket = open();
    await vi.advanceTimersByTimeAsync(0);
    Line.made[0]?.opens();
    socket.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(heard).toEqual(["open"]);
    expect(Line.made).toHaveLength(1);
  });
});
