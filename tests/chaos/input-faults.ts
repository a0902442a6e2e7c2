import { expect, test } from "vitest";
import type { CommandDefinition } from "../../core/model/command.ts";
import { CLOSE_CODES } from "../../core/protocol/close-codes.ts";
import type { DownFrame } from "../../core/protocol/frames.ts";
import { MAX_FRAME_BYTES } from "../../core/protocol/version.ts";
import { campaignRoom } from "../../core/rooms/campaign-room.ts";
import { workspaceRoom } from "../../core/rooms/workspace-room.ts";
import type { Flightdeck } from "../e2e/support/flightdeck.ts";
import { RoomSocket } from "../e2e/support/room-socket.ts";
import { withMembers, withStrings } from "./hostile-payloads.ts";
import type { HostileFrame } from "./hostile-payloads.ts";
import { LiveRoom } from "./live-room.ts";
import { workerdMemory } from "./measure.ts";
import { judge } from "./oracle.ts";
import { openDatabase, readModelFile, readProjection, roomFileOf } from "./room-files.ts";
import { figure, scaled, WHOLE } from "./scale.ts";

const MEGABYTE = 1024 * 1024;
const AT_ONCE = 50;
const REFUSED = /^(INVALID_REQUEST|VALIDATION_ERROR)$/;
/** Objects that callers fill as they like: any member is welcome there, except one that could reach a prototype. */
const FREE = /^\/payload\/(config\/|updates\/state|options\/)/;
const TRIES = 5;
const PROTOTYPE_KEYS = [
  '"__proto__":{"polluted":1}',
  '"constructor":{"prototype":{"polluted":1}}',
  '"prototype":{"polluted":1}',
];
const FOREIGN_MEMBERS = [
  "tenantId",
  "tenant_id",
  "seq",
  "epoch",
  "revision",
  "actor",
  "grants",
  "permissions",
  "is_admin",
];
const INJECTIONS = [
  "'; DROP TABLE log; --",
  '" OR ""="',
  "%' OR '1'='1",
  "_%_%\\",
  "$.events[*]",
  "json_extract(data,'$')",
  "x'); DELETE FROM entities; --",
  'title" MATCH "*',
];

/** Every so many of them in the short form; never none. */
function some<T>(items: readonly T[], every: number): T[] {
  return WHOLE ? [...items] : items.filter((_, at) => at % every === 0);
}

/** Sends frames on a socket and takes the answers, by id. */
async function answersTo(socket: RoomSocket, frames: readonly HostileFrame[]): Promise<Map<string, DownFrame>> {
  const answers = new Map<string, DownFrame>();
  for (let at = 0; at < frames.length; at += AT_ONCE) {
    const answered = frames.slice(at, at + AT_ONCE).map(async ({ id, text }) => {
      const answer = socket.next((frame): frame is DownFrame => "id" in frame && frame.id === id);
      socket.sendText(text);
      answers.set(id, await answer);
    });
    await Promise.all(answered);
  }
  return answers;
}

function codeOf(answer: DownFrame | undefined): string {
  return answer && "error" in answer ? answer.error.code : "carried out";
}

/** Sockets to both rooms of a live room, and the commands each has. */
async function bothRooms(room: LiveRoom): Promise<[RoomSocket, readonly CommandDefinition[]][]> {
  const workspace = await RoomSocket.open(room.server.url, `/v1/workspaces/${room.owner.workspaceId}/live`, room.key);
  await workspace.hello();
  return [
    [await room.socket(), [...campaignRoom.commands.values()]],
    [workspace, [...workspaceRoom.commands.values()]],
  ];
}

