import { expect } from "vitest";
import { append, created, entity, MEMORY, put, row, seqs, written } from "./storage-contract.fixture.ts";
import type { ContractCase } from "./storage-contract.fixture.ts";

/** The log, its checkpoints and its pruning. */
export const log: ContractCase[] = [
  {
    name: "reads the log in order, from after a seq, at most so many rows",
    run(storage, reopen) {
      created(storage);
      append(storage, 5);
      expect(storage.readLog(0, 10)).toEqual([1, 2, 3, 4, 5].map((seq) => row(seq)));
      expect(seqs(storage.readLog(2, 2))).toEqual([3, 4]);
      expect(storage.readLog(5, 10)).toEqual([]);
      expect(reopen().head()).toBe(5);
    },
  },
  {
    name: "refuses a seq or an actor's command that is there already",
    run(storage) {
      created(storage);
      append(storage, 1);
      expect(() => storage.transact(() => storage.appendLog(row(1, { command_id: "another-one-0001" })))).toThrow(
        "UNIQUE",
      );
      expect(() => storage.transact(() => storage.appendLog(row(2, { command_id: row(1).command_id })))).toThrow(
        "UNIQUE",
      );
      expect(storage.head()).toBe(1);
      storage.transact(() =>
        storage.appendLog(row(2, { command_id: row(1).command_id, actor: "member:somebody-else" })),
      );
      expect(storage.head()).toBe(2);
    },
  },
  {
    name: "finds a command by actor and id, but none of the room's own",
    run(storage) {
      created(storage);
      storage.transact(() => {
        storage.appendLog(row(1));
        storage.appendLog(row(2, { actor: "system:room", command_id: "timer:note:n1" }));
        storage.appendLog(row(3, { actor: "system:room", command_id: "timer:note:n1" }));
      });
      expect(storage.findCommand("member:mem_1", row(1).command_id)).toEqual(row(1));
      expect(storage.findCommand("member:mem_2", row(1).command_id)).toBeUndefined();
      expect(storage.findCommand("system:room", "timer:note:n1")).toBeUndefined();
    },
  },
  {
    name: "tells the first row at or after a time",
    run(storage) {
      created(storage);
      append(storage, 3);
      expect(storage.firstSince(row(2).at)).toBe(2);
      expect(storage.firstSince("2026-01-01T00:00:00.000Z")).toBe(1);
      expect(storage.firstSince("2027-01-01T00:00:00.000Z")).toBeNull();
    },
  },
  {
    name: "forgets the rows up to a seq when pruned, their commands and the checkpoints before it",
    run(storage, reopen) {
      created(storage);
      append(storage, 5);
      storage.transact(() => {
        storage.writeCheckpoint(1, ["one"]);
        storage.writeCheckpoint(3, ["three"]);
        storage.writeCheckpoint(5, ["five"]);
      });
      storage.transact(() => storage.pruneLog(3));
      const after = reopen();
      expect([after.historyStart(), after.head()]).toEqual([3, 5]);
      expect(seqs(after.readLog(0, 10))).toEqual([4, 5]);
      expect(after.findCommand("member:mem_1", row(2).command_id)).toBeUndefined();
      expect([after.checkpointAt(2), after.checkpointAt(4), after.checkpointAt(9)]).toEqual([null, 3, 5]);
    },
  },
  {
    name: "gives the newest checkpoint at or before a seq, its chunks in order",
    run(storage, reopen) {
      created(storage);
      const chunks = Array.from({ length: 12 }, (_, chunk) => `chunk ${chunk}`);
      storage.transact(() => {
        storage.writeCheckpoint(1000, ["old"]);
        storage.writeCheckpoint(2000, chunks);
      });
      const after = reopen();
      expect(after.readCheckpoint(999)).toBeUndefined();
      expect(after.readCheckpoint(1999)).toEqual({ seq: 1000, chunks: ["old"] });
      expect(after.readCheckpoint(2000)).toEqual({ seq: 2000, chunks });
    },
  },
];

/** What writing and reading cost. */
export const costs: ContractCase[] = [
  {
    name: "writes three rows for a commit of one entity: the log row, its index, the entity",
    run(storage) {
      created(storage);
      const commit = (seq: number): number =>
        written(storage, () => {
          storage.appendLog(row(seq));
          put(storage, entity("n1", { revision: seq, seq }));
        });
      expect([commit(1), commit(2), commit(3)]).toEqual([3, 3, 3]);
    },
  },
  {
    name: "writes two rows for one of the room itself, which no index holds",
    run(storage) {
      created(storage);
      const cost = written(storage, () => {
        storage.appendLog(row(1, { actor: "system:room" }));
        put(storage, entity("n1"));
      });
      expect(cost).toBe(2);
    },
  },
  {
    name: "writes one row for cursors, a timer, a parked row or a tap, and none for what is there already or is not there",
    run(storage) {
      created(storage);
      const tap = { target: "a", kind: "events" } as const;
      expect(written(storage, () => storage.writeMemory({ ...MEMORY, cursors: { d1: 1 } }))).toBe(1);
      expect(written(storage, () => storage.setTimer("note", "n1", "2026-11-20T12:00:00.000Z"))).toBe(1);
      expect(written(storage, () => storage.setTimer("note", "n1", "2026-11-20T13:00:00.000Z"))).toBe(1);
      expect(written(storage, () => storage.setTimer("note", "n1", null))).toBe(1);
      expect(written(storage, () => storage.setTimer("note", "n1", null))).toBe(0);
      expect(written(storage, () => storage.writeTap(tap))).toBe(1);
      expect(written(storage, () => storage.writeTap(tap))).toBe(0);
      expect(
        written(storage, () => storage.park({ consumer: "d1", seq: 1, error: "", at: "2026-11-20T12:00:00.000Z" })),
      ).toBe(1);
    },
  },
  {
    name: "reads one log row, not the log, to find a command, the head or the row before it",
    run(storage, reopen) {
      created(storage);
      append(storage, 200);
      const after = reopen();
      const before = after.rows.read;
      after.findCommand("member:mem_1", row(150).command_id);
      after.head();
      after.historyStart();
      after.readLog(199, 1);
      expect(after.rows.read - before).toBeLessThanOrEqual(8);
    },
  },
];
