import type { LogRow, RoomStorage } from "../../worker/engine/ports.ts";
import { MemoryStorage } from "../../worker/engine/testing/memory-storage.ts";

/** Sets a repeated command apart from the first, which the storage would otherwise refuse. */
const AGAIN = "\u0000again";

/** Storage that recognises no command again: what a room without idempotency would write to. */
export class ForgetfulStorage extends MemoryStorage {
  override findCommand(): undefined {
    return undefined;
  }

  override appendLog(row: LogRow): void {
    super.appendLog(super.findCommand(row.actor, row.command_id) ? marked(row) : row);
  }

  override readLog(after: number, limit: number): LogRow[] {
    return super.readLog(after, limit).map((row) => ({ ...row, command_id: row.command_id.split(AGAIN)[0] ?? "" }));
  }
}

function marked(row: LogRow): LogRow {
  return { ...row, command_id: `${row.command_id}${AGAIN}${row.seq}` };
}

type Call = readonly [name: string, args: readonly unknown[]];

const WRITES = new Set([
  "createSchema",
  "writeMemory",
  "writeEntity",
  "appendLog",
  "pruneLog",
  "writeCheckpoint",
  "setTimer",
  "writeTap",
  "deleteTap",
  "park",
  "unpark",
]);

/** Storage that says "written" before it is: what a room that sends before it commits would write to. */
export function tardyStorage(): { readonly storage: RoomStorage; loseLast(commits: number): void } {
  let front = new MemoryStorage();
  let transactions: Call[][] = [];
  let current: Call[] | null = null;
  const call = (name: string, args: readonly unknown[]): unknown => {
    const method: unknown = Reflect.get(front, name);
    if (typeof method !== "function") throw new Error(`Storage has no ${name}`);
    return Reflect.apply(method, front, args);
  };
  const transact = (work: () => unknown): unknown => {
    if (current) return front.transact(work);
    current = [];
    try {
      const result = front.transact(work);
      transactions.push(current);
      return result;
    } finally {
      current = null;
    }
  };
  const storage = new Proxy<object>(
    {},
    {
      get:
        (_, name) =>
        (...args: unknown[]): unknown => {
          if (name === "transact") return transact(args[0] as () => unknown);
          if (WRITES.has(String(name))) current?.push([String(name), args]);
          return call(String(name), args);
        },
    },
  );
  return {
    // The proxy has every method that MemoryStorage has.
    storage: storage as RoomStorage,
    loseLast(commits) {
      const kept = transactions.slice(0, transactions.length - commits);
      front = new MemoryStorage();
      transactions = kept;
      for (const calls of kept) front.transact(() => calls.forEach(([name, args]) => call(name, args)));
    },
  };
}
