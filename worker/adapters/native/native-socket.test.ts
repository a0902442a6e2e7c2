import { describe, expect, it } from "vitest";
import { CLOSE_CODES } from "../../../core/protocol/close-codes.ts";
import { DownFrame } from "../../../core/protocol/frames.ts";
import type { ControlFrame } from "../../../core/protocol/frames.ts";
import { PROTOCOL_VERSION } from "../../../core/protocol/version.ts";
import type { Reader } from "../../engine/testing/reader.ts";
import { World } from "../../engine/testing/world.ts";
import { receiveNative } from "./native-socket.ts";

const HELLO: ControlFrame = { type: "hello", protocol: PROTOCOL_VERSION, client_id: "ann" };

interface Line {
  readonly world: World;
  readonly reader: Reader;
  /** Sends a frame, a text as it is. Resolves when it is done. */
  send(frame: object | string, times?: number): Promise<void>;
  /** What was answered since it was last asked. */
  answers(): DownFrame[];
}

function line(): Line {
  const world = World.created();
  const reader = world.connect("ann");
  const deps = {
    engine: world.engine,
    verify: async () => ({ identity: { kind: "user", subject: "ann", session_id: null }, expires_at: null }) as const,
    newCorrelationId: () => "correlation",
    now: () => world.clock.now(),
  };
  return {
    world,
    reader,
    async send(frame, times = 1) {
      for (let n = 0; n < times; n++) {
        const session = world.engine.session(reader.sink.id);
        if (session) await receiveNative(deps, session, typeof frame === "string" ? frame : JSON.stringify(frame));
      }
    },
    answers: () => reader.sink.inbox.splice(0).map((text) => DownFrame.parse(JSON.parse(text))),
  };
}

const state = (id: string) => ({ type: "workspace:state:v1:requested", id, payload: {} });

describe("the frames of one session", () => {
  it("[RE45] may hold five hellos at once and one a second; one more sends it away to come back", async () => {
    const { world, reader, send, answers } = line();
    await send(HELLO, 5);
    expect(answers().filter(({ type }) => type === "welcome")).toHaveLength(5);
    world.clock.skip(1000);
    await send(HELLO);
    expect(reader.sink.closed).toBeNull();
    await send(HELLO);
    expect(reader.sink.closed).toEqual(CLOSE_CODES.TOO_MANY_FRAMES);
  });

  it("[RE45] may hold a burst of reports and acknowledgements, not a flood of them", async () => {
    const { world, reader, send } = line();
    await send(HELLO);
    await send({ type: "applied", seq: 1 }, 900);
    expect(reader.sink.closed).toBeNull();
    world.clock.skip(500);
    await send({ type: "snapshot_ack", chunk: 0 }, 199);
    expect(reader.sink.closed).toBeNull();
    await send({ type: "applied", seq: 1 }, 10);
    expect(reader.sink.closed).toEqual(CLOSE_CODES.TOO_MANY_FRAMES);
  });

  it("[RE45] are each answered if they are none, however many", async () => {
    const { reader, send, answers } = line();
    await send("{", 600);
    await send({ type: "hello", protocol: "one" }, 600);
    expect(reader.sink.closed).toBeNull();
    expect(answers().map(({ type }) => type)).toEqual(Array.from({ length: 1200 }, () => "error"));
  });

  it("[RE45] ask for the state and show tokens five times at once, and are told when they may again", async () => {
    const { world, reader, send, answers } = line();
    await send({ type: "auth", token: "new" }, 6);
    for (let n = 1; n <= 6; n++) await send(state(`state-command-${n}-0000`));
    const refused = answers().filter((frame) => "error" in frame);
    const error = { code: "RATE_LIMITED", details: { retry_after: 1 } };
    expect(refused).toMatchObject([
      { type: "error", error },
      { type: "workspace:state:v1:failed", id: "state-command-6-0000", error },
    ]);
    world.clock.skip(1000);
    await send({ type: "auth", token: "new" });
    expect(answers()).toMatchObject([{ type: "authenticated" }]);
    expect(reader.sink.closed).toBeNull();
  });

  it("[RE45] that are commands are the room's to count", async () => {
    const { reader, send, answers } = line();
    await send({ type: "note:write:v1:requested", id: "the-same-command-0", payload: { id: "n1", text: "x" } }, 1200);
    expect(reader.sink.closed).toBeNull();
    expect(answers()).toHaveLength(1200);
  });
});
