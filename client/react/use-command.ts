import { useCallback, useState } from "react";
import type { CommandDefinition } from "../../core/model/command.ts";
import type { WireError } from "../../core/protocol/frames.ts";
import type { RunOptions } from "../sync/outbox.ts";
import type { CommandOutcome } from "../sync/pending.ts";
import { useRoom } from "./rooms.tsx";

interface CommandState<I> {
  /** Sends the command; what it changes shows at once. Resolves with the answer and never rejects. */
  readonly run: (payload: I, options?: RunOptions) => Promise<CommandOutcome>;
  /** Whether an answer to one of these runs is still to come. */
  readonly pending: boolean;
  /** Why the last run was refused; null if it was not, and again with the next run. */
  readonly refusal: WireError | null;
}

/** A verb of the room. */
export function useCommand<I>(command: CommandDefinition<I>): CommandState<I> {
  const room = useRoom();
  const [waiting, setWaiting] = useState(0);
  const [refusal, setRefusal] = useState<WireError | null>(null);
  const run = useCallback(
    async (payload: I, options: RunOptions = {}) => {
      setWaiting((count) => count + 1);
      setRefusal(null);
      const outcome = await room.run<I>(command, payload, options);
      setWaiting((count) => count - 1);
      setRefusal(outcome.ok ? null : outcome.error);
      return outcome;
    },
    [room, command],
  );
  return { run, pending: waiting > 0, refusal };
}