/** What is too large or not to be read. */
export function sizeFaults(server: () => Flightdeck): void {
  test("[#12] frames and bodies beyond their limits: closed with the reason, 413, and memory stays flat", async (context) => {
    const room = await LiveRoom.open(server());
    const watcher = await room.viewer("a watcher");
    const before = workerdMemory(server().stateDir);
    const over = await room.socket();
    over.sendText("x".repeat(MAX_FRAME_BYTES + 1));
    expect(await over.untilClosed()).toEqual(CLOSE_CODES.TOO_LARGE);
    const small = await room.socket();
    small.sendText("1");
    await small.until(() => small.frames.some((frame) => frame.type === "error"));
    small.close();
    const huge = scaled(5, 1);
    for (let n = 0; n < huge; n++) {
      const socket = await room.socket();
      socket.sendText("x".repeat(33 * MEGABYTE));
      await Promise.race([socket.untilClosed(), new Promise((resolve) => setTimeout(resolve, 3_000))]);
      socket.close();
    }
    const body = JSON.stringify({ ...room.change(1), updates: { state: { text: "x".repeat(2 * MEGABYTE) } } });
    const headers = { authorization: `Bearer ${room.key}`, "content-type": "application/json" };
    const answer = await fetch(`${server().url}${room.campaign.path}/campaign/update`, {
      method: "POST",
      headers: { ...headers, "idempotency-key": "too-large-body-0001" },
      body,
    });
    expect(answer.status).toBe(413);
    const fits = { ...room.change(1), updates: { state: { text: "x".repeat(200_000) } } };
    const refused = await room.program.post(`${room.campaign.path}/campaign/update`, fits);
    expect(refused.status).toBeGreaterThanOrEqual(400);
    await room.program.post(`${room.campaign.path}/campaign/update`, room.change(2));
    const history = await room.settledHistory();
    expect(judge(history)).toEqual([]);
    expect(watcher.closes).toEqual([]);
    room.close();
    const file = openDatabase(roomFileOf(server().stateDir, room.campaign.campaignId));
    const largest = file.prepare("SELECT max(length(json)) AS n FROM entities").get()?.["n"];
    const longest = file.prepare("SELECT max(length(events)) AS n FROM log").get()?.["n"];
    file.close();
    expect(Math.max(Number(largest), Number(longest))).toBeLessThan(2 * MEGABYTE);
    const grown = workerdMemory(server().stateDir) - before;
    expect(grown).toBeLessThan(33 * (huge + 2));
    figure(
      context,
      12,
      `64 KiB + 1: closed with 1009; ${huge} frames of 33 MiB: the room serves on, memory ${grown} MB more; a body of 2 MB: 413; largest row ${Number(largest)} bytes`,
    );
  });

  test("[#13] JSON that is deep, huge, cut or ambiguous is answered at once", async (context) => {
    const room = await LiveRoom.open(server());
    const socket = await room.socket();
    const head = socket.position?.seq;
    const frame = (updates: string): ((id: string) => string) => {
      const payload = `{"campaign_id":"${room.campaign.campaignId}","updates":${updates}}`;
      return (id) => `{"type":"campaign:update:v1:requested","id":"${id}","payload":${payload}}`;
    };
    const cases = [
      ["100 levels", frame(`{"state":${'{"a":'.repeat(100)}1${"}".repeat(100)}}`)],
      ["30,000 brackets", frame(`{"state":${"[".repeat(30_000)}`)],
      ["60 KB of text", frame(`{"title":"${"x".repeat(60_000)}"}`)],
      ["5,000 keys", frame(`{${Array.from({ length: 5_000 }, (_, n) => `"k${n}":1`).join(",")}}`)],
      ["NaN", frame('{"title":NaN}')],
      ["Infinity", frame('{"state":{"n":1e999}}')],
      ["a lone surrogate", frame(String.raw`{"title":"\ud83d"}`)],
      ["a key twice, the last one bad", frame('{"title":"good","title":7}')],
    ] as const;
    let slowest = 0;
    for (const [what, textOf] of cases) {
      // The quickest of some, because others use the machine too.
      let quickest = Number.POSITIVE_INFINITY;
      for (let n = 0; n < TRIES; n++) {
        const answered = socket.next((down): down is DownFrame => "error" in down);
        const sent = performance.now();
        socket.sendText(textOf(`unreadable-${crypto.randomUUID()}`));
        expect([what, codeOf(await answered)]).toEqual([what, expect.stringMatching(REFUSED)]);
        quickest = Math.min(quickest, performance.now() - sent);
      }
      slowest = Math.max(slowest, quickest);
    }
    expect(room.readLog().log.at(-1)?.seq).toBe(head);
    socket.close();
    room.close();
    if (WHOLE) expect(slowest).toBeLessThan(50);
    figure(context, 13, `${cases.length} kinds refused, the slowest in ${Math.ceil(slowest)} ms; 0 changes`);
  });
}

