import { describe, expect, it, vi } from "vitest";
import { cards, scoreCard, typing } from "./testing/board-room.ts";
import { BEN, withCard } from "./testing/stage.ts";

describe("what the room sends wrong", () => {
  it("a gap is repaired by resuming on the same connection", async () => {
    const { stage, client, line, problems } = await withCard();
    const other = await stage.join(BEN);
    line.faults.drop = 1;
    void other.client.run(scoreCard, { id: "a", points: 1 });
    line.faults.drop = 0;
    void other.client.run(scoreCard, { id: "a", points: 2 });
    await stage.clock.advance(100);
    expect(client.get(cards, "a")?.points).toBe(3);
    expect(client.seq).toBe(3);
    expect(line.connections).toBe(1);
    expect(problems).toHaveLength(1);
    expect(line.session?.received.filter((frame) => frame.type === "hello")).toHaveLength(2);
  });

  it.each([
    ["is not JSON", '{"type":"commits"'],
    ["fits no schema", '{"type":"commits","epoch":1}'],
    ["has an unknown field", '{"type":"pong","extra":1}'],
    ["holds an unknown event", commitsFrame(["card:explode:v1:success", {}])],
    ["holds an event with bad data", commitsFrame(["card:rename:v1:success", { id: "a" }])],
    ["cannot be applied", commitsFrame(["card:score:v1:success", { id: "nowhere", points: 1 }])],
    ["is of another epoch", commitsFrame(["card:score:v1:success", { id: "a", points: 1 }], 7)],
  ])("a frame that %s changes nothing, is reported and is repaired by resuming", async (_name, text) => {
    const { stage, client, line, problems } = await withCard();
    line.inject(text);
    expect(client.get(cards, "a")).toMatchObject({ title: "First", points: 0 });
    expect(client.seq).toBe(1);
    expect(problems).toHaveLength(1);
    expect(client.connection.phase).toBe("live");
    void client.run(scoreCard, { id: "a", points: 2 });
    await stage.clock.advance(100);
    expect(client.get(cards, "a")?.points).toBe(2);
    expect(line.session?.received.filter((frame) => frame.type === "hello").at(-1)).toMatchObject({ epoch: 1, seq: 1 });
  });

  it("a frame of which the second commit is bad applies neither", async () => {
    const { client, line } = await withCard();
    line.inject(
      JSON.stringify({
        type: "commits",
        epoch: 1,
        from: 1,
        to: 3,
        tip: "t",
        commits: [
          [2, "member:x", "2026-11-20T12:00:00.000Z", ["card:score:v1:success", { id: "a", points: 1 }]],
          [3, "member:x", "2026-11-20T12:00:00.000Z", ["card:explode:v1:success", {}]],
        ],
      }),
    );
    expect(client.get(cards, "a")?.points).toBe(0);
    expect(client.seq).toBe(1);
  });

  it("what fails again after resuming is replaced by a snapshot, without a storm of hellos", async () => {
    const { stage, client, line } = await withCard();
    stage.room.onCommit.clear();
    stage.room.commit({
      actor: "member:x",
      command_id: "cmd_poison",
      events: [{ type: "card:score:v1:success", data: { id: "a", points: 4 } }],
      data: null,
    });
    const log = stage.room.log.at(-1)!;
    const poisoned = { ...log, events: [{ type: "card:score:v1:success", data: { id: "a", points: "four" } }] };
    stage.room.log = [...stage.room.log.slice(0, -1), poisoned];
    line.inject(commitsFrame(["card:score:v1:success", { id: "a", points: "four" }]));
    await stage.clock.advance(100);
    expect(client.get(cards, "a")?.points).toBe(4);
    expect(client.connection.phase).toBe("live");
    const hellos = line.session!.received.filter((frame) => frame.type === "hello");
    expect(hellos.map((hello) => ("seq" in hello ? hello.seq : null))).toEqual([null, 1, null]);
  });

  it("frames of what was applied already are ignored", async () => {
    const { client, line, problems } = await withCard();
    line.inject(
      JSON.stringify({
        type: "commits",
        epoch: 1,
        from: 0,
        to: 1,
        tip: "t",
        commits: [[1, "member:x", "2026-11-20T12:00:00.000Z", ["card:create:v1:success", { id: "a", title: "Again" }]]],
      }),
    );
    expect(client.get(cards, "a")?.title).toBe("First");
    expect(problems).toEqual([]);
  });

  it("a signal that does not fit is reported and dropped", async () => {
    const { client, line, problems } = await withCard();
    const heard = vi.fn<(data: unknown) => void>();
    client.onSignal(typing, heard);
    line.inject('{"type":"signal","name":"card:typing","data":{"id":5}}');
    line.inject('{"type":"signal","name":"card:dancing","data":{"id":"a"}}');
    line.inject('{"type":"signal","name":"card:typing","data":{"id":"a"}}');
    expect(heard.mock.calls).toEqual([[{ id: "a" }]]);
    expect(problems).toHaveLength(2);
    expect(client.connection.phase).toBe("live");
  });
});

function commitsFrame(event: [string, unknown], epoch = 1): string {
  return JSON.stringify({
    type: "commits",
    epoch,
    from: 1,
    to: 2,
    tip: "t",
    commits: [[2, "member:x", "2026-11-20T12:00:00.000Z", event]],
  });
}
