import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aBuy, givenBuy, operate } from "./buy.fixture.ts";
import { advanceMediaBuy } from "./advance-media-buy.ts";
import { cancelMediaBuy } from "./cancel-media-buy.ts";
import { MEDIA_BUY_STATUSES, isTerminal, mediaBuys } from "./entities.ts";
import type { MediaBuyStatus } from "./entities.ts";
import { STATUS_GRAPH, canMove } from "./status-graph.ts";

describe("the statuses of a media buy", () => {
  it("are AdCP's, every one with its place in the graph", () => {
    expect([...STATUS_GRAPH.keys()]).toEqual([...MEDIA_BUY_STATUSES]);
    expect(canMove("active", "pending_start")).toBe(false);
    expect(canMove("completed", "active")).toBe(false);
    expect(canMove("pending_creatives", "rejected")).toBe(true);
  });

  it("end in completed, rejected and canceled", () => {
    for (const [status, next] of STATUS_GRAPH) expect(next.length === 0).toBe(isTerminal(status));
  });

  it("never leave the graph, whatever is asked in whatever order", () => {
    const step = fc.oneof(
      fc.constantFrom<MediaBuyStatus>(...MEDIA_BUY_STATUSES),
      fc.constant("cancel" as const),
      fc.constant("time" as const),
    );
    fc.assert(
      fc.property(fc.constantFrom(...MEDIA_BUY_STATUSES), fc.array(step, { maxLength: 8 }), (first, steps) => {
        const scenario = givenBuy(aBuy({ status: first }));
        for (const each of steps) {
          const before = scenario.get(mediaBuys, aBuy().id)!.status;
          if (each === "cancel") scenario.when(cancelMediaBuy, { media_buy_id: aBuy().id, reason: "x" });
          else if (each === "time") {
            const later = { as: { kind: "system" as const }, now: "2027-01-01T00:00:00.000Z" };
            scenario.when(advanceMediaBuy, { media_buy_id: aBuy().id }, later);
          } else operate(scenario, { operation: "set_status", status: each, reason: "x" });
          const after = scenario.get(mediaBuys, aBuy().id)!.status;
          expect(after === before || canMove(before, after)).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });
});
