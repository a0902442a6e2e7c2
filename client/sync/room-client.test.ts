import { describe, expect, it } from "vitest";
import { cards, createCard, renameCard, scoreCard, secrets, tellSecret } from "./testing/board-room.ts";
import { BEN, Stage, withCard } from "./testing/stage.ts";

describe("joining", () => {
  it("is connecting until the first snapshot is complete, then live with everything in it", async () => {
    const stage = new Stage();
    const first = await stage.join();
    for (const id of ["a", "b", "c", "d", "e"]) void first.client.run(createCard, { id, title: id });
    const late = stage.seat(BEN);
    late.client.start();
    expect(late.client.connection.phase).toBe("connecting");
    await stage.clock.advance(200);
    expect(late.client.connection).toEqual({ phase: "live", behind: 0, stale_since: null, refusal: null });
    expect(late.client.list(cards).map((card) => card.id)).toEqual(["a", "b", "c", "d", "e"]);
    expect(late.client.me).toMatchObject({ actor: "member:mem_ben", role: "operator" });
  });

  it("acknowledges each chunk of a snapshot once", async () => {
    const stage = new Stage();
    const first = await stage.join();
    for (let i = 0; i < 13; i++) void first.client.run(createCard, { id: `c${i}`, title: "x" });
    const late = await stage.join(BEN);
    const acks = late.line.sent.filter((text) => text.includes("snapshot_ack")).map((text) => JSON.parse(text).chunk);
    expect(acks).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(late.client.list(cards)).toHaveLength(13);
  });
});

describe("a command", () => {
  it("shows at once, before the room has answered, and stays when it has", async () => {
    const { stage, client } = await withCard();
    const answer = client.run(renameCard, { id: "a", title: "Second" });
    expect(client.get(cards, "a")?.title).toBe("Second");
    await stage.clock.advance(100);
    expect(await answer).toMatchObject({ ok: true, type: "card:rename:v1:success", seq: 2 });
    expect(client.get(cards, "a")).toMatchObject({ title: "Second", changed_by: "member:mem_anna" });
    expect(client.isPending(cards, "a")).toBe(false);
  });

  it("rolls back when it is refused, and the reason comes with the outcome", async () => {
    const { stage, client, line } = await withCard();
    line.faults.delayMs = 20;
    stage.room.refuseNext = [{ refused: true, code: "INVALID_STATE", message: "The board is closed" }];
    const answer = client.run(renameCard, { id: "a", title: "Second" });
    expect(client.get(cards, "a")?.title).toBe("Second");
    expect(client.isPending(cards, "a")).toBe(true);
    await stage.clock.advance(100);
    expect(await answer).toMatchObject({ ok: false, error: { code: "INVALID_STATE", message: "The board is closed" } });
    expect(client.get(cards, "a")?.title).toBe("First");
    expect(client.isPending(cards, "a")).toBe(false);
  });

  it("stays in view when its acknowledgement overtakes the coalesced commits", async () => {
    const stage = new Stage();
    const seat = stage.seat();
    seat.line.coalesceMs = 50;
    seat.client.start();
    await stage.clock.advance(200);
    const answer = seat.client.run(createCard, { id: "a", title: "First" });
    void seat.client.run(scoreCard, { id: "a", points: 5 });
    expect(await answer).toMatchObject({ ok: true, seq: 1 });
    const shown: (number | undefined)[] = [];
    for (let i = 0; i < 8; i++) {
      shown.push(seat.client.get(cards, "a")?.points);
      await stage.clock.advance(10);
    }
    expect(shown).toEqual(Array.from({ length: 8 }, () => 5));
    expect(seat.client.isPending(cards, "a")).toBe(false);
  });

  it("is tried on top of what others change meanwhile", async () => {
    const { stage, client, line } = await withCard();
    const other = await stage.join(BEN);
    line.faults.delayMs = 100;
    void client.run(scoreCard, { id: "a", points: 3 });
    void other.client.run(scoreCard, { id: "a", points: 4 });
    await stage.clock.advance(1_000);
    expect(client.get(cards, "a")?.points).toBe(7);
    expect(other.client.get(cards, "a")?.points).toBe(7);
  });

  it("only waits if it is not optimistic", async () => {
    const { stage, client, line } = await withCard();
    line.faults.delayMs = 20;
    const answer = client.run(tellSecret, { id: "s" });
    expect(client.list(secrets)).toEqual([]);
    await stage.clock.advance(100);
    expect(await answer).toMatchObject({ ok: true });
    expect(client.get(secrets, "s")).toEqual({ id: "s", text: "hush" });
  });

  it("changes nothing as a dry run", async () => {
    const { stage, client } = await withCard();
    const answer = client.run(renameCard, { id: "a", title: "Second" }, { dry_run: true });
    expect(client.get(cards, "a")?.title).toBe("First");
    await stage.clock.advance(100);
    expect(await answer).toMatchObject({ ok: true, dry_run: true });
    expect(client.get(cards, "a")?.title).toBe("First");
    expect(client.seq).toBe(1);
  });

  it("is refused here, with the path of the field, if its payload does not fit the schema", async () => {
    const { client, line } = await withCard();
    const sent = line.sent.length;
    const outcome = await client.run(renameCard, { id: "a", title: "" });
    expect(outcome).toMatchObject({ ok: false, error: { code: "VALIDATION_ERROR", issues: [{ pointer: "/title" }] } });
    expect(line.sent).toHaveLength(sent);
  });

  it("is refused here if its frame would be so large that the room closes the connection", async () => {
    const { client, line } = await withCard();
    const sent = line.sent.length;
    const outcome = await client.run(renameCard, { id: "a", title: "é".repeat(40_000) });
    expect(outcome).toMatchObject({ ok: false, error: { code: "PAYLOAD_TOO_LARGE" } });
    expect(line.sent).toHaveLength(sent);
  });

  it("is refused with CONFLICT if the entity's revision is not the expected one", async () => {
    const { stage, client } = await withCard();
    const answer = client.run(
      renameCard,
      { id: "a", title: "Second" },
      { expected_revision: client.revision(cards, "a") - 1 },
    );
    await stage.clock.advance(100);
    expect(await answer).toMatchObject({ ok: false, error: { code: "CONFLICT" } });
  });

  it("is sent again by itself when the room was too busy for it", async () => {
    const { stage, client } = await withCard();
    stage.room.refuseNext = [
      { refused: true, code: "RATE_LIMITED", message: "Slow down", details: { retry_after: 2 } },
    ];
    const answer = client.run(renameCard, { id: "a", title: "Second" });
    await stage.clock.advance(1_900);
    expect(client.unanswered).toBe(1);
    await stage.clock.advance(200);
    expect(await answer).toMatchObject({ ok: true });
  });
});
