import type { CommandDefinition } from "../../core/model/command.ts";
import type { Metadata } from "../../core/protocol/envelope.ts";
import type { WireError } from "../../core/protocol/frames.ts";
import { MAX_FRAME_BYTES } from "../../core/protocol/version.ts";

/** A command ready to send: the frame's text, and the payload as the command's schema reads it. */
interface Prepared {
  readonly text: string;
  readonly input: unknown;
}

/**
 * Writes a command's frame, or says why the room would refuse it: a payload that its schema refuses,
 * or a frame so large that the room would close the connection with everything else on it.
 */
export function prepareCommand(
  command: CommandDefinition,
  call: { id: string; payload: unknown; metadata: Metadata | undefined },
): Prepared | WireError {
  const parsed = command.input.safeParse(call.payload);
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => ({
      pointer: issue.path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join(""),
      message: issue.message,
      keyword: issue.code,
    }));
    return { code: "VALIDATION_ERROR", message: issues[0]?.message ?? "The command is not valid", issues };
  }
  const { metadata } = call;
  const text = JSON.stringify({
    type: `${command.type}:requested`,
    id: call.id,
    payload: call.payload,
    ...(metadata ? { metadata } : {}),
  });
  if (new TextEncoder().encode(text).length > MAX_FRAME_BYTES) {
    return { code: "PAYLOAD_TOO_LARGE", message: "The change is larger than 64 KiB; send less at once" };
  }
  return { text, input: parsed.data };
}
