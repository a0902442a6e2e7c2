import { describe, expect, it } from "vitest";
import { LINGER_MS, RoomRegistry } from "./room-registry.ts";
import { renameCard } from "./testing/board-room.ts";
import { Stage } from "./testing/stage.ts";
import type { Seat } from "./testing/stage.ts";

const A = { workspace_id: "ws_A", campaign_id: "cmp_A" };

function aRegistry(): { stage: Stage; registry: RoomRegistry; seats: Seat[] } {
  const stage = new Stage();
  const seats: Seat[] = [];
  const registry = new RoomRegistry({
    clock: stage.clock,
    open() {
      const seat = stage.seat();
      seats.push(seat);
      return seat.client;
    },
  });
  return { stage, registry, seats };
}

describe("the rooms of a page", () => {
  it("share one client and one connection for one room, and have others for other rooms", async () => {
    const { stage, registry, seats } = aRegistry();
    registry.retain(A);
    registry.retain({ ...A });
    registry.retain({ workspace_id: "ws_A" });
    await stage.clock.advance(200);
    expect(registry.client(A)).toBe(registry.client({ ...A }));
    expect(seats.map((seat) => seat.line.connections)).toEqual([1, 1]);
  });

  it("connect only when somebody retains them", async () => {
    const { stage, registry, seats } = aRegistry();
    registry.client(A);
    await stage.clock.advance(200);
    expect(seats[0]?.line.connections).toBe(0);
  });

  it("are left a while after the last user, and not if somebody comes back meanwhile", async () => {
    const { stage, registry, seats } = aRegistry();
    const release = registry.retain(A);
    await stage.clock.advance(200);
    release();
    release();
    await stage.clock.advance(LINGER_MS - 1);
    const again = registry.retain(A);
    await stage.clock.advance(LINGER_MS);
    expect(seats[0]?.line.session).not.toBeNull();
    again();
    await stage.clock.advance(LINGER_MS);
    expect(seats[0]?.line.session).toBeNull();
    expect(registry.client(A)).not.toBe(seats[0]?.client);
  });

  it("are kept while a command waits for its answer", async () => {
    const { stage, registry, seats } = aRegistry();
    const release = registry.retain(A);
    await stage.clock.advance(200);
    const [seat] = seats;
    seat!.line.faults.drop = 1;
    void seat!.client.run(renameCard, { id: "a", title: "x" });
    release();
    await stage.clock.advance(LINGER_MS);
    expect(seat!.line.session).not.toBeNull();
    seat!.line.faults.drop = 0;
    seat!.line.cut();
    await stage.clock.advance(LINGER_MS + 1_000);
    expect(seat!.line.session).toBeNull();
  });

  it("are left at once when the person signs out", async () => {
    const { stage, registry, seats } = aRegistry();
    registry.retain(A);
    await stage.clock.advance(200);
    registry.close();
    expect(seats[0]?.line.session).toBeNull();
  });
});
