import { describe, expect, test } from "vitest";
import { canonicalJson } from "../../core/model/json.ts";
import type { Grants } from "../../core/model/access.ts";
import { FLUSH_CAP_MS } from "../../worker/engine/fanout.ts";
import type { RoomStorage } from "../../worker/engine/ports.ts";
import { boardRoom } from "../../worker/engine/testing/board-room.ts";
import { MemoryStorage } from "../../worker/engine/testing/memory-storage.ts";
import type { Reader } from "../../worker/engine/testing/reader.ts";
import { World } from "../../worker/engine/testing/world.ts";
import { ForgetfulStorage, tardyStorage } from "./broken-storage.ts";
import { fold, rowTexts, visibleEvents, visibleRows, wireText } from "./fold.ts";
import { historyOf } from "./history.ts";
import type { Acknowledgement, History } from "./history.ts";
import { judge } from "./oracle.ts";
import type { Rule } from "./oracle.ts";
import { figure } from "./scale.ts";

const OWNER: Grants = { kind: "role", role: "owner" };
const WRITES = 40;

/** What is broken on purpose; nothing, for the room as it is. */
interface Breakage {
  readonly storage: RoomStorage;
  /** Just before the object dies. */
  dies?(): void;
  /** Just before a reader says hello again. */
  returns?(reader: Reader, world: World<RoomStorage>): void;
}

/** Everything that goes wrong in an ordinary afternoon: answers lost, connections cut, an object that dies. */
async function afternoon({ storage, dies, returns }: Breakage): Promise<History> {
  const world = new World(storage);
  world.must("ann", "board:create:v1", {});
  world.must("ann", "note:write:v1", { id: "n1", text: "Milk" });
  const readers = [world.join("ann"), world.join("ann")];
  const acknowledged: Acknowledgement[] = [];
  const comeBack = (): void => {
    for (const reader of readers) {
      if (!reader.sink.closed) continue;
      returns?.(reader, world);
      world.resume(reader);
    }
  };
  const add = (id: string, amount: number): void => {
    const outcome = world.run({ who: "ann", id }, "entry:add:v1", { note_id: "n1", amount });
    if (outcome.ok) acknowledged.push({ command_id: id, actor: "member:ann", seq: outcome.seq });
  };
  for (let n = 1; n <= WRITES; n++) {
    const id = world.nextId();
    add(id, n);
    if (n % 7 === 0) add(id, n);
    await world.advance(FLUSH_CAP_MS);
    for (const reader of readers) if (!reader.sink.closed) reader.take();
    if (n % 5 === 0) world.cut(readers[n % 2]!);
    if (n === 20) {
      dies?.();
      world.crash();
    }
    if (n % 5 === 3) comeBack();
  }
  comeBack();
  return historyOfWorld(world, readers, acknowledged);
}

function historyOfWorld(
  world: World<RoomStorage>,
  readers: readonly Reader[],
  acknowledged: Acknowledgement[],
): History {
  const log = world.storage.readLog(0, Number.MAX_SAFE_INTEGER);
  const store = fold(boardRoom, log);
  const seen = readers.flatMap((reader, at) =>
    reader.of("commits").flatMap(({ commits }) =>
      commits.map(([seq, actor, , ...events]) => ({
        viewer: `reader ${at}`,
        seq,
        actor,
        events: events.map((event) => canonicalJson(event)),
      })),
    ),
  );
  return historyOf(log, {
    acknowledged,
    seen,
    streams: readers.map((reader, at) => ({
      viewer: `reader ${at}`,
      from: reader.from,
      to: reader.position?.seq ?? 0,
      commits: [...reader.stream].map(([seq, events]) => ({
        seq,
        actor: seen.findLast((one) => one.viewer === `reader ${at}` && one.seq === seq)?.actor ?? "",
        events: events.map((event) => canonicalJson(event)),
      })),
      sees: visibleEvents(boardRoom, OWNER),
    })),
    states: readers.map((reader, at) => ({
      holder: `reader ${at}`,
      seq: reader.position?.seq ?? 0,
      rows: rowTexts(reader.store.all()),
      folded: visibleRows(boardRoom, store, OWNER),
    })),
    wire: wireText(boardRoom),
  });
}

const tardy = tardyStorage();
const controls: readonly [what: string, breakage: Breakage, caught: Rule][] = [
  ["idempotency switched off", { storage: new ForgetfulStorage() }, "A1"],
  ["sent and acknowledged before the commit", { storage: tardy.storage, dies: () => tardy.loseLast(1) }, "A6"],
  [
    "recovery disabled",
    {
      storage: new MemoryStorage(),
      returns: (reader, world) => {
        reader.position = world.engine.position;
      },
    },
    "A3",
  ],
];

describe("negative controls: the oracle", () => {
  test("finds nothing wrong with the room as it is, on either storage", async () => {
    expect(judge(await afternoon({ storage: new MemoryStorage() }))).toEqual([]);
    expect(judge(await afternoon({ storage: tardyStorage().storage }))).toEqual([]);
  });

  test.for(controls)("catches a room with %s", async ([what, breakage, caught], context) => {
    const violations = judge(await afternoon(breakage));
    expect(violations.map(({ rule }) => rule)).toContain(caught);
    const rules = [...new Set(violations.map(({ rule }) => rule))].toSorted();
    const [first] = violations.filter(({ rule }) => rule === caught);
    figure(context, 0, `negative control, ${what}: caught by ${rules.join(" ")} (${first?.what})`);
  });
});
