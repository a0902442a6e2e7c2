import { performance } from "node:perf_hooks";
import type WebSocket from "ws";
import { SUBPROTOCOL } from "../../../core/protocol/version.ts";
import type { Change } from "../peer-schema.ts";
import { FlightdeckReader } from "./flightdeck-reader.ts";
import { openSocket } from "./raw-socket.ts";
import type { OnText } from "./raw-socket.ts";
import type { Dialect, Target, Writer } from "./target.ts";

type FlightdeckTarget = Extract<Target, { system: "flightdeck" }>;
type Open = (onText: OnText) => Promise<WebSocket>;

const NOBODY = (): void => {};
let commands = 0;

/** Flightdeck's native protocol. */
export function flightdeckDialect(target: FlightdeckTarget): Dialect {
  const protocols = [SUBPROTOCOL, `bearer.${target.token}`];
  const open: Open = (onText) => openSocket(target.url + target.path, protocols, onText);
  return {
    viewer: (onEvent) => FlightdeckReader.open(open, {}, onEvent),
    writer: () => openWriter(open, target.campaign_id),
    async position() {
      const reader = await FlightdeckReader.open(open, {}, NOBODY);
      reader.close();
      return reader.position;
    },
    async resume(from, head) {
      const started = performance.now();
      const reader = await FlightdeckReader.open(open, from, NOBODY);
      const took = performance.now() - started;
      reader.close();
      if (!reader.recovered || reader.seq < head) throw new Error(`Resumed only to ${reader.seq} of ${head}`);
      return took;
    },
    async snapshot(rows) {
      const started = performance.now();
      const reader = await FlightdeckReader.open(open, {}, NOBODY);
      const took = performance.now() - started;
      reader.close();
      if (reader.rows < rows) throw new Error(`The snapshot had ${reader.rows} rows`);
      return took;
    },
  };
}

async function openWriter(open: Open, campaign_id: string): Promise<Writer> {
  const waiting = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  const socket = await open((text) => {
    const frame = JSON.parse(text) as { id: string; type: string };
    const waiter = waiting.get(frame.id);
    waiting.delete(frame.id);
    if (frame.type.endsWith(":success")) waiter?.resolve();
    else waiter?.reject(new Error(text));
  });
  socket.on("close", (code, reason) => {
    for (const { reject } of waiting.values()) reject(new Error(`Writer closed: ${code} ${reason.toString("utf8")}`));
  });
  return {
    change: (n) =>
      new Promise((resolve, reject) => {
        const id = `bench-${process.pid}-${String(++commands).padStart(10, "0")}`;
        const payload: Change = { campaign_id, updates: { state: { n } } };
        waiting.set(id, { resolve, reject });
        socket.send(JSON.stringify({ type: "campaign:update:v1:requested", id, payload }));
      }),
    close: () => socket.terminate(),
  };
}
