import { expect, test } from "vitest";
import type { CommandOutcome } from "../../client/sync/pending.ts";
import {
  cards,
  createCard,
  deleteCard,
  renameCard,
  scoreCard,
  tellSecret,
} from "../../client/sync/testing/board-room.ts";
import { PERFECT } from "../../client/sync/testing/fake-network.ts";
import { ANNA, BEN, Stage } from "../../client/sync/testing/stage.ts";
import type { Seat } from "../../client/sync/testing/stage.ts";
import { canonicalJson } from "../../core/model/json.ts";
import { Simulation } from "../../worker/engine/testing/simulation.ts";
import { historyOf } from "./history.ts";
import { judge } from "./oracle.ts";
import { figure, scaled, SEED } from "./scale.ts";

const STEPS = 60;
const ROOM_STEPS = 300;
const TIMEOUT_MS = 600_000;
const RECOVERY_MS = 90_000;

/** Something a person might do now. */
function act({ random }: Stage, { client }: Seat): Promise<CommandOutcome> {
  const id = random.pick(client.list(cards))?.id ?? "a";
  const roll = random.next();
  if (roll < 0.2) return client.run(createCard, { id: `c${random.below(9)}`, title: "named" });
  if (roll < 0.4) return client.run(renameCard, { id, title: `t${random.below(5)}` });
  if (roll < 0.8) return client.run(scoreCard, { id, points: random.below(9) - 4 });
  if (roll < 0.9) return client.run(deleteCard, { id });
  return client.run(tellSecret, { id: `s${random.below(3)}` });
}

/** Clients on lines that delay, drop, duplicate, truncate and cut. Returns how many commands were committed. */
async function runClients(seed: number): Promise<number> {
  const stage = new Stage(seed);
  const { random, clock, room } = stage;
  const seats = Array.from({ length: 2 + random.below(5) }, (_, at) => stage.seat(at % 2 === 0 ? ANNA : BEN));
  for (const [at, { client, line }] of seats.entries()) {
    line.faults = {
      delayMs: random.below(400),
      drop: random.next() * 0.08,
      duplicate: random.next() * 0.1,
      truncate: random.next() * 0.05,
      cut: random.next() * 0.06,
    };
    line.coalesceMs = at * 15;
    client.start();
  }
  const outcomes: Promise<CommandOutcome>[] = [];
  for (let step = 0; step < STEPS; step++) {
    const seat = random.pick(seats);
    if (seat) outcomes.push(act(stage, seat));
    if (random.chance(0.03)) random.pick(seats)?.line.cut();
    if (random.chance(0.02)) room.historyStart = Math.max(0, room.head - 5);
    await clock.advance(random.below(150));
  }
  for (const { line } of seats) {
    line.faults = { ...PERFECT };
    line.cut();
  }
  await clock.advance(RECOVERY_MS);
  const committed = (await Promise.all(outcomes)).filter((outcome) => outcome.ok);
  expect(room.log.map(({ command_id }) => command_id).toSorted()).toEqual(committed.map(({ id }) => id).toSorted());
  const held = room.rows(ANNA).flatMap(([kind, , , value]) => (kind === "card" ? [canonicalJson(value)] : []));
  for (const { client } of seats) {
    expect([client.connection.phase, client.seq, client.unanswered]).toEqual(["live", room.head, 0]);
    const holds = client.list(cards).map((card) => canonicalJson(card));
    expect(holds.toSorted()).toEqual(held.toSorted());
    client.stop();
  }
  return committed.length;
}

/** Rooms of the real engine whose people come, go and change roles, and which are evicted and die. Returns how many commands were acknowledged. */
async function runRoom(seed: number): Promise<number> {
  const simulation = new Simulation(seed);
  const { world } = simulation;
  for (let step = 0; step < ROOM_STEPS; step++) await simulation.step();
  await simulation.heal();
  expect(simulation.violations).toEqual([]);
  const log = simulation.log();
  const acknowledged = simulation.acknowledged.map(({ who, id, outcome }) => ({
    command_id: id,
    actor: `member:${who}`,
    seq: outcome.ok ? outcome.seq : -1,
  }));
  expect(judge(historyOf(log, { acknowledged }))).toEqual([]);
  for (const { sink, position } of world.readers) if (!sink.closed) expect(position).toEqual(world.engine.position);
  for (const { delivered } of simulation.consumers) {
    expect([...new Set(delivered)]).toEqual(log.map(({ seq }) => seq));
  }
  return acknowledged.length;
}

/** Runs each seed in turn. Throws with the seed that repeats a failure. */
async function runAll(runs: number, one: (seed: number) => Promise<number>): Promise<number> {
  let commands = 0;
  for (let n = 0; n < runs; n++) {
    try {
      commands += await one(SEED + n);
    } catch (error) {
      throw new Error(`CHAOS_SEED=${SEED + n} repeats this: ${String(error)}`, { cause: error });
    }
  }
  return commands;
}

test(
  "simulated clients converge with the room whatever the network does, each command once",
  { timeout: TIMEOUT_MS },
  async (context) => {
    const runs = scaled(5_000, 30);
    const commands = await runAll(runs, runClients);
    const kept = `${commands} commands committed once each, all converged`;
    figure(context, 0, `simulated clients, without a platform: ${runs} runs from seed ${SEED}: ${kept}`);
  },
);

test(
  "simulated rooms keep what they acknowledged whatever happens to them",
  { timeout: TIMEOUT_MS },
  async (context) => {
    const runs = scaled(1_000, 3);
    const commands = await runAll(runs, runRoom);
    const kept = `${commands} acknowledged, lost 0, duplicated 0`;
    figure(context, 0, `simulated rooms, without a platform: ${runs} runs from seed ${SEED}: ${kept}`);
  },
);
