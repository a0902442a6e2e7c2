import { describe, expect, it, vi } from "vitest";
import { cards, createCard, entries, scoreCard, secrets, tellSecret } from "./testing/board-room.ts";
import { BEN, withCard } from "./testing/stage.ts";

describe("what one may see", () => {
  it("a reader for whom every event is filtered still advances", async () => {
    const { stage, client } = await withCard();
    const ben = await stage.join(BEN);
    void client.run(tellSecret, { id: "s" });
    await stage.clock.advance(100);
    expect(ben.client.seq).toBe(2);
    expect(ben.client.list(secrets)).toEqual([]);
    expect(ben.problems).toEqual([]);
  });

  it("comes when a role is raised and goes when it is lowered", async () => {
    const { stage, client } = await withCard();
    const ben = await stage.join(BEN);
    void client.run(tellSecret, { id: "s" });
    await stage.clock.advance(100);
    ben.line.session?.changeRole({ ...BEN, role: "admin" });
    expect(ben.client.list(secrets)).toHaveLength(1);
    expect(ben.client.me?.role).toBe("admin");
    ben.line.session?.changeRole(BEN);
    expect(ben.client.list(secrets)).toEqual([]);
    expect(ben.client.me?.role).toBe("operator");
    expect(ben.client.connection.phase).toBe("live");
  });

  it("is asked for anew if rights changed as of a commit that has not come", async () => {
    const { stage, client } = await withCard();
    const ben = await stage.join(BEN);
    ben.line.faults.drop = 1;
    void client.run(scoreCard, { id: "a", points: 2 });
    ben.line.faults.drop = 0;
    ben.line.session?.changeRole({ ...BEN, role: "admin" });
    await stage.clock.advance(100);
    expect(ben.client.get(cards, "a")?.points).toBe(2);
    expect(ben.client.seq).toBe(2);
  });

  it("does not hold rows of kinds that are not resident", async () => {
    const { stage, client } = await withCard();
    void client.run(scoreCard, { id: "a", points: 2 });
    await stage.clock.advance(100);
    expect(() => client.list(entries)).toThrow("not resident");
    expect(client.get(cards, "a")?.points).toBe(2);
  });
});

describe("subscribers", () => {
  it("are told once of a burst, and one that throws stops no other", async () => {
    const { stage, client, problems } = await withCard();
    const told = vi.fn<() => void>();
    client.subscribe(() => {
      throw new Error("mine");
    });
    client.subscribe(told);
    for (let i = 0; i < 20; i++) void client.run(scoreCard, { id: "a", points: 1 });
    await Promise.resolve();
    expect(told).toHaveBeenCalledTimes(1);
    expect(problems).toEqual([new Error("mine")]);
    await stage.clock.advance(1_000);
    expect(client.get(cards, "a")?.points).toBe(20);
  });

  it("read the same objects until something changes", async () => {
    const { stage, client } = await withCard();
    void client.run(createCard, { id: "b", title: "Other" });
    await stage.clock.advance(100);
    const [list, a, b] = [client.list(cards), client.get(cards, "a"), client.get(cards, "b")];
    void client.run(tellSecret, { id: "s" });
    await stage.clock.advance(100);
    expect(client.list(cards)).toBe(list);
    void client.run(scoreCard, { id: "a", points: 1 });
    await stage.clock.advance(100);
    expect(client.list(cards)).not.toBe(list);
    expect(client.get(cards, "a")).not.toBe(a);
    expect(client.get(cards, "b")).toBe(b);
  });

  it("see who changed a row, for 400 ms", async () => {
    const { stage, client } = await withCard();
    const ben = await stage.join(BEN);
    await stage.clock.advance(1_000);
    void client.run(scoreCard, { id: "a", points: 1 });
    expect(ben.client.recentChange(cards, "a")).toMatchObject({ by: "member:mem_anna" });
    expect(client.recentChange(cards, "a")).toMatchObject({ by: "member:mem_anna" });
    await stage.clock.advance(399);
    expect(ben.client.recentChange(cards, "a")).not.toBeNull();
    const told = vi.fn<() => void>();
    ben.client.subscribe(told);
    await stage.clock.advance(1);
    expect(ben.client.recentChange(cards, "a")).toBeNull();
    expect(told).toHaveBeenCalledTimes(1);
  });
});
