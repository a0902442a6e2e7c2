import { expect } from "vitest";
import { created, entity, ids, MEMORY, put, row } from "./storage-contract.fixture.ts";
import type { ContractCase, CountingStorage } from "./storage-contract.fixture.ts";
import { costs, log } from "./storage-contract-log.ts";

const creation: ContractCase[] = [
  {
    name: "does not exist until it is created, and is remembered then",
    run(storage, reopen) {
      expect(storage.exists()).toBe(false);
      created(storage);
      expect(storage.exists()).toBe(true);
      expect(reopen().memory()).toEqual(MEMORY);
      expect([storage.head(), storage.historyStart(), storage.nextTimer()]).toEqual([0, 0, null]);
      expect([storage.taps(), storage.parked(), storage.readLog(0, 10)]).toEqual([[], [], []]);
    },
  },
  {
    name: "is gone again if the transaction that created it throws",
    run(storage, reopen) {
      const creating = (): void =>
        storage.transact(() => {
          storage.createSchema(MEMORY);
          storage.transact(() => storage.appendLog(row(1)));
          throw new Error("refused");
        });
      expect(creating).toThrow("refused");
      expect(storage.exists()).toBe(false);
      expect(reopen().exists()).toBe(false);
      created(storage);
      expect(storage.head()).toBe(0);
    },
  },
  {
    name: "keeps one memory row, however often it is written",
    run(storage, reopen) {
      created(storage);
      storage.transact(() => storage.writeMemory({ ...MEMORY, epoch: 2, cursors: { d1: 7 }, history_tip: "abc" }));
      expect(reopen().memory()).toEqual({ epoch: 2, room: "ws_1", cursors: { d1: 7 }, history_tip: "abc" });
    },
  },
];

const transactions: ContractCase[] = [
  {
    name: "returns what the work of a transaction returns",
    run(storage) {
      created(storage);
      expect(storage.transact(() => storage.transact(() => 42))).toBe(42);
    },
  },
  {
    name: "takes back everything a throwing transaction wrote, of every table",
    run(storage, reopen) {
      created(storage);
      storage.transact(() => {
        storage.appendLog(row(1));
        put(storage, entity("n1"));
        storage.setTimer("note", "n1", "2026-11-20T13:00:00.000Z");
        storage.writeTap({ target: "a", kind: "events" });
        storage.park({ consumer: "d1", seq: 1, error: "bad", at: "2026-11-20T12:00:00.000Z" });
        storage.writeCheckpoint(1, ["one"]);
      });
      const facts = (of: CountingStorage): unknown => [
        of.memory(),
        of.readLog(0, 10),
        of.read("note", "n1"),
        of.read("note", "n2"),
        of.nextTimer(),
        of.taps(),
        of.parked(),
        of.readCheckpoint(9),
        of.findCommand("member:mem_1", row(2).command_id),
      ];
      const before = facts(storage);
      const failing = (): void =>
        storage.transact(() => {
          storage.appendLog(row(2));
          put(storage, entity("n1", { revision: 2, value: { id: "n1" } }));
          put(storage, entity("n2"));
          storage.setTimer("note", "n1", null);
          storage.setTimer("note", "n2", "2026-11-20T11:00:00.000Z");
          storage.deleteTap({ target: "a", kind: "events" });
          storage.writeTap({ target: "b", kind: "mirror" });
          storage.unpark("d1", 1);
          storage.writeMemory({ ...MEMORY, epoch: 9 });
          storage.pruneLog(1);
          storage.writeCheckpoint(2, ["two"]);
          throw new Error("half way");
        });
      expect(failing).toThrow("half way");
      expect(facts(storage)).toEqual(before);
      expect(facts(reopen())).toEqual(before);
    },
  },
  {
    name: "takes back only the inner transaction if that alone throws",
    run(storage) {
      created(storage);
      storage.transact(() => {
        put(storage, entity("outer"));
        expect(() =>
          storage.transact(() => {
            put(storage, entity("inner"));
            throw new Error("inner");
          }),
        ).toThrow("inner");
        put(storage, entity("after"));
      });
      expect(ids(storage.scan("note"))).toEqual(["after", "outer"]);
    },
  },
  {
    name: "takes back a finished inner transaction if the outer one throws",
    run(storage) {
      created(storage);
      const failing = (): void =>
        storage.transact(() => {
          storage.transact(() => put(storage, entity("inner")));
          throw new Error("outer");
        });
      expect(failing).toThrow("outer");
      expect(ids(storage.scan("note"))).toEqual([]);
    },
  },
];

