import { invalid, refuse } from "../../../core/model/refusal.ts";
import type { Refusal } from "../../../core/model/refusal.ts";
import { CommandId } from "../../../core/protocol/envelope.ts";

/** What the headers of a mutation say. */
export interface CommandHeaders {
  readonly key: string;
  readonly expected_revision?: number;
  readonly dry_run?: true;
}

/** Reads `Idempotency-Key`, `If-Match` and `Dry-Run`, or says what is wrong with them. */
export function readCommandHeaders(headers: Headers): CommandHeaders | Refusal {
  const key = CommandId.safeParse(headers.get("idempotency-key") ?? "");
  if (!key.success)
    return refuse("IDEMPOTENCY_KEY_REQUIRED", "The Idempotency-Key header is missing or has another form.");
  const match = headers.get("if-match");
  const revision = match === null ? null : /^(?:W\/)?"?(\d{1,15})"?$/.exec(match)?.[1];
  if (revision === undefined) return badHeader("if-match", 'If-Match is one revision, such as "7".');
  const dryRun = headers.get("dry-run")?.toLowerCase() ?? "false";
  if (dryRun !== "true" && dryRun !== "false") return badHeader("dry-run", "Dry-Run is true or false.");
  return {
    key: key.data,
    ...(revision !== null && { expected_revision: Number(revision) }),
    ...(dryRun === "true" && { dry_run: true }),
  };
}

function badHeader(name: string, message: string): Refusal {
  return { ...invalid(`/headers/${name}`, message, "format"), code: "INVALID_REQUEST" };
}
