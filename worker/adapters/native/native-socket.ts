import { JsonLimitError, parseJson } from "../../../core/model/json.ts";
import { refuse } from "../../../core/model/refusal.ts";
import type { Refusal } from "../../../core/model/refusal.ts";
import { REFUSALS } from "../../../core/model/refusal.ts";
import type { Identity } from "../../../core/model/room.ts";
import { baseType } from "../../../core/protocol/envelope.ts";
import { ControlFrame, StateRequest } from "../../../core/protocol/frames.ts";
import type { DownFrame, WireError } from "../../../core/protocol/frames.ts";
import { MAX_FRAME_BYTES } from "../../../core/protocol/version.ts";
import type { Outcome } from "../../engine/outcome.ts";
import { claimed, toIssues } from "../../engine/pipeline.ts";
import type { FrameKind } from "../../engine/frame-rates.ts";
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
  /** Milliseconds since 1970. */
  now(): number;
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
  if ("refusal" in frame) refuseFrame(deps, session, frame);
  else if (isCommand(frame.value)) takeCommand(deps, session, frame.value);
  else {
    const control = ControlFrame.safeParse(frame.value);
    // Commands are counted by the room, whichever way they come; what is neither gets a short answer, as one too many would.
    if (control.success) return isOneTooMany(deps, session, "any") ? null : receiveControl(deps, session, control.data);
    const issues = toIssues(control.error);
    fault(deps, session, refuse("INVALID_REQUEST", "This is not a frame of this protocol.", { issues }));
  }
  return null;
}

/** Counts a frame; a session that sends too many is closed, and may come back. */
function isOneTooMany({ engine, now }: NativeDeps, session: Session, kind: FrameKind): boolean {
  if (session.rates.take(kind, now()) === 0) return false;
  engine.sessions.close(session, "TOO_MANY_FRAMES");
  return true;
}

/** Counts a frame that is answered with much work; a refusal if it is one too many. */
function limited({ now }: NativeDeps, session: Session, kind: FrameKind): Refusal | null {
  const waitMs = session.rates.take(kind, now());
  if (waitMs === 0) return null;
  return refuse("RATE_LIMITED", "Too many frames", { details: { retry_after: Math.ceil(waitMs / 1000) } });
}

interface Answered {
  readonly outcome: Outcome;
  readonly correlationId: string;
}

/** What was read of a frame, or why it is refused; `value` is then what could be read all the same, to name the command by. */
type ParsedFrame = { readonly value: unknown } | { readonly refusal: Refusal; readonly value?: unknown };

function parseFrame(message: string | ArrayBuffer): ParsedFrame {
  if (typeof message !== "string")
    return { refusal: refuse("INVALID_REQUEST", "Frames are JSON text, this one is binary.") };
  try {
    return { value: parseJson(message) };
  } catch (error) {
    if (!(error instanceof JsonLimitError))
      return { refusal: refuse("INVALID_REQUEST", "The frame is not valid JSON.") };
    const text = `${error.message}.`;
    const issues = [{ pointer: error.pointer, message: text, keyword: "json" }];
    // Most likely it is JSON, only not such as may go further; whoever waits for a command's answer is to get it.
    return { refusal: refuse("INVALID_REQUEST", text, { issues }), value: parsedAnyway(message) };
  }
}

function parsedAnyway(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refuseFrame(
  deps: NativeDeps,
  session: Session,
  { refusal, value }: { refusal: Refusal; value?: unknown },
): void {
  const type = isCommand(value) ? claimed(value, "type") : null;
  const outcome: Outcome = { ok: false, type, id: claimed(value, "id"), refusal };
  answer(deps, session, { outcome, correlationId: deps.newCorrelationId() });
}

function takeCommand(deps: NativeDeps, session: Session, frame: unknown): void {
  const correlationId = deps.newCorrelationId();
  // By its name first: a schema that fails costs more than all the rest of a command's reading.
  const asksState = claimed(frame, "type") === `${deps.engine.kind}:state:v1`;
  const asked = asksState ? StateRequest.safeParse(frame) : null;
  if (asked?.success) {
    const refusal = limited(deps, session, "state");
    if (refusal) return refuseFrame(deps, session, { refusal, value: frame });
    deps.engine.sessions.send(session, stateFrame(deps.engine, session, asked.data));
    return;
  }
  const outcome = deps.engine.execute(session.state.identity, frame, { id: correlationId, via: "socket" });
  answer(deps, session, { outcome, correlationId });
}

/** The whole state as the asker may see it, at one `seq`, to the asker alone. Nothing is written. */
function stateFrame(engine: RoomEngine, session: Session, { id, type }: StateRequest): DownFrame {
  const data = { ...engine.position, rows: engine.join.state(session) };
  return { type: `${baseType(type)}:success`, id, seq: data.seq, data };
}

function receiveControl(deps: NativeDeps, session: Session, frame: ControlFrame): Promise<void> | null {
  const { engine } = deps;
  if (frame.type === "hello") {
    if (!isOneTooMany(deps, session, "hello")) engine.join.hello(session, frame);
  } else if (frame.type === "applied") session.reported(frame.seq);
  else if (frame.type === "snapshot_ack") engine.join.chunkTaken(session);
  else if (frame.type === "ping") engine.sessions.send(session, { type: "pong" });
  else return renew(deps, session, frame.token);
  return null;
}

async function renew(deps: NativeDeps, session: Session, token: string): Promise<void> {
  const refusal = limited(deps, session, "auth");
  if (refusal) return fault(deps, session, refusal);
  let proof: Proof | null;
  try {
    proof = await deps.verify(token);
  } catch {
    // The issuer's keys cannot be had now: the client keeps its old token and shows the new one again.
    fault(deps, session, refuse("UNAVAILABLE", "The token cannot be verified now"));
    return;
  }
  if (!proof) deps.engine.sessions.close(session, "UNAUTHENTICATED");
  else if (deps.engine.renew(session, proof.identity, proof.expires_at)) {
    const expires_at = proof.expires_at === null ? null : new Date(proof.expires_at).toISOString();
    deps.engine.sessions.send(session, { type: "authenticated", expires_at });
  }
}

/** To the command that it names; if it names none, as an `error`. */
function answer(deps: NativeDeps, session: Session, { outcome, correlationId }: Answered): void {
  const named = outcome.ok || (outcome.type !== null && outcome.id !== null);
  const frame: DownFrame = named
    ? outcomeFrame(outcome, correlationId)
    : { type: "error", error: wireError(outcome.refusal, correlationId) };
  deps.engine.sessions.send(session, frame);
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

function fault(deps: NativeDeps, session: Session, refusal: Refusal): void {
  answer(deps, session, {
    outcome: { ok: false, type: null, id: null, refusal },
    correlationId: deps.newCorrelationId(),
  });
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
