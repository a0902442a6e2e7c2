import { describe, expect, it } from "vitest";
import { advanceMediaBuy } from "./advance-media-buy.ts";
import { BUY, aBuy, givenBuy } from "./buy.fixture.ts";
import { mediaBuys } from "./entities.ts";
import type { MediaBuyStatus } from "./entities.ts";

const { start_at, end_at } = aBuy();
const advance = (status: MediaBuyStatus, now: string) => {
  const scenario = givenBuy(aBuy({ status }));
  const outcome = scenario.when(advanceMediaBuy, { media_buy_id: BUY }, { as: { kind: "system" }, now });
  return outcome.code ?? scenario.get(mediaBuys, BUY)?.status;
};
const dueOf = (status: MediaBuyStatus) => mediaBuys.due?.(aBuy({ status })) ?? null;

describe("time passing for a media buy", () => {
  it("starts what waits for its start", () => {
    expect(advance("pending_start", start_at)).toBe("active");
    expect(advance("pending_start", "2026-11-05T11:59:59.999Z")).toBe("NO_CHANGE");
  });

  it("completes what runs or is paused when its flight is over", () => {
    expect(advance("active", end_at)).toBe("completed");
    expect(advance("paused", end_at)).toBe("completed");
    expect(advance("active", "2026-12-05T11:59:59.999Z")).toBe("NO_CHANGE");
  });

  it("starts first what slept through its whole flight", () => {
    expect(advance("pending_start", "2027-01-01T00:00:00.000Z")).toBe("active");
  });

  it("does nothing to what waits for creatives or has ended", () => {
    for (const status of ["pending_creatives", "completed", "canceled", "rejected"] as const) {
      expect(advance(status, "2027-01-01T00:00:00.000Z")).toBe("NO_CHANGE");
    }
  });

  it("is what the engine's timer is set to", () => {
    const command = { type: advanceMediaBuy.type, payload: { media_buy_id: BUY } };
    expect(dueOf("pending_start")).toEqual({ at: start_at, command });
    expect(dueOf("active")).toEqual({ at: end_at, command });
    expect(dueOf("paused")).toEqual({ at: end_at, command });
    expect(dueOf("pending_creatives")).toBeNull();
    expect(dueOf("completed")).toBeNull();
  });

  it("is nobody's to command, not even an owner's", () => {
    const outcome = givenBuy().when(advanceMediaBuy, { media_buy_id: BUY }, { as: "owner", now: end_at });
    expect(outcome.code).toBe("PERMISSION_DENIED");
  });
});
