import { expect, test } from "vitest";
import { CLOSE_CODES } from "../../core/protocol/close-codes.ts";
import { MAX_UNREPORTED_BYTES } from "../../core/protocol/version.ts";
import { campaignRoom } from "../../core/rooms/campaign-room.ts";
import type { Flightdeck } from "../e2e/support/flightdeck.ts";
import { RoomSocket } from "../e2e/support/room-socket.ts";
import { LiveRoom } from "./live-room.ts";
import { paced, workerdMemory } from "./measure.ts";
import { judge } from "./oracle.ts";
import { openDatabase, readModelFile, readProjection } from "./room-files.ts";
import { assertUndisturbed, figure, scaled } from "./scale.ts";
import { stalledReader } from "./stalled-reader.ts";
import { Viewer } from "./viewer.ts";

const BASELINE_SECONDS = scaled(10, 2);
const MAX_GROWTH_MB = 256;

/** A steady writer whose acknowledgements the oracle will ask for. */
function writer(room: LiveRoom, name: string, { perSecond, padding = 0 }: { perSecond: number; padding?: number }) {
  let n = 0;
  const command = (): { id: string; payload: object } => ({
    id: `${name}-${String(++n).padStart(16, "0")}`,
    payload: { ...room.change(n), updates: { state: { n, padding: "x".repeat(padding) } } },
  });
  const answered = (id: string, seq: number): void => room.acknowledge(id, seq);
  return { perSecond, command, answered };
}

/** The read model is away. */
export function readModelFaults(server: () => Flightdeck): void {
  test("[#7] with the D1 file locked while 20 mutations a second go on, none fails, and afterwards D1 catches up", async (context) => {
    const seconds = scaled(60, 6);
    const room = await LiveRoom.open(server());
    await room.viewer("a watcher");
    const socket = await room.socket();
    const writes = writer(room, "locked", { perSecond: 20 });
    const baseline = await paced(socket, { ...writes, seconds: BASELINE_SECONDS });
    const readModel = readModelFile(server().stateDir);
    const lock = openDatabase(readModel, false);
    lock.exec("BEGIN IMMEDIATE");
    const locked = await paced(socket, { ...writes, seconds });
    const { workspaceId, campaignId } = room.campaign;
    const behind = room.readLog().log.length - readProjection(readModel, workspaceId, campaignId).seq;
    lock.exec("ROLLBACK");
    lock.close();
    const released = Date.now();
    socket.close();
    const history = await room.settledHistory();
    const caughtUp = Date.now() - released;
    room.close();
    expect(judge(history)).toEqual([]);
    expect([...baseline.refused, ...locked.refused]).toEqual([]);
    expect(behind).toBeGreaterThan(locked.acknowledged / 2);
    expect(caughtUp).toBeLessThan(30_000);
    assertUndisturbed(baseline.p99, locked.p99, 2);
    figure(
      context,
      7,
      `${seconds} s locked: ${locked.acknowledged} acknowledged, 0 failed, p99 ${locked.p99} ms (before ${baseline.p99} ms); D1 ${behind} commits behind, level after ${caughtUp} ms`,
    );
  });
}

/** Readers that are slow, or that all come at once. */
export function readerFaults(server: () => Flightdeck): void {
  test("[#24] a reader who reports nothing is cut at 1 MB, and the others notice nothing", async (context) => {
    const room = await LiveRoom.open(server());
    await room.viewer("a watcher");
    const socket = await room.socket();
    const writes = writer(room, "stalled", { perSecond: 200, padding: 2_000 });
    const baseline = await paced(socket, { ...writes, seconds: scaled(5, 1) });
    const mute = await room.socket();
    const stalled = await stalledReader({ url: server().url, path: room.livePath, token: room.owner.token });
    const memory = workerdMemory(server().stateDir);
    const rounds = [await paced(socket, { ...writes, seconds: 1 })];
    while (!mute.closed) rounds.push(await paced(socket, { ...writes, seconds: 1 }));
    const grown = workerdMemory(server().stateDir) - memory;
    expect(mute.closed).toEqual(CLOSE_CODES.SLOW_READER);
    expect(await stalled.closeCode()).toBe(CLOSE_CODES.SLOW_READER.code);
    const bytes = JSON.stringify(mute.commits).length;
    expect(bytes).toBeGreaterThan(0.9 * MAX_UNREPORTED_BYTES);
    expect(bytes).toBeLessThan(1.2 * MAX_UNREPORTED_BYTES);
    const back = await RoomSocket.open(server().url, room.livePath, room.key);
    expect(await back.hello(mute.position)).toMatchObject({ mode: "delta", recovered: true });
    const p99 = Math.max(...rounds.map((round) => round.p99));
    expect(rounds.flatMap((round) => round.refused)).toEqual([]);
    expect(grown).toBeLessThan(MAX_GROWTH_MB);
    assertUndisturbed(baseline.p99, p99, 1.5);
    for (const each of [socket, back]) each.close();
    const history = await room.settledHistory();
    room.close();
    expect(judge(history)).toEqual([]);
    figure(
      context,
      24,
      `one that reports nothing and one that reads nothing: both cut, after ${bytes} bytes unreported, and one resumed without a gap; others' p99 ${p99} ms (before ${baseline.p99} ms); memory ${grown} MB more`,
    );
  });

  test("[#25] a herd that was dropped comes back with an old position and is level within 30 s", async (context) => {
    const [sockets, missed] = [scaled(2_000, 100), 50];
    const room = await LiveRoom.open(server());
    const { token } = room.owner;
    const herd = Array.from({ length: sockets }, (_, n) => {
      const options = { name: `reader ${n}`, address: room.liveAddress, token, room: campaignRoom };
      const viewer = new Viewer(options);
      viewer.returns = false;
      return viewer;
    });
    for (let n = 0; n < herd.length; n += 50) {
      const some = herd.slice(n, n + 50);
      for (const viewer of some) viewer.start();
      await Promise.all(some.map((viewer) => viewer.until(0)));
    }
    for (const viewer of herd) viewer.cut();
    for (let n = 0; n < missed; n++) await room.program.post(`${room.campaign.path}/campaign/update`, room.change(n));
    const head = room.readLog().log.at(-1)?.seq ?? 0;
    const started = Date.now();
    for (const viewer of herd) {
      viewer.returns = true;
      viewer.start();
    }
    await Promise.all(herd.map((viewer) => viewer.until(head)));
    const took = Date.now() - started;
    for (const viewer of herd) room.watched(viewer, "owner");
    const history = await room.settledHistory();
    room.close();
    expect(judge(history)).toEqual([]);
    expect(took).toBeLessThan(30_000);
    const snapshots = herd.filter(({ welcomes }) => welcomes.snapshot > 1).length;
    expect(snapshots).toBe(0);
    figure(
      context,
      25,
      `${sockets} sockets, ${missed} commits missed: all level after ${took} ms, by delta, none by snapshot`,
    );
  });
}
