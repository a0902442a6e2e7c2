import { describe, expect, it } from "vitest";
import type { CommandOutcome } from "./pending.ts";
import { cards, createCard, deleteCard, renameCard, scoreCard, tellSecret } from "./testing/board-room.ts";
import { PERFECT } from "./testing/fake-network.ts";
import { ANNA, BEN, Stage } from "./testing/stage.ts";
import type { Seat } from "./testing/stage.ts";

const STEPS = 150;
const SEEDS = Array.from({ length: 20 }, (_, i) => 1_000 + i);

/** Something a person might do now, on cards that this client sees. */
function act(stage: Stage, { client }: Seat, outcomes: Promise<CommandOutcome>[]): void {
  const { random } = stage;
  const id = random.pick(client.list(cards))?.id ?? "a";
  const roll = random.next();
  if (roll < 0.2)
    outcomes.push(
      client.run(createCard, random.chance(0.5) ? { title: "new" } : { id: `c${random.below(9)}`, title: "named" }),
    );
  else if (roll < 0.4) outcomes.push(client.run(renameCard, { id, title: `t${random.below(5)}` }));
  else if (roll < 0.8) outcomes.push(client.run(scoreCard, { id, points: random.below(9) - 4 }));
  else if (roll < 0.9) outcomes.push(client.run(deleteCard, { id }));
  else outcomes.push(client.run(tellSecret, { id: `s${random.below(3)}` }));
}

describe("clients on bad lines", () => {
  it.each(SEEDS)("converge with the room, each command applied once (seed %i)", async (seed) => {
    const stage = new Stage(seed);
    const seats = [stage.seat(ANNA), stage.seat(ANNA), stage.seat(BEN), stage.seat(BEN)];
    seats.forEach(({ client, line }, i) => {
      line.faults = { delayMs: 150, drop: 0.03, duplicate: 0.05, truncate: 0.02, cut: 0.03 };
      line.coalesceMs = i * 20;
      client.start();
    });
    const outcomes: Promise<CommandOutcome>[] = [];
    for (let step = 0; step < STEPS; step++) {
      const seat = stage.random.pick(seats)!;
      act(stage, seat, outcomes);
      if (stage.random.chance(0.02)) seat.line.cut();
      if (stage.random.chance(0.01)) stage.room.historyStart = Math.max(0, stage.room.head - 5);
      await stage.clock.advance(stage.random.below(120));
    }
    for (const { line } of seats) {
      line.faults = { ...PERFECT };
      line.cut();
    }
    await stage.clock.advance(90_000);

    const settled = await Promise.all(outcomes);
    const committed = settled.filter((outcome) => outcome.ok);
    expect(stage.room.log).toHaveLength(committed.length);
    expect(new Set(stage.room.log.map((commit) => commit.command_id))).toEqual(
      new Set(committed.map((outcome) => outcome.id)),
    );
    for (const [i, { client }] of seats.entries()) {
      const person = i < 2 ? ANNA : BEN;
      expect(client.connection.phase).toBe("live");
      expect(client.seq).toBe(stage.room.head);
      expect(client.unanswered).toBe(0);
      const held = stage.room.rows(person).filter(([kind]) => kind === "card");
      expect(byId(client.list(cards))).toEqual(byId(held.map(([, , , value]) => value)));
      expect(held.map(([, id]) => client.revision(cards, id))).toEqual(held.map(([, , revision]) => revision));
    }
  });
});

function byId<T extends { id: string }>(items: readonly T[]): T[] {
  return [...items].sort((a, b) => (a.id < b.id ? -1 : 1));
}
