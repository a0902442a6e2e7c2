import { act, render } from "@testing-library/react";
import type { RenderResult } from "@testing-library/react";
import { StrictMode } from "react";
import type { ReactNode } from "react";
import { RoomRegistry } from "../../sync/room-registry.ts";
import { ANNA } from "../../sync/testing/stage.ts";
import type { Person } from "../../sync/testing/fake-room.ts";
import type { Seat, Stage } from "../../sync/testing/stage.ts";
import { RoomProvider, RoomsProvider } from "../rooms.tsx";

interface Rendered extends RenderResult {
  readonly seat: Seat;
  /** Lets time pass, and React render what it brought. */
  pass(ms: number): Promise<void>;
}

/** Renders inside a room of the stage, as Anna unless told otherwise, and waits until she is in it. */
export async function renderInRoom(stage: Stage, children: ReactNode, person: Person = ANNA): Promise<Rendered> {
  const seat = stage.seat(person);
  const registry = new RoomRegistry({ clock: stage.clock, open: () => seat.client });
  const pass = (ms: number): Promise<void> => act(() => stage.clock.advance(ms));
  const result = render(
    <StrictMode>
      <RoomsProvider registry={registry}>
        <RoomProvider workspace_id="ws_A" campaign_id="cmp_A">
          {children}
        </RoomProvider>
      </RoomsProvider>
    </StrictMode>,
  );
  await pass(500);
  return { ...result, seat, pass };
}
