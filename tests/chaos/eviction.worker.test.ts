import { abortAllDurableObjects, evictDurableObject } from "cloudflare:test";
import { expect, test, vi } from "vitest";
import { RuntimeRoom } from "./runtime-room.worker.ts";
import { judge } from "./oracle.ts";
import { figure, scaled } from "./scale.ts";

const LEVEL_WITHIN_MS = 5_000;

vi.setConfig({ testTimeout: 300_000 });

test("[#3] an object that hibernates in the midst of writing keeps its sockets, and knows whose they are", async (context) => {
  const evictions = scaled(100, 3);
  const room = await RuntimeRoom.open();
  const [one, two] = [await room.viewer("one"), await room.viewer("two")];
  for (let n = 1; n <= evictions; n++) {
    await room.write(n);
    await evictDurableObject(room.stub);
    // By the socket that outlived the object: it is still known whose it is.
    const id = `after-eviction-${String(n).padStart(8, "0")}`;
    const answer = await one.command("campaign:update:v1", room.change(-n), id);
    expect(answer).toMatchObject({ type: "campaign:update:v1:success", id });
    room.acknowledge(id, "seq" in answer ? answer.seq : -1);
  }
  const history = await room.settledHistory();
  room.close();
  expect(judge(history)).toEqual([]);
  expect([...one.closes, ...two.closes].filter((code) => code !== 0)).toEqual([]);
  const [first] = history.log.filter(({ command_id }) => command_id.startsWith("after-eviction"));
  const actors = new Set(
    history.log.filter(({ command_id }) => command_id.startsWith("after-eviction")).map(({ actor }) => actor),
  );
  expect([...actors]).toEqual([first?.actor]);
  expect(first?.actor).toMatch(/^member:/);
  const repairs = one.repairs.length + two.repairs.length;
  figure(
    context,
    3,
    `${evictions} evictions: 0 sockets closed, ${history.acknowledged.length} acknowledged, 0 lost, ${repairs} frames asked for again`,
  );
});

test.for([
  ["evicted with its sockets", (room: RuntimeRoom) => evictDurableObject(room.stub, { webSockets: "close" })],
  ["aborted", () => abortAllDurableObjects()],
] as const)(
  "[#4] an object that is %s: everybody is back from where they were within 5 s",
  async ([how, end], context) => {
    const rounds = scaled(20, 2);
    const room = await RuntimeRoom.open();
    const viewers = [await room.viewer("one"), await room.viewer("two")];
    const took: number[] = [];
    for (let n = 1; n <= rounds; n++) {
      await room.write(n);
      await end(room);
      const head = await room.write(-n);
      const since = Date.now();
      // An aborted runtime may not tell the other end, which then finds out by its pings.
      for (const viewer of viewers) if (how === "aborted") viewer.cut();
      for (const viewer of viewers) await viewer.until(head, LEVEL_WITHIN_MS);
      took.push(Date.now() - since);
    }
    const history = await room.settledHistory();
    room.close();
    expect(judge(history)).toEqual([]);
    expect(viewers.map(({ welcomes }) => welcomes.snapshot)).toEqual([1, 1]);
    figure(context, 4, `${how} ${rounds} times: level after at most ${Math.max(...took)} ms, 0 gaps, none by snapshot`);
  },
);
