import { expect, test } from "vitest";
import { findCampaignSummary } from "../../core/domain/summaries/entities.ts";
import { campaignRoom } from "../../core/rooms/campaign-room.ts";
import { workspaceRoom } from "../../core/rooms/workspace-room.ts";
import { FakeClock } from "../../worker/engine/testing/fake-clock.ts";
import { campaignLife, LifeRoom, WORKSPACE_LIFE } from "./life.ts";
import type { Step } from "./life.ts";
import { figure } from "./scale.ts";

const DAY_MS = 86_400_000;

/** Carries a step out after it failed at its first, second, … last statement. Returns at how many. */
function failAtEach(room: LifeRoom, step: Step): number {
  room.clock.skip((step.after ?? 0) * DAY_MS);
  const before = room.everything();
  const id = room.newId();
  const payload = step.payload(room.engine.exists ? room.engine.tx() : (undefined as never));
  for (let failAt = 1; ; failAt++) {
    let statements = 0;
    room.storage.beforeWrite = () => {
      if (++statements === failAt) throw new Error(`statement ${failAt} failed`);
    };
    const outcome = room.run(step, payload, id);
    room.storage.beforeWrite = () => undefined;
    if (statements < failAt) {
      if (!outcome.ok) throw new Error(`${step.type}: ${JSON.stringify(outcome.refusal)}`);
      expect(room.everything()).not.toBe(before);
      return failAt - 1;
    }
    // One answer, no trace, and the very next attempt with the same id is a new one.
    expect(outcome).toMatchObject({ ok: false, refusal: { code: "INTERNAL" } });
    expect(room.everything()).toBe(before);
  }
}

test("[#5] a command that fails at any of its statements leaves no trace, gets one answer, and works when sent again", (context) => {
  const clock = new FakeClock();
  const workspace = new LifeRoom(workspaceRoom, { clock });
  let failures = 0;
  const lived = new Set<string>();
  const live = (room: LifeRoom, steps: readonly Step[]): void => {
    for (const step of steps) {
      failures += failAtEach(room, step);
      lived.add(`${room.room.kind} ${step.type}`);
    }
  };
  live(workspace, WORKSPACE_LIFE);
  const campaignId = findCampaignSummary(workspace.engine.tx(), "summer-launch")?.id ?? "";
  const campaign = new LifeRoom(campaignRoom, { clock, campaignId });
  live(campaign, campaignLife(workspace, campaignId));

  const all = [workspaceRoom, campaignRoom].flatMap((room) =>
    [...room.commands.keys()].map((type) => `${room.kind} ${type}`),
  );
  const missing = all.filter((name) => !lived.has(name));
  expect(missing).toEqual([]);
  figure(
    context,
    5,
    `${lived.size} commands failed at ${failures} statements: 0 traces, ${failures} answers, ${lived.size} carried out after`,
  );
});
