import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { campaignRoom } from "../../core/rooms/campaign-room.ts";
import { Seeded } from "../../worker/engine/testing/seeded.ts";
import { malformedFrame } from "./malformed.ts";
import { judge } from "./oracle.ts";
import { dialWorker, RuntimeRoom } from "./runtime-room.worker.ts";
import { assertUndisturbed, figure, percentile, scaled, SEED } from "./scale.ts";
import type { Viewer } from "./viewer.ts";

const NEIGHBOUR_EVERY_MS = 50;
const TICK_MS = 10;
const ROUNDS = 3;
/** The runtime hands an object about 700 frames a second, whatever is in them: what waits before that, no room can refuse. */
const MAX_UNANSWERED = 20;

vi.setConfig({ testTimeout: 300_000 });

// A line for each command, through the test runner, takes longer than the command.
beforeAll(() => void vi.spyOn(console, "log").mockImplementation(() => undefined));
afterAll(() => void vi.restoreAllMocks());

/** A neighbour who writes 20 times a second for as long as `work` takes; the 99th percentile of their answers in ms. */
async function neighbourDuring(room: RuntimeRoom, viewer: Viewer, work: () => Promise<void>): Promise<number> {
  const took: number[] = [];
  const answers: Promise<void>[] = [];
  let over = false;
  let n = 0;
  const one = async (id: string): Promise<void> => {
    const sent = performance.now();
    const answer = await viewer.command("campaign:update:v1", room.change(++n * 1e6), id);
    took.push(performance.now() - sent);
    if ("error" in answer) throw new Error(`The neighbour was refused: ${answer.error.code}`);
    if ("seq" in answer) room.acknowledge(id, answer.seq);
  };
  const writing = (async () => {
    while (!over) {
      answers.push(one(`neighbour-${crypto.randomUUID()}`));
      await new Promise((resolve) => setTimeout(resolve, NEIGHBOUR_EVERY_MS));
    }
  })();
  await work();
  over = true;
  await writing;
  await Promise.all(answers);
  return percentile(took, 0.99);
}

/** Sends commands as fast as it is told, and counts the answers instead of reading them: it shares a thread with the room. */
class Flooder {
  readonly accepted = new Map<string, number>();
  readonly refused = new Map<string, number>();
  answered = 0;
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => this.#count(String(data)));
  }

  static async open(room: RuntimeRoom): Promise<Flooder> {
    const options = { name: "flooder", address: `${room.path}/live`, token: room.team.owner, room: campaignRoom };
    return await new Promise((resolve, reject) => {
      const opening: Promise<WebSocket> = dialWorker(options, () => {
        opening.then((socket) => resolve(new Flooder(socket)), reject);
      });
    });
  }

  send(payload: object, id: string): void {
    this.#socket.send(JSON.stringify({ type: "campaign:update:v1:requested", id, payload }));
  }

  #count(text: string): void {
    if (!text.startsWith('{"type":"campaign:update:v1:')) return;
    this.answered++;
    const answer = JSON.parse(text) as { id: string; seq?: number; error?: { code: string } };
    const { code } = answer.error ?? {};
    if (code) this.refused.set(code, (this.refused.get(code) ?? 0) + 1);
    else this.accepted.set(answer.id, answer.seq ?? -1);
  }
}

interface Round {
  readonly before: number;
  readonly during: number;
}

/**
 * The neighbour before and during each of three rounds of some abuse; the round in which they noticed it least.
 * What other programs of the machine do only adds to one round or another; what the abuse does is in all of them.
 */
async function quietest(room: RuntimeRoom, neighbour: Viewer, abuse: () => Promise<void>): Promise<Round> {
  const rounds: Round[] = [];
  for (let n = 0; n < ROUNDS; n++) {
    const before = await neighbourDuring(room, neighbour, pause(scaled(4_000, 500)));
    rounds.push({ before, during: await neighbourDuring(room, neighbour, abuse) });
  }
  const worth = ({ before, during }: Round): number => during - 2 * before;
  return rounds.toSorted((a, b) => worth(a) - worth(b))[0] ?? { before: 0, during: Number.POSITIVE_INFINITY };
}

const pause = (ms: number) => (): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test("[#11] frames that are malformed in every way are each answered, change nothing and disturb nobody", async (context) => {
  const [frames, seed] = [scaled(100_000, 1_800), SEED + 11];
  const room = await RuntimeRoom.open();
  const neighbour = await room.program("neighbour");
  const abuser = await room.viewer("abuser");
  const random = new Seeded(seed);
  let sent = 0;
  const { before, during } = await quietest(room, neighbour, async () => {
    const end = Math.min(frames, sent + Math.ceil(frames / ROUNDS));
    while (sent < end) {
      for (let n = 0; n < 10 && sent < end; n++, sent++) abuser.sendText(malformedFrame(random, room.team.campaign.id));
      while (abuser.complaints < sent) await pause(1)();
    }
  });
  expect(abuser.complaints).toBe(frames);
  expect(abuser.closes).toEqual([]);
  const history = await room.settledHistory();
  room.close();
  expect(judge(history)).toEqual([]);
  expect(history.log.filter(({ command_id }) => command_id.startsWith("malformed"))).toEqual([]);
  assertUndisturbed(before, during, 2);
  figure(
    context,
    11,
    `${frames} frames, seed ${seed}: ${abuser.complaints} answered with an error, 0 crashes, 0 changes; the neighbour's p99 ${during} ms (before ${before} ms), the quietest of ${ROUNDS} rounds`,
  );
});

test("[#26] a flood of one person's commands is limited, and the others are served as before", async (context) => {
  const seconds = scaled(20, 3);
  const room = await RuntimeRoom.open();
  const neighbour = await room.program("neighbour");
  const flooder = await Flooder.open(room);
  let sent = 0;
  const started = performance.now();
  const { before, during } = await quietest(room, neighbour, async () => {
    const [since, from] = [performance.now(), sent];
    const elapsed = (): number => performance.now() - since;
    while (elapsed() < (seconds * 1000) / ROUNDS) {
      for (; sent - from < elapsed() && sent - flooder.answered < MAX_UNANSWERED; sent++)
        flooder.send(room.change(sent), `flood-${String(sent).padStart(12, "0")}`);
      await pause(TICK_MS)();
    }
    while (flooder.answered < sent) await pause(TICK_MS)();
  });
  const took = (performance.now() - started) / 1000;
  for (const [id, seq] of flooder.accepted) room.acknowledge(id, seq);
  const history = await room.settledHistory();
  room.close();
  expect(judge(history)).toEqual([]);
  expect([...flooder.refused.keys()]).toEqual(["RATE_LIMITED"]);
  const [carriedOut, limited] = [flooder.accepted.size, flooder.refused.get("RATE_LIMITED") ?? 0];
  expect(carriedOut).toBeLessThanOrEqual(100 + 20 * (took + 1));
  assertUndisturbed(before, during, 2);
  figure(
    context,
    26,
    `${sent} commands of one person in ${seconds} s (1,000/s, as far as the runtime hands them on): ${carriedOut} carried out, ${limited} refused RATE_LIMITED; the neighbour's p99 ${during} ms (before ${before} ms), the quietest of ${ROUNDS} rounds, 0 refused`,
  );
});
