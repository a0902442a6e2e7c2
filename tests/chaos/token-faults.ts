import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SignJWT } from "jose";
import { expect, test } from "vitest";
import { DEMO_PEOPLE } from "../../worker/identity/demo-people.ts";
import { CLOSE_CODES } from "../../core/protocol/close-codes.ts";
import type { Flightdeck } from "../e2e/support/flightdeck.ts";
import { LiveRoom } from "./live-room.ts";
import { judge } from "./oracle.ts";
import { figure } from "./scale.ts";

const LIFE_SECONDS = 3;
const CLOSED_WITHIN_MS = 5_000;
/** A JWT, or an API key. */
const SECRETS = /eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}|fd_(?:live|test)_\w{16,}/g;

/** What a server wrote, looked through for what must never be in it. */
export class LogScan {
  readonly found: string[] = [];
  characters = 0;

  /** Looks through everything written until now. */
  scan(server: Flightdeck): void {
    const output = server.output();
    this.characters += output.length;
    const secret = /^JWT_SECRET="?([^"\n]+)/m.exec(readFileSync(join(server.directory, ".dev.vars"), "utf8"))?.[1];
    for (const [token] of output.matchAll(SECRETS)) this.found.push(`${token.slice(0, 12)}…`);
    if (secret && output.includes(secret)) this.found.push("the signing secret");
  }
}

/** Tokens that end, and where they must not be. */
export function tokenFaults(server: () => Flightdeck, logs: LogScan): void {
  test("[#22] a token that ends while its socket is open: closed within 5 s, and nothing is written after", async (context) => {
    const room = await LiveRoom.open(server());
    const vars = readFileSync(join(server().directory, ".dev.vars"), "utf8");
    const secret = /^JWT_SECRET="?([^"\n]+)/m.exec(vars)?.[1] ?? "";
    const ends = Math.floor(Date.now() / 1000) + LIFE_SECONDS;
    const token = await new SignJWT({ sub: DEMO_PEOPLE.owner.user_id, sid: "session-that-ends" })
      .setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .setIssuer("flightdeck")
      .setAudience("flightdeck")
      .setExpirationTime(ends)
      .sign(new TextEncoder().encode(secret));
    const socket = await room.socket(token);
    let sent = 0;
    const writing = setInterval(() => {
      if (socket.closed) return clearInterval(writing);
      socket.send({ type: "campaign:update:v1:requested", id: `ending-${1e9 + sent}`, payload: room.change(sent++) });
    }, 50);
    const closed = await socket.untilClosed();
    const late = Date.now() - ends * 1000;
    clearInterval(writing);
    expect(closed).toEqual(CLOSE_CODES.TOKEN_EXPIRED);
    expect(late).toBeLessThan(CLOSED_WITHIN_MS);
    const history = await room.settledHistory();
    room.close();
    expect(judge(history)).toEqual([]);
    const written = history.log.filter(({ command_id }) => command_id.startsWith("ending-"));
    expect(written.length).toBeGreaterThan(0);
    const after = written.filter(({ at }) => Date.parse(at) >= ends * 1000);
    expect(after).toEqual([]);
    figure(context, 22, `closed ${late} ms after the end; of ${sent} commands sent 0 were written after it`);
  });

  test("[#23] no token is in what the server wrote", (context) => {
    logs.scan(server());
    expect(logs.found).toEqual([]);
    figure(context, 23, `0 tokens in ${Math.round(logs.characters / 1000)} thousand characters of logs`);
  });
}
