import { connect } from "node:net";
import { CLOSE_CODES } from "../../../core/protocol/close-codes.ts";
import { SUBPROTOCOL } from "../../../core/protocol/version.ts";
import type { Route } from "./routes.ts";

/** Nobody's: of the right form, and never used. */
export const NO_WORKSPACE = "ws_01JD0ZZZZZZZZZZZZZZZZZZZZZ";
export const NO_CAMPAIGN = "cmp_01JD0ZZZZZZZZZZZZZZZZZZZZZ";
export const NO_ID = "mb_01JD0ZZZZZZZZZZZZZZZZZZZZZ";

/** A close frame (hex): `0x88`, its length, the code, the reason. */
export const NOT_FOUND_FRAMES = `880b${CLOSE_CODES.NOT_FOUND.code.toString(16)}${Buffer.from(CLOSE_CODES.NOT_FOUND.reason).toString("hex")}`;

/** Where a route's placeholders lead. */
export interface Place {
  readonly workspace: string;
  readonly campaign?: string;
  readonly id?: string;
}

/** Everything an answer tells, but for what is different each time by its nature. */
export interface Told {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

/** The address of a route at a place. */
export function addressOf(path: string, { workspace, campaign = "", id = "" }: Place): string {
  return path.replace("{workspace}", workspace).replace("{campaign}", campaign).replace("{id}", id);
}

/** Sends one request; a mutation gets a key of its own. */
export async function probe(
  url: string,
  route: Route & { readonly headers?: Record<string, string> },
  token: string | null,
): Promise<Told> {
  const mutates = !["GET", "HEAD", "OPTIONS"].includes(route.method);
  const answer = await fetch(url + route.path, {
    method: route.method,
    headers: {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(mutates && { "idempotency-key": crypto.randomUUID() }),
      ...(route.type !== undefined && { "content-type": route.type }),
      ...route.headers,
    },
    ...(route.body !== undefined && { body: route.body }),
  });
  const headers = [...answer.headers].filter(([name]) => name !== "x-correlation-id" && name !== "date");
  return { status: answer.status, headers, body: Buffer.from(await answer.arrayBuffer()).toString("latin1") };
}

/** Does `work` for all items, a few at a time; results in order. */
export async function eachOf<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const at = next++;
      const item = items[at];
      if (item !== undefined) results[at] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return results;
}

/** A route and what it was answered. */
export interface Answered {
  readonly request: string;
  readonly told: Told;
}

/** Sends every route to a place, as somebody. */
export async function probeAll(
  { url, token }: { readonly url: string; readonly token: string | null },
  routes: readonly Route[],
  place: Place,
): Promise<Answered[]> {
  return await eachOf(routes, async (route) => {
    const told = await probe(url, { ...route, path: addressOf(route.path, place) }, token);
    return { request: `${route.method} ${route.path}`, told };
  });
}

/** What the same requests are answered if all are answered alike. */
export function allAnswered(routes: readonly Route[], told: Told): Answered[] {
  return routes.map((route) => ({ request: `${route.method} ${route.path}`, told }));
}

/** The same key each time, so that the handshake's answer is the same, too. */
const WEBSOCKET_KEY = "dGhlIHNhbXBsZSBub25jZQ==";
const CLOSE_FRAME = 0x88;

/** What a WebSocket upgrade was answered, byte by byte: the head without its date, and all frames (hex) up to the close. */
export function probeUpgrade(
  url: string,
  path: string,
  token: string | null,
): Promise<{ head: string; frames: string }> {
  const { hostname, port, host } = new URL(url);
  const offered = token === null ? SUBPROTOCOL : `${SUBPROTOCOL}, bearer.${token}`;
  const request = [
    `GET ${path} HTTP/1.1`,
    `Host: ${host}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    `Sec-WebSocket-Key: ${WEBSOCKET_KEY}`,
    `Sec-WebSocket-Protocol: ${offered}`,
  ];
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(`${request.join("\r\n")}\r\n\r\n`));
    let bytes = Buffer.alloc(0);
    socket.on("error", reject);
    socket.on("close", () => reject(new Error(`${path} ended without a close: ${bytes.toString("latin1")}`)));
    socket.on("data", (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      const end = bytes.indexOf("\r\n\r\n");
      const frames = end < 0 ? Buffer.alloc(0) : bytes.subarray(end + 4);
      if (!endsWithClose(frames)) return;
      const head = bytes.subarray(0, end).toString("latin1").split("\r\n");
      socket.removeAllListeners("close").destroy();
      resolve({ head: head.filter((line) => !/^date:/i.test(line)).join("\n"), frames: frames.toString("hex") });
    });
  });
}

/** Whether a server's frames (never masked) end with a complete close frame. */
function endsWithClose(frames: Buffer): boolean {
  let at = 0;
  while (at + 2 <= frames.length) {
    const [kind, short] = [frames.readUInt8(at), frames.readUInt8(at + 1)];
    if (short === 127 || (short === 126 && at + 4 > frames.length)) return false;
    const [header, length] = short === 126 ? [4, frames.readUInt16BE(at + 2)] : [2, short];
    at += header + length;
    if (kind === CLOSE_FRAME) return at <= frames.length;
  }
  return false;
}
