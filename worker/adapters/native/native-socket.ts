import { parseJson } from "../../../core/model/json.ts";
import { refuse } from "../../../core/model/refusal.ts";
import type { Refusal } from "../../../core/model/refusal.ts";
import { REFUSALS } from "../../../core/model/refusal.ts";
import type { Identity } from "../../../core/model/room.ts";
import { ControlFrame } from "../../../core/protocol/frames.ts";
import type { DownFrame, WireError } from "../../../core/protocol/frames.ts";
import { MAX_FRAME_BYTES } from "../../../core/protocol/version.ts";
import type { Outcome } from "../../engine/outcome.ts";
import type { RoomEngine } from "../../engine/room-engine.ts";
import type { Session } from "../../engine/sessions.ts";

/** A verified token: whom it proves and until when (milliseconds since 1970). */
export interface Proof {
  readonly identity: Identity;
  readonly expires_at: number | null;
}

/** What frames of the native protocol need besides the engine. */
export interface NativeDeps {
  readonly engine: RoomEngine;
  /** Null for a token that proves nothing. */
  verify(token: string): Promise<Proof | null>;
  newCorrelationId(): string;
}

/**
 * Takes one frame of a session. Everything is done when it returns, except for `auth`, which returns a promise.
 * Nothing is answered by silence: a bad frame gets `…:failed` with its id, or `error`.
 */
export function receiveNative(deps: NativeDeps, session: Session, message: string | ArrayBuffer): Promise<void> | null {
  if (byteLength(message) > MAX_FRAME_BYTES) {
    deps.engine.sessions.close(session, "TOO_LARGE");
    return null;
  }
  const frame = parseFrame(message);
  if ("refused" in frame) fault(deps, session, frame);
  else if (isCommand(frame.value)) runCommand(deps, session, frame.value);
  else {
    const control = ControlFrame.safeParse(frame.value);
    if (control.success) return receiveControl(deps, session, control.data);
    fault(deps, session, refuse("INVALID_REQUEST", "Not a frame of this protocol"));
  }
  return null;
}

function parseFrame(message: string | ArrayBuffer): { readonly value: unknown } | Refusal {
  if (typeof message !== "string") return refuse("INVALID_REQUEST", "Frames are JSON text, not binary");
  try {
    return { value: parseJson(message) };
  } catch (error) {
    return refuse("INVALID_REQUEST", error instanceof Error ? error.message : "Not JSON");
  }
}

function runCommand(deps: NativeDeps, session: Session, frame: unknown): void {
  const correlationId = deps.newCorrelationId();
  const outcome = deps.engine.execute(session.state.identity, frame, { id: correlationId, via: "socket" });
  answer(deps, session, outcome, correlationId);
}

function receiveControl(deps: NativeDeps, session: Session, frame: ControlFrame): Promise<void> | null {
  const { engine } = deps;
  if (frame.type === "hello") engine.join.hello(session, frame);
  else if (frame.type === "applied") session.reported(frame.seq);
  else if (frame.type === "snapshot_ack") engine.join.chunkTaken(session);
  else if (frame.type === "ping") engine.sessions.send(session, { type: "pong" });
  else return renew(deps, session, frame.token);
  return null;
}

async function renew(deps: NativeDeps, session: Session, token: string): Promise<void> {
  const proof = await deps.verify(token);
  if (!proof) deps.engine.sessions.close(session, "UNAUTHENTICATED");
  else if (deps.engine.renew(session, proof.identity, proof.expires_at)) {
    const expires_at = proof.expires_at === null ? null : new Date(proof.expires_at).toISOString();
    deps.engine.sessions.send(session, { type: "authenticated", expires_at });
  }
}

function answer(deps: NativeDeps, session: Session, outcome: Outcome, correlationId: string): void {
  if (!outcome.ok && (outcome.type === null || outcome.id === null))
    return fault(deps, session, outcome.refusal, correlationId);
  deps.engine.sessions.send(session, outcomeFrame(outcome, correlationId));
}

/** An outcome as the frame its sender gets. */
export function outcomeFrame(outcome: Outcome, correlationId: string): DownFrame {
  if (!outcome.ok) {
    return {
      type: `${outcome.type ?? "unknown"}:failed`,
      id: outcome.id ?? "",
      error: wireError(outcome.refusal, correlationId),
    };
  }
  const { type, id, seq, data, replayed, dry_run } = outcome;
  return { type: `${type}:success`, id, seq, ...(replayed && { replayed }), ...(dry_run && { dry_run }), data };
}

function fault(deps: NativeDeps, session: Session, refusal: Refusal, correlationId = deps.newCorrelationId()): void {
  deps.engine.sessions.send(session, { type: "error", error: wireError(refusal, correlationId) });
}

function wireError(refusal: Refusal, correlationId: string): WireError {
  const { code, message, issues, details } = refusal;
  return {
    code,
    message,
    hint: refusal.hint ?? REFUSALS[code].hint,
    ...(issues && { issues: [...issues] }),
    ...(details && { details }),
    correlation_id: correlationId,
  };
}

function isCommand(frame: unknown): boolean {
  if (typeof frame !== "object" || frame === null || !("type" in frame)) return false;
  return typeof frame.type === "string" && frame.type.includes(":");
}

/** UTF-8 length; a text shorter than a third of the limit cannot exceed it. */
function byteLength(message: string | ArrayBuffer): number {
  if (typeof message !== "string") return message.byteLength;
  return message.length * 3 <= MAX_FRAME_BYTES ? message.length : new TextEncoder().encode(message).byteLength;
}
