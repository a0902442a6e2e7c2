import { describe, expect, it } from "vitest";
import { PoisonRow } from "./ports.ts";
import { RecordingConsumer, World } from "./testing/world.ts";

interface Board {
  readonly world: World;
  readonly one: RecordingConsumer;
  readonly two: RecordingConsumer;
}

async function board(batch = 100): Promise<Board> {
  const [one, two] = [new RecordingConsumer("one", batch), new RecordingConsumer("two", batch)];
  const world = World.created({ consumers: () => [one, two] });
  await world.advance(60_000);
  return { world, one, two };
}

function write(world: World, count = 1): void {
  for (let n = 0; n < count; n++) world.must("ann", "note:write:v1", { id: "n1", text: world.nextId() });
}

const upTo = (head: number): number[] => Array.from({ length: head }, (_, n) => n + 1);

describe("poison", () => {
  function poisonous(...poison: number[]): (seqs: readonly number[]) => void {
    return (seqs) => {
      const first = seqs.find((seq) => poison.includes(seq));
      if (first !== undefined) throw new PoisonRow(first, `cannot take ${first}`);
    };
  }

  it("[RE94] is parked with its reason after what came before it, and the rest goes on", async () => {
    const { world, one, two } = await board();
    one.onDeliver = poisonous(3, 4, 6);
    write(world, 6);
    await world.advance(0);
    expect(one.delivered).toEqual([1, 2, 5, 7]);
    expect(two.delivered).toEqual(upTo(7));
    expect(world.storage.parked().map(({ consumer, seq, error }) => [consumer, seq, error])).toEqual([
      ["one", 3, "cannot take 3"],
      ["one", 4, "cannot take 4"],
      ["one", 6, "cannot take 6"],
    ]);
    expect(world.engine.figures().lag).toBe(0);
    expect(world.errors).toEqual(["outbox row parked", "outbox row parked", "outbox row parked"]);
    expect(world.logged.at(-1)?.facts).toMatchObject({ room: "ws_1", consumer: "one", seq: 6 });
  });

  it("[RE94] that was never delivered is an ordinary failure", async () => {
    const { world, one } = await board();
    one.onDeliver = () => {
      throw new PoisonRow(99, "not mine");
    };
    write(world, 2);
    await world.advance(100);
    expect([one.delivered, world.storage.parked()]).toEqual([[1], []]);
    one.onDeliver = () => {};
    await world.advance(1000);
    expect(one.delivered).toEqual(upTo(3));
  });

  it("[RE94] whose predecessors cannot be delivered now waits with them", async () => {
    const { world, one } = await board();
    one.onDeliver = (seqs) => {
      if (seqs.includes(4)) throw new PoisonRow(4, "bad");
      throw new Error("away");
    };
    write(world, 4);
    await world.advance(100);
    expect(world.storage.parked()).toEqual([]);
    one.onDeliver = poisonous(4);
    await world.advance(2000);
    expect(one.delivered).toEqual([1, 2, 3, 5]);
  });
});
