import { describe, expect, it } from "vitest";
import { renameCard, scoreCard } from "./testing/board-room.ts";
import { BEN, Stage, withCard } from "./testing/stage.ts";

describe("housekeeping", () => {
  it("reports the position it reached at most every 5 s, with latencies, and is silent when nothing flows", async () => {
    const { stage, client, line } = await withCard();
    const ben = await stage.join(BEN);
    for (let i = 0; i < 4; i++) {
      void ben.client.run(scoreCard, { id: "a", points: 1 });
      await stage.clock.advance(1_000);
    }
    await stage.clock.advance(20_000);
    const reports = line.session!.received.filter((frame) => frame.type === "applied");
    expect(reports).toHaveLength(1);
    expect(reports[0]).toMatchObject({ seq: client.seq, latencies_ms: [0, 0, 0, 0, 0] });
  });

  it("reports earlier when much has come", async () => {
    const { stage, line } = await withCard();
    const ben = await stage.join(BEN);
    for (let i = 0; i < 6; i++) void ben.client.run(renameCard, { id: "a", title: String(i).repeat(50_000) });
    await stage.clock.advance(100);
    expect(line.session!.received.filter((frame) => frame.type === "applied")).toMatchObject([{ seq: 7 }]);
  });

  it("sends a new token in-band at 80 % of the old one's life", async () => {
    const stage = new Stage();
    const { client, line, tokens } = stage.seat();
    const inMinutes = (minutes: number): string => new Date(stage.clock.now() + minutes * 60_000).toISOString();
    tokens.push({ token: "second", expires_at: inMinutes(10) });
    client.start();
    await stage.clock.advance(1_000);
    tokens.push({ token: "third", expires_at: inMinutes(20) });
    await stage.clock.advance(7.5 * 60_000);
    expect(line.session!.received.filter((frame) => frame.type === "auth")).toEqual([]);
    await stage.clock.advance(60_000);
    expect(line.session!.received.filter((frame) => frame.type === "auth")).toEqual([{ type: "auth", token: "third" }]);
  });

  it("asks no more for a token that cannot be renewed", async () => {
    const stage = new Stage();
    const { client, line, tokens } = stage.seat();
    tokens.push({ token: "only", expires_at: new Date(stage.clock.now() + 60_000).toISOString() });
    client.start();
    await stage.clock.advance(120_000);
    expect(line.session!.received.filter((frame) => frame.type === "auth")).toEqual([]);
  });

  it("tells what still waits when the page leaves the room", async () => {
    const { client, line } = await withCard();
    line.faults.drop = 1;
    const answer = client.run(renameCard, { id: "a", title: "Second" });
    client.stop();
    expect(await answer).toMatchObject({ ok: false, error: { code: "UNAVAILABLE" } });
  });
});
