import { act, cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { cards, createCard, renameCard, scoreCard } from "../sync/testing/board-room.ts";
import { BEN, Stage } from "../sync/testing/stage.ts";
import { renderInRoom } from "./testing/in-room.tsx";
import { useCommand } from "./use-command.ts";
import { useConnection, useMe } from "./use-connection.ts";
import { useEntities, useEntity, useFlash, usePending } from "./use-entities.ts";

const sumOfPoints = (all: readonly { points: number }[]): number => all.reduce((sum, card) => sum + card.points, 0);

let rendered: string[] = [];

function Card({ id }: { id: string }) {
  const card = useEntity(cards, id);
  const flash = useFlash(cards, id);
  const pending = usePending(cards, id);
  const rename = useCommand(renameCard);
  rendered.push(id);
  return (
    <p>
      <button onClick={() => void rename.run({ id, title: "Renamed" })}>rename {id}</button>
      <output data-testid={id}>
        {card?.title} {flash && `by ${flash.by}`} {pending && "pending"} {rename.pending && "sending"}{" "}
        {rename.refusal?.message}
      </output>
    </p>
  );
}

function Board() {
  const all = useEntities(cards);
  const total = useEntities(cards, sumOfPoints);
  const { phase } = useConnection();
  const me = useMe();
  return (
    <main>
      <h1 data-testid="summary">{`${phase} ${me?.role ?? "nobody"} ${all.length} ${total}`}</h1>
      {all.map((card) => (
        <Card key={card.id} id={card.id} />
      ))}
    </main>
  );
}

const text = (id: string): string => screen.getByTestId(id).textContent.replaceAll(/\s+/g, " ").trim();

afterEach(() => {
  cleanup();
  rendered = [];
});

async function aBoard() {
  const stage = new Stage();
  const ben = await stage.join(BEN);
  void ben.client.run(createCard, { id: "a", title: "First" });
  void ben.client.run(createCard, { id: "b", title: "Second" });
  await stage.clock.advance(1_000);
  return { stage, ben, ...(await renderInRoom(stage, <Board />)) };
}

describe("the hooks of a room", () => {
  it("show what the room holds, who one is and how one is connected, over one socket", async () => {
    const { seat } = await aBoard();
    expect(text("summary")).toBe("live owner 2 0");
    expect(text("a")).toBe("First");
    expect(seat.line.connections).toBe(1);
  });

  it("show another's change, with who made it for 400 ms, and render no other row", async () => {
    const { ben, pass } = await aBoard();
    rendered = [];
    void ben.client.run(scoreCard, { id: "a", points: 3 });
    await pass(10);
    expect(text("summary")).toBe("live owner 2 3");
    expect(text("a")).toBe("First by member:mem_ben");
    await pass(400);
    expect(text("a")).toBe("First");
    // The board renders both once, for its sum; the end of the flash concerns one row alone.
    expect(rendered.filter((id) => id === "a").length).toBeGreaterThan(rendered.filter((id) => id === "b").length);
  });

  it("show one's own change at once, as pending until it is answered", async () => {
    const { seat, pass } = await aBoard();
    seat.line.faults.delayMs = 50;
    act(() => {
      fireEvent.click(screen.getByText("rename a"));
    });
    await pass(0);
    expect(text("a")).toBe("Renamed by member:mem_anna pending sending");
    await pass(600);
    expect(text("a")).toBe("Renamed");
  });

  it("show the reason of a refusal beside what was there before", async () => {
    const { stage, pass } = await aBoard();
    stage.room.refuseNext = [{ refused: true, code: "INVALID_STATE", message: "The board is closed" }];
    act(() => {
      fireEvent.click(screen.getByText("rename a"));
    });
    await pass(600);
    expect(text("a")).toBe("First The board is closed");
  });

  it("show that the connection is lost and back", async () => {
    const { seat, pass } = await aBoard();
    seat.line.reachable = false;
    act(() => seat.line.cut());
    await pass(100);
    expect(text("summary")).toBe("reconnecting owner 2 0");
    seat.line.reachable = true;
    await pass(200);
    expect(text("summary")).toBe("live owner 2 0");
  });
});
