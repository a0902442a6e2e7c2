import type { CommandCall } from "../../core/model/command.ts";
import type { RoomDefinition } from "../../core/model/room.ts";
import type { CommitLog } from "./commit-log.ts";
import { dueAt } from "./due.ts";
import type { RoomStorage } from "./ports.ts";

const MAX_PER_ALARM = 200;

/** What timers work with. */
export interface TimerDeps {
  readonly room: RoomDefinition;
  readonly log: CommitLog;
  readonly storage: RoomStorage;
  /** Carries out a command of the room itself; what becomes of it is its own affair. */
  execute(call: CommandCall, commandId: string): void;
}

/** Runs the commands that entities asked for (`due`) once their time has come. */
export function runDueTimers(deps: TimerDeps, now: number): void {
  const { room, log, storage, execute } = deps;
  for (const { kind: name, id, at } of storage.dueTimers(new Date(now).toISOString(), MAX_PER_ALARM)) {
    const kind = room.entities.get(name);
    const stored = log.read(name, id);
    const due = stored && !stored.deleted ? kind?.due?.(stored.value) : null;
    const rings = due !== null && due !== undefined && kind !== undefined && dueAt(kind, stored) === at;
    if (rings) execute(due.command, `timer:${name}:${id}:${at}`);
    const next = kind ? dueAt(kind, log.read(name, id)) : null;
    // Refused, or due as before: it would ring for ever. A change of the entity's due time sets it again.
    if (next === at) log.setTimer(name, id, null);
    else if (!rings) log.setTimer(name, id, next);
  }
}
