import { io } from "socket.io-client";
import { openSocket } from "./load/raw-socket.ts";
import type { Target } from "./load/target.ts";

/** Puts rows into the Socket.IO peer's table. */
export async function fillSocketIo({ url }: Extract<Target, { system: "socket.io" }>, rows: object[]): Promise<void> {
  const socket = io(url, { transports: ["websocket"], forceNew: true });
  await socket.emitWithAck("fill", rows);
  socket.disconnect();
}

/** Puts rows into a room of the PartyServer peer. */
export async function fillParty(
  { url, room }: Extract<Target, { system: "partyserver" }>,
  rows: object[],
): Promise<void> {
  let filled: () => void = () => {};
  const done = new Promise<void>((resolve) => (filled = resolve));
  const socket = await openSocket(`${url}/parties/bench-room/${room}?as=idle`, [], (text) => {
    if (text.includes('"ack"')) filled();
  });
  socket.send(JSON.stringify({ type: "fill", rows }));
  await done;
  socket.terminate();
}
