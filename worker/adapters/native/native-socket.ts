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
 * Takes one frame of a session. Everything but `auth` is done synchronously when it returns.
 * Nothing is answered by silence: a bad frame gets `…:failed` with its id, or `error`.
 */
export async function receiveNative(deps: NativeDeps, session: Session, message: string | ArrayBuffer): Promise<void> {
  const { engine } = deps;
  if (byteLength(message) > MAX_FRAME_BYTES) {
    engine.sessions.close(session, "TOO_LARGE");
    return;
  }
  if (typeof message !== "string")
    return fault(deps, session, refuse("INVALID_REQUEST", "Frames are JSON text, not binary"));
  let frame: unknown;
  try {
    frame = parseJson(message);
  } catch (error) {
    return fault(deps, session, refuse("INVALID_REQUEST", error instanceof Error ? error.message : "Not JSON"));
  }
  if (isCommand(frame)) {
    const correlationId = deps.newCorrelationId();
    const outcome = engine.execute(session.state.identity, frame, { id: correlationId, via: "socket" });
    answer(deps, session, outcome, correlationId);
    return;
  }
  const control = ControlFrame.safeParse(frame);
  if (!control.success) return fault(deps, session, refuse("INVALID_REQUEST", "Not a frame of this protocol"));
  await receiveControl(deps, session, control.data);
}

async function receiveControl(deps: NativeDeps, session: Session, frame: ControlFrame): Promise<void> {
  const { engine } = deps;
  switch (frame.type) {
    case "hello":
      engine.join.hello(session, frame);
      return;
    case "applied":
      session.reported(frame.seq);
      return;
    case "snapshot_ack":
      engine.join.chunkTaken(session);
      return;
    case "ping":
      engine.sessions.send(session, { type: "pong" });
      return;
    case "auth": {
      const proof = await deps.verify(frame.token);
      if (!proof) engine.sessions.close(session, "UNAUTHENTICATED");
      else if (engine.renew(session, proof.identity, proof.expires_at)) {
        const expires_at = proof.expires_at === null ? null : new Date(proof.expires_at).toISOString();
        engine.sessions.send(session, { type: "authenticated", expires_at });
      }
    }
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
