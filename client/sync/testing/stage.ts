import type { RoomDefinition } from "../../../core/model/room.ts";
import { RoomClient } from "../room-client.ts";
import type { Token } from "../socket.ts";
import { boardRoom, createCard } from "./board-room.ts";
import { FakeClock } from "./fake-clock.ts";
import { FakeLine } from "./fake-network.ts";
import { FakeRoom } from "./fake-room.ts";
import type { Person } from "./fake-room.ts";
import { Random } from "./random.ts";

export const ANNA: Person = { actor: { kind: "member", id: "mem_anna" }, role: "owner" };
export const BEN: Person = { actor: { kind: "member", id: "mem_ben" }, role: "operator" };

export interface Seat {
  readonly client: RoomClient;
  readonly line: FakeLine;
  readonly problems: unknown[];
  readonly tokens: Token[];
}

/** A room (a board unless told otherwise) with clients round it, all on one fake clock. */
export class Stage {
  readonly clock = new FakeClock();
  readonly random: Random;
  readonly room: FakeRoom;

  constructor(seed = 1, definition: RoomDefinition = boardRoom) {
    this.random = new Random(seed);
    this.room = new FakeRoom(definition, this.clock);
  }

  /** A client that has not started yet. */
  seat(person: Person = ANNA): Seat {
    const line = new FakeLine({ room: this.room, person, random: this.random });
    const problems: unknown[] = [];
    const tokens: Token[] = [{ token: "first", expires_at: null }];
    const client = new RoomClient({
      room: this.room.definition,
      connect: (token) => (events) => {
        void token();
        return line.open(events);
      },
      token: () => Promise.resolve(tokens.at(-1) ?? { token: "", expires_at: null }),
      clock: this.clock,
      entropy: this.random.bytes,
      report: (problem) => problems.push(problem),
    });
    return { client, line, problems, tokens };
  }

  /** A client that is live. */
  async join(person: Person = ANNA): Promise<Seat> {
    const seat = this.seat(person);
    seat.client.start();
    await this.clock.advance(200);
    return seat;
  }
}

/** A stage with one client that is live and has put card `a`, "First", on the board. */
export async function withCard(): Promise<{ stage: Stage } & Seat> {
  const stage = new Stage();
  const seat = await stage.join();
  void seat.client.run(createCard, { id: "a", title: "First" });
  await stage.clock.advance(100);
  return { stage, ...seat };
}
