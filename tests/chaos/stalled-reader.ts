import { connect } from "node:net";
import { PROTOCOL_VERSION, SUBPROTOCOL } from "../../core/protocol/version.ts";

const CLOSE_TIMEOUT_MS = 30_000;

interface Address {
  readonly url: string;
  readonly path: string;
  readonly token: string;
}

/** Joins a room and then reads nothing more off its connection, as a laptop does whose lid was closed. */
export async function stalledReader({ url, path, token }: Address): Promise<{ closeCode(): Promise<number> }> {
  const { hostname, port, host } = new URL(url);
  const request = [
    `GET ${path} HTTP/1.1`,
    `Host: ${host}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    `Sec-WebSocket-Protocol: ${SUBPROTOCOL}, bearer.${token}`,
  ];
  const socket = connect(Number(port), hostname);
  socket.on("error", () => undefined);
  socket.write(`${request.join("\r\n")}\r\n\r\n`);
  await new Promise((resolve) => socket.once("data", resolve));
  socket.write(maskedText(JSON.stringify({ type: "hello", protocol: PROTOCOL_VERSION, client_id: "stalled" })));
  await new Promise((resolve) => socket.once("data", resolve));
  // It takes the snapshot, so that from here on it is sent every commit.
  socket.write(maskedText(JSON.stringify({ type: "snapshot_ack", chunk: 0 })));
  socket.pause();
  return {
    /** Reads again, and tells with what code it was closed meanwhile; 0 if it was not. */
    async closeCode() {
      let tail = Buffer.alloc(0);
      socket.on("data", (chunk: Buffer) => (tail = Buffer.concat([tail, chunk]).subarray(-256)));
      const ended = new Promise((resolve) => socket.once("close", resolve));
      socket.resume();
      const timer = setTimeout(() => socket.destroy(), CLOSE_TIMEOUT_MS);
      for (let code = 0; ;) {
        code = codeIn(tail);
        if (code > 0 || socket.closed) {
          clearTimeout(timer);
          socket.destroy();
          await ended;
          return code;
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}

/** A text frame as clients send them; the mask may be anything, so it is nothing. */
function maskedText(text: string): Buffer {
  const payload = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

/** The code of a close frame at the very end, 0 if there is none. */
function codeIn(bytes: Buffer): number {
  for (let at = Math.max(0, bytes.length - 127); at < bytes.length - 3; at++) {
    if (bytes[at] === 0x88 && bytes[at + 1] === bytes.length - at - 2) return bytes.readUInt16BE(at + 2);
  }
  return 0;
}
