import { describe, expect, it } from "vitest";
import type { Connection } from "./connection.ts";
import { cards, createCard, renameCard, scoreCard } from "./testing/board-room.ts";
import { BEN, Stage, withCard } from "./testing/stage.ts";

describe("a connection that ends", () => {
  it("is made again, and a command given meanwhile is applied once", async () => {
    const { stage, client, line } = await withCard();
    line.reachable = false;
    line.cut();
    const answer = client.run(scoreCard, { id: "a", points: 5 });
    await stage.clock.advance(1_000);
    expect(client.connection.phase).toBe("reconnecting");
    expect(client.get(cards, "a")?.points).toBe(5);
    line.reachable = true;
    await stage.clock.advance(200);
    expect(await answer).toMatchObject({ ok: true, seq: 2 });
    expect(stage.room.log).toHaveLength(2);
    expect(client.get(cards, "a")?.points).toBe(5);
  });

  it("loses no command whose answer was lost: sent again with the same id, it is applied once", async () => {
    const { stage, client, line } = await withCard();
    line.faults.drop = 1;
    const answer = client.run(scoreCard, { id: "a", points: 5 });
    line.cut();
    line.faults.drop = 0;
    await stage.clock.advance(200);
    expect(await answer).toMatchObject({ ok: true, seq: 2, replayed: true });
    expect(stage.room.log.map((commit) => commit.seq)).toEqual([1, 2]);
    expect(client.get(cards, "a")?.points).toBe(5);
    expect(client.isPending(cards, "a")).toBe(false);
  });

  it("is caught up with exactly what was missed", async () => {
    const { stage, client, line } = await withCard();
    const other = await stage.join(BEN);
    line.reachable = false;
    line.cut();
    for (let i = 0; i < 200; i++) void other.client.run(scoreCard, { id: "a", points: 1 });
    await stage.clock.advance(500);
    line.reachable = true;
    await stage.clock.advance(500);
    expect(client.connection.phase).toBe("live");
    expect(client.seq).toBe(201);
    expect(client.get(cards, "a")?.points).toBe(200);
    expect(line.session?.received[0]).toMatchObject({ type: "hello", epoch: 1, seq: 1 });
  });

  it("tells how far behind it is and how old what it shows is", async () => {
    const { stage, client, line } = await withCard();
    const other = await stage.join(BEN);
    const cutAt = stage.clock.now();
    line.reachable = false;
    line.cut();
    void other.client.run(scoreCard, { id: "a", points: 1 });
    void other.client.run(scoreCard, { id: "a", points: 1 });
    const seen: Connection[] = [];
    client.subscribe(() => seen.push(client.connection));
    line.faults.delayMs = 300;
    line.reachable = true;
    await stage.clock.advance(2_000);
    expect(seen).toContainEqual({ phase: "catching_up", behind: 2, stale_since: cutAt, refusal: null });
    expect(seen.at(-1)).toEqual({ phase: "live", behind: 0, stale_since: null, refusal: null });
  });

  it("is not made again after a final close code: the data is forgotten and what waits is told why", async () => {
    const { stage, client, line } = await withCard();
    line.faults.drop = 1;
    const answer = client.run(renameCard, { id: "a", title: "Second" });
    line.cut(4505, "Access was taken away");
    expect(await answer).toMatchObject({ ok: false, error: { message: "Access was taken away" } });
    await stage.clock.advance(60_000);
    expect(client.connection).toMatchObject({
      phase: "refused",
      refusal: { code: 4505, reason: "Access was taken away" },
    });
    expect(client.list(cards)).toEqual([]);
    expect(line.connections).toBe(1);
  });

  it("counts as lost when a ping is not answered within 5 s", async () => {
    const { stage, client, line } = await withCard();
    line.faults.drop = 1;
    await stage.clock.advance(25_000);
    expect(line.sent.at(-1)).toBe('{"type":"ping"}');
    line.faults.drop = 0;
    await stage.clock.advance(4_000);
    expect(line.connections).toBe(1);
    await stage.clock.advance(2_000);
    expect(line.connections).toBe(2);
    expect(client.connection.phase).toBe("live");
  });

  it("is made again at once when the network is back", async () => {
    const { stage, client, line } = await withCard();
    client.networkChanged(false);
    expect(client.connection.phase).toBe("offline");
    line.cut();
    expect(client.connection.phase).toBe("offline");
    client.networkChanged(true);
    expect(client.connection.phase).toBe("reconnecting");
    await stage.clock.advance(100);
    expect(client.connection.phase).toBe("live");
  });

  it("is made anew when the network is back although the old one never closed", async () => {
    const { stage, client, line } = await withCard();
    client.networkChanged(false);
    client.networkChanged(true);
    await stage.clock.advance(100);
    expect(client.connection.phase).toBe("live");
    expect(line.connections).toBe(2);
  });
});

describe("history that cannot be continued", () => {
  it("is replaced by a snapshot after a restore, and what only the lost history held is gone", async () => {
    const { stage, client, line } = await withCard();
    void client.run(renameCard, { id: "a", title: "Lost" });
    void client.run(createCard, { id: "b", title: "Lost too" });
    await stage.clock.advance(100);
    line.reachable = false;
    line.cut();
    stage.room.restoreTo(1);
    line.reachable = true;
    await stage.clock.advance(200);
    expect(client.list(cards)).toEqual([{ id: "a", title: "First", points: 0, changed_by: "member:mem_anna" }]);
    expect(client.seq).toBe(1);
  });

  it("drops a pending entry that was acknowledged in the lost history", async () => {
    const stage = new Stage();
    const { client, line } = stage.seat();
    line.coalesceMs = 1_000;
    client.start();
    await stage.clock.advance(200);
    expect(await client.run(createCard, { id: "a", title: "First" })).toMatchObject({ ok: true });
    line.reachable = false;
    line.cut();
    stage.room.restoreTo(0);
    line.reachable = true;
    await stage.clock.advance(200);
    expect(client.list(cards)).toEqual([]);
    expect(client.isPending(cards, "a")).toBe(false);
  });

  it("is replaced by a snapshot when the room has pruned it", async () => {
    const { stage, client, line } = await withCard();
    const other = await stage.join(BEN);
    line.reachable = false;
    line.cut();
    for (let i = 0; i < 5; i++) void other.client.run(scoreCard, { id: "a", points: 1 });
    stage.room.historyStart = 3;
    line.reachable = true;
    await stage.clock.advance(300);
    expect(client.get(cards, "a")?.points).toBe(5);
    expect(line.session?.received.some((frame) => frame.type === "snapshot_ack")).toBe(true);
  });
});
