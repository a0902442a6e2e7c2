import type { CommandCall } from "../../../core/model/command.ts";
import { isRefusal } from "../../../core/model/refusal.ts";
import type { Refusal } from "../../../core/model/refusal.ts";

/** What a command led to: its answer's data, or why it was refused. */
export type Executed = { readonly ok: true; readonly data: unknown } | Refusal;

/** Sends a command to the campaign's room as the person or key that uploads, and resolves its outcome. */
export type Execute = (call: CommandCall, commandId: string) => Promise<Executed>;

/** Waits that many milliseconds. */
export type Wait = (ms: number) => Promise<void>;

/** A file of the largest kind needs hundreds of commands: more than a person may send at once. */
const MAX_TRIES = 30;
const MAX_WAIT_MS = 10_000;

/** Sends a command again, with the same id, while the room says that it is too many or too early. */
export function patiently(execute: Execute, wait: Wait): Execute {
  return async (call, commandId) => {
    let outcome = await execute(call, commandId);
    for (let tries = 1; tries < MAX_TRIES && isRefusal(outcome); tries++) {
      if (outcome.code !== "RATE_LIMITED" && outcome.code !== "UNAVAILABLE") break;
      const seconds = outcome.details?.retry_after;
      await wait(Math.min(typeof seconds === "number" ? seconds * 1_000 : 1_000, MAX_WAIT_MS));
      outcome = await execute(call, commandId);
    }
    return outcome;
  };
}