/** What means something to somebody else: to JavaScript, to SQL, to an earlier system. */
export function meaningFaults(server: () => Flightdeck): void {
  test.for([
    [14, "__proto__, constructor and prototype in every object", PROTOTYPE_KEYS, 6],
    [19, "members that nobody asked for in every object", FOREIGN_MEMBERS.map((name) => `"${name}":"x"`), 9],
  ] as const)("[#%i] %s of every command are refused", async ([id, , members, every], context) => {
    const room = await LiveRoom.open(server());
    let sent = 0;
    for (const [socket, commands] of await bothRooms(room)) {
      const all = commands.flatMap((command) => withMembers(command, members));
      const frames = some(
        all.filter(({ pointer }) => id === 14 || !FREE.test(pointer)),
        every,
      );
      const answers = await answersTo(socket, frames);
      const taken = frames.filter((frame) => !REFUSED.test(codeOf(answers.get(frame.id))));
      expect(taken.map(({ type, pointer }) => `${type} ${pointer}`)).toEqual([]);
      sent += frames.length;
      socket.close();
    }
    expect(room.readLog().log.filter(({ command_id }) => command_id.startsWith("hostile"))).toEqual([]);
    room.close();
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
    figure(
      context,
      id,
      `${sent} frames made of the ${campaignRoom.commands.size + workspaceRoom.commands.size} commands: 0 accepted, 0 changes`,
    );
  });

  test("[#15] SQL, LIKE, JSON-path and search payloads in every string are text like any other", async (context) => {
    const room = await LiveRoom.open(server());
    const { workspaceId, campaignId } = room.campaign;
    const schemas = (): string[] => [
      room.readLog().schema,
      readProjection(readModelFile(server().stateDir), workspaceId, campaignId).schema,
    ];
    const before = schemas();
    let sent = 0;
    for (const [socket, commands] of await bothRooms(room)) {
      const frames = some(
        commands.flatMap((command) => withStrings(command, INJECTIONS)),
        8,
      );
      const answers = await answersTo(socket, frames);
      expect(frames.filter(({ id }) => codeOf(answers.get(id)) === "INTERNAL").map(({ text }) => text)).toEqual([]);
      sent += frames.length;
      socket.close();
    }
    for (const text of INJECTIONS) {
      const updates = { title: text, description: text, state: { text } };
      const stored = await room.program.post(`${room.campaign.path}/campaign/update`, {
        campaign_id: campaignId,
        updates,
      });
      expect(stored.status).toBe(200);
      const { data } = (await room.owner.get(room.campaign.path)).body;
      expect(data).toMatchObject(updates);
      for (const path of [`search?q=${encodeURIComponent(text)}`, `campaign?text=${encodeURIComponent(text)}`]) {
        expect((await room.owner.get(`/v1/workspaces/${workspaceId}/${path}`)).status).toBeLessThan(500);
      }
    }
    const history = await room.settledHistory();
    room.close();
    expect(judge(history)).toEqual([]);
    expect(schemas()).toEqual(before);
    figure(
      context,
      15,
      `${sent} frames and ${INJECTIONS.length} stored texts: all verbatim, 0 errors, 0 changes of a schema`,
    );
  });
}
