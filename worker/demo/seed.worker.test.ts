import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import type { DayCounter } from "../../core/domain/delivery/entities.ts";
import type { MediaBuy } from "../../core/domain/media-buys/entities.ts";
import type { MediaBuySummary } from "../../core/domain/summaries/entities.ts";
import type { Identity } from "../../core/model/room.ts";
import type { RoomRead } from "../engine/outcome.ts";
import { DEMO_PEOPLE, DEMO_WORKSPACE } from "../identity/demo-people.ts";
import { roomStub } from "../objects/room-address.ts";
import type { RoomRpc } from "../objects/room-rpc.ts";
import { CAMPAIGNS, DEMO_BUYS } from "./buys.ts";
import { seedDemo } from "./seed.ts";
import type { DemoRooms } from "./seed.ts";

const OWNER: Identity = { kind: "user", subject: DEMO_PEOPLE.owner.user_id, session_id: null };
const stub = (address: Parameters<typeof roomStub>[0]) => roomStub(address, env) as unknown as RoomRpc;
const rooms: DemoRooms = { rehearse: (room, steps) => stub(room).rehearse(steps) };

async function read<T>(kind: string, campaign_id?: string): Promise<T[]> {
  const answer = (await stub({ workspace_id: DEMO_WORKSPACE.id, campaign_id }).read({
    identity: OWNER,
    kind,
  })) as RoomRead;
  return answer.rows.map((row) => row[3] as unknown as T);
}

test(
  "the demo has its buys with their states and exact totals, in the campaigns and in the workspace's mirror",
  { timeout: 60_000 },
  async () => {
    const seeded = await seedDemo(rooms, Date.now());
    expect(seeded.api_key).toMatch(/^fd_live_\w{32}$/);
    expect(seeded.events).toBeGreaterThan(215);
    expect(seeded.events).toBeLessThan(265);

    const buys = (await Promise.all(Object.values(CAMPAIGNS).map((id) => read<MediaBuy>("media_buy", id)))).flat();
    const states = Object.fromEntries(buys.map((buy) => [buy.brand.name, buy.status]));
    expect(states).toEqual({
      NorthTrail: "active",
      BrightBean: "active",
      FlowDesk: "active",
      CityBank: "active",
      VeloRide: "paused",
      GlowLab: "pending_creatives",
    });

    const days = (await Promise.all(Object.values(CAMPAIGNS).map((id) => read<DayCounter>("day_counter", id)))).flat();
    const total = (measure: "impressions" | "clicks" | "spend_micros"): number =>
      days.reduce((sum, day) => sum + day[measure], 0);
    expect([total("impressions"), total("clicks"), total("spend_micros")]).toEqual([4_295_102, 13_468, 68_714_000_000]);

    await expect
      .poll(
        async () => {
          const summaries = await read<MediaBuySummary>("media_buy_summary");
          return [
            summaries.length,
            summaries.reduce((sum, buy) => sum + buy.totals.spend_micros, 0),
            summaries.reduce((sum, buy) => sum + buy.budget_micros, 0),
          ];
        },
        { timeout: 10_000 },
      )
      .toEqual([DEMO_BUYS.length, 68_714_000_000, 185_000_000_000]);

    expect(await seedDemo(rooms, Date.now())).toEqual({ workspace_id: DEMO_WORKSPACE.id, events: 0, api_key: null });
  },
);
