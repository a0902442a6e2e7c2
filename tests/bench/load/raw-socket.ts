import WebSocket from "ws";

/** Told of each text frame, and of its length on the wire. */
export type OnText = (text: string, bytes: number) => void;

/** Opens a socket; each text frame goes to `onText` as it comes. */
export async function openSocket(url: string, protocols: string[], onText: OnText): Promise<WebSocket> {
  const socket = new WebSocket(url.replace(/^http/, "ws"), protocols, { perMessageDeflate: false });
  // A failure is told to whoever waits for the opening; after that by what did not arrive.
  socket.on("error", () => {});
  socket.on("message", (data: Buffer) => onText(data.toString("utf8"), data.length + headerBytes(data.length)));
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("close", (code, reason) => reject(new Error(`Socket closed: ${code} ${reason.toString("utf8")}`)));
    socket.once("error", reject);
  });
  return socket;
}

/** Of a frame from a server (RFC 6455, 5.2). */
function headerBytes(payload: number): number {
  if (payload < 126) return 2;
  return payload < 65_536 ? 4 : 10;
}

/** Checks that events come one after the other without a gap. */
export class Sequence {
  seq: number;
  bytes = 0;
  frames = 0;

  constructor(seq: number) {
    this.seq = seq;
  }

  next(seq: number): void {
    if (seq !== this.seq + 1) throw new Error(`Event ${seq} came after ${this.seq}`);
    this.seq = seq;
  }
}