const entities: ContractCase[] = [
  {
    name: "reads entities as they were written last, deleted ones included",
    run(storage, reopen) {
      created(storage);
      storage.transact(() => {
        put(storage, entity("n1"));
        put(storage, entity("n2", { deleted: true }));
        put(storage, entity("n3", { kind: "other" }));
        put(storage, entity("n1", { revision: 2, seq: 5 }));
      });
      const after = reopen();
      expect(after.read("note", "n1")).toEqual(entity("n1", { revision: 2, seq: 5 }));
      expect(after.read("note", "n2")?.deleted).toBe(true);
      expect(after.read("note", "absent")).toBeUndefined();
      expect(ids(after.scan("note"))).toEqual(["n1", "n2"]);
      expect(ids(after.scan("nothing"))).toEqual([]);
      const sizes = [...after.scanSizes("note")].map(({ stored, chars }) => [stored.id, chars]);
      expect(sizes).toEqual(["n1", "n2"].map((id) => [id, JSON.stringify(after.read("note", id)?.value).length]));
    },
  },
  {
    name: "keeps text verbatim, whatever it looks like",
    run(storage) {
      created(storage);
      const value = { id: "x'; DROP TABLE entities; --", note: "\u0000\u2028😀 %_\\ $.a" };
      storage.transact(() => put(storage, entity(value.id, { value })));
      expect(storage.read("note", value.id)?.value).toEqual(value);
    },
  },
];

const followers: ContractCase[] = [
  {
    name: "keeps one timer per entity and gives those due, earliest first",
    run(storage, reopen) {
      created(storage);
      const at = (hour: number): string => `2026-11-20T${hour}:00:00.000Z`;
      storage.transact(() => {
        storage.setTimer("note", "late", at(15));
        storage.setTimer("note", "first", at(12));
        storage.setTimer("note", "second", at(20));
        storage.setTimer("note", "second", at(13));
        storage.setTimer("note", "gone", at(11));
        storage.setTimer("note", "gone", null);
        storage.setTimer("note", "never", null);
      });
      const after = reopen();
      expect(after.nextTimer()).toBe(at(12));
      expect(after.dueTimers(at(13), 10).map(({ id }) => id)).toEqual(["first", "second"]);
      expect(after.dueTimers(at(13), 1)).toEqual([{ kind: "note", id: "first", at: at(12) }]);
    },
  },
  {
    name: "keeps each tap once",
    run(storage, reopen) {
      created(storage);
      storage.transact(() => {
        storage.writeTap({ target: "a", kind: "mirror" });
        storage.writeTap({ target: "a", kind: "mirror" });
        storage.writeTap({ target: "a", kind: "events" });
        storage.writeTap({ target: "b", kind: "events" });
        storage.deleteTap({ target: "b", kind: "events" });
      });
      expect(new Set(reopen().taps())).toEqual(
        new Set([
          { target: "a", kind: "mirror" },
          { target: "a", kind: "events" },
        ]),
      );
    },
  },
  {
    name: "keeps parked rows by consumer and seq until they are taken back",
    run(storage, reopen) {
      created(storage);
      const parked = { consumer: "d1", seq: 2, error: "first", at: "2026-11-20T12:00:00.000Z" };
      storage.transact(() => {
        storage.park(parked);
        storage.park({ ...parked, error: "again" });
        storage.park({ ...parked, seq: 1 });
        storage.unpark("d1", 1);
      });
      expect(reopen().parked()).toEqual([{ ...parked, error: "again" }]);
    },
  },
];

/** What every storage of a room does, whatever it is made of. */
export const STORAGE_CONTRACT: readonly ContractCase[] = [
  ...creation,
  ...transactions,
  ...entities,
  ...log,
  ...followers,
  ...costs,
];
