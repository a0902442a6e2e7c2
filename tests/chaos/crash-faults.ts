import { expect, test } from "vitest";
import { updateCampaign } from "../../core/domain/campaigns/update-campaign.ts";
import { updateMediaBuy } from "../../core/domain/media-buys/update-media-buy.ts";
import type { Flightdeck } from "../e2e/support/flightdeck.ts";
import { Seeded } from "../../worker/engine/testing/seeded.ts";
import { LiveRoom } from "./live-room.ts";
import { judge, losses } from "./oracle.ts";
import { figure, scaled, SEED } from "./scale.ts";

const PAUSE_MS = 5;
const BURST = 40;
const MAX_DELAY_MS = 30;

/** Faults of the whole machine: the process dies, answers are lost. */
export function crashFaults(server: () => Flightdeck): void {
  test("[#1] SIGKILL of the process group again and again while browsers write loses and doubles nothing", async (context) => {
    const [mutations, kills] = [scaled(1_000, 120), scaled(10, 1)];
    const random = new Seeded(SEED + 1);
    const room = await LiveRoom.open(server());
    const viewers = [await room.viewer("an owner who watches"), await room.viewer("a viewer who watches", "viewer")];
    const clients = [room.client("browser one"), room.client("browser two")];
    const killAt = new Set(Array.from({ length: kills }, (_, n) => Math.floor(((n + 0.5) * mutations) / kills)));
    const answers = [];
    for (let n = 0; n < mutations; n++) {
      const client = random.pick(clients) ?? clients[0]!;
      const cap = { operation: "set_daily_cap", amount_micros: 1_000_000_000 + n * 1_000 } as const;
      const change = { media_buy_id: room.campaign.mediaBuyId, operations: [cap] };
      answers.push(
        random.chance(0.5) ? client.run(updateCampaign, room.change(n)) : client.run(updateMediaBuy, change),
      );
      if (random.chance(0.02)) random.pick(viewers)?.cut();
      // The last ones before a kill are sent in one go, so that it hits some on their way.
      if ([...killAt].some((at) => n < at && n >= at - BURST)) continue;
      if (killAt.has(n)) {
        await new Promise((resolve) => setTimeout(resolve, random.below(MAX_DELAY_MS)));
        await server().kill();
        await server().restart();
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    const outcomes = await Promise.all(answers);
    for (const outcome of outcomes) if (outcome.ok) room.acknowledge(outcome.id, outcome.seq);
    const refused = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.error.code]));
    expect(refused).toEqual([]);
    const history = await room.settledHistory();
    room.close();
    expect(judge(history)).toEqual([]);
    const { lost, doubled } = losses(history);
    const replayed = outcomes.filter((outcome) => outcome.ok && outcome.replayed).length;
    figure(
      context,
      1,
      `${kills} kills in ${mutations} mutations, seed ${SEED + 1}: acknowledged ${outcomes.length}, lost ${lost}, duplicated ${doubled}, answered from the log after a crash ${replayed}`,
    );
  });

  test("[#2] a sender who heard nothing sends everything again: each is answered with its first seq", async (context) => {
    const mutations = scaled(1_000, 200);
    const room = await LiveRoom.open(server());
    const viewer = await room.viewer("a watcher");
    const head = room.readLog().log.length;
    const deaf = await room.socket();
    const ids = Array.from({ length: mutations }, (_, n) => `deaf-${SEED}-${String(n).padStart(8, "0")}`);
    const frame = (id: string, n: number): object => ({
      type: "campaign:update:v1:requested",
      id,
      payload: room.change(n),
    });
    ids.forEach((id, n) => deaf.send(frame(id, n)));
    // Whatever was answered, nobody took it in; the last one is known to be carried out because it is seen.
    await viewer.until(head + mutations);
    deaf.close();
    const before = room.readLog().log;
    const seqs = new Map(before.map(({ command_id, seq }) => [command_id, seq]));

    const again = await room.socket();
    await Promise.all(
      ids.map(async (id, n) => {
        const answer = await again.command("campaign:update:v1", room.change(n), { id });
        expect(answer).toMatchObject({ id, seq: seqs.get(id), replayed: true });
        if ("seq" in answer) room.acknowledge(id, answer.seq);
      }),
    );
    again.close();
    const history = await room.settledHistory();
    room.close();
    expect(judge(history)).toEqual([]);
    const extra = history.log.length - before.length;
    expect(extra).toBe(0);
    figure(context, 2, `${mutations} commands sent again: ${extra} extra commits, each answered with its first seq`);
  });
}
