import type { CommandCall } from "../../core/model/command.ts";
import type { RoomDefinition } from "../../core/model/room.ts";
import type { CommitLog } from "./commit-log.ts";
import type { RoomStorage } from "./ports.ts";

const MAX_PER_ALARM = 200;

/** Runs the commands that entities asked for (`due`) once their time has come. */
export function runDueTimers(
  deps: { room: RoomDefinition; log: CommitLog; storage: RoomStorage },
  now: number,
  execute: (call: CommandCall, commandId: string) => boolean,
): void {
  const { room, log, storage } = deps;
  for (const timer of storage.dueTimers(new Date(now).toISOString(), MAX_PER_ALARM)) {
    const stored = log.read(timer.kind, timer.id);
    const due = stored && !stored.deleted ? (room.entities.get(timer.kind)?.due?.(stored.value) ?? null) : null;
    // A timer whose command is refused would fire for ever: its entity sets a new one when it changes.
    if (due?.at === timer.at && !execute(due.command, `timer:${timer.kind}:${timer.id}:${timer.at}`))
      clear(storage, timer);
    if (due?.at !== timer.at) clear(storage, timer);
  }
}

function clear(storage: RoomStorage, timer: { kind: string; id: string }): void {
  storage.transact(() => storage.setTimer(timer.kind, timer.id, null));
}
