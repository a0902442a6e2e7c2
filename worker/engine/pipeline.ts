import type { z } from "zod";
import { actorRef, can } from "../../core/model/access.ts";
import type { CommandDefinition, DecideContext } from "../../core/model/command.ts";
import { canonicalJson } from "../../core/model/json.ts";
import { invalid, isRefusal, refuse, refuseField } from "../../core/model/refusal.ts";
import type { Refusal } from "../../core/model/refusal.ts";
import type { Admission, Identity, RoomDefinition } from "../../core/model/room.ts";
import { CampaignId } from "../../core/model/units.ts";
import { badInput, noTarget, toIssues } from "../../core/model/schema-issues.ts";
import { baseType, Envelope } from "../../core/protocol/envelope.ts";
import { EntityTooLarge } from "./commit-log.ts";
import type { CommitLog } from "./commit-log.ts";
import { RoomFull } from "./resident-size.ts";
import type { Answer, Outcome } from "./outcome.ts";
import type { Clock, Correlation, LogRow, Randomness } from "./ports.ts";
import type { OutgoingCommit, Visibility } from "./visibility.ts";

/** Kept here too for those who read a frame or query before there is a command. */
export { toIssues } from "../../core/model/schema-issues.ts";

const FULL_HINT = "Shorten or leave out what this room no longer needs, or go on in another campaign.";

/** What the pipeline runs on. */
export interface PipelineDeps {
  readonly room: RoomDefinition;
  readonly log: CommitLog;
  readonly visibility: Visibility;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly workspace_id: string;
  readonly campaign_id: string | undefined;
}

/** Somebody asking, already admitted. */
export interface Caller {
  readonly identity: Identity;
  readonly admission: Admission;
  readonly correlation: Correlation;
}

/** A commit just made, and how it travels. */
export interface Committed {
  readonly row: LogRow;
  readonly outgoing: OutgoingCommit;
}

/** A command's outcome; `committed` is the commit it made, if it made one now. */
export interface PipelineResult {
  readonly outcome: Outcome;
  readonly committed: Committed | null;
}

/**
 * Carries out one command, synchronously and completely, or not at all:
 * envelope → known type → seen before? → input → permission → expected revision → decide → apply → commit.
 */
export function runPipeline(deps: PipelineDeps, caller: Caller, raw: unknown): PipelineResult {
  const parsed = Envelope.safeParse(raw);
  if (!parsed.success) return declined(claimed(raw, "type"), claimed(raw, "id"), badEnvelope(parsed.error));
  const envelope = parsed.data;
  const type = baseType(envelope.type);
  const decline = (refusal: Refusal): PipelineResult => declined(type, envelope.id, refusal);

  const command = deps.room.commands.get(type);
  if (!command) return decline(refuseField("UNKNOWN_TYPE", "/type", `This room has no command ${type}`));
  const contradiction = contradicts(deps, caller, envelope);
  if (contradiction) return decline(contradiction);

  const actor = actorRef(caller.admission.actor);
  const expected = envelope.metadata?.expected_revision;
  const digest = deps.random.digest(canonicalJson([type, envelope.payload, expected ?? null]));
  const seen = deps.log.findCommand(actor, envelope.id);
  if (seen) {
    if (seen.digest !== digest) return decline(refuse("IDEMPOTENCY_CONFLICT", "This id was used for another command"));
    return { outcome: { ...answer(deps.room, command, seen), replayed: true }, committed: null };
  }

  const input = command.input.safeParse(envelope.payload);
  if (!input.success) return decline(badInput(input.error));
  const denied = permitted(command, caller, input.data);
  if (denied) return decline(denied);

  const overlay = deps.log.overlay();
  if (expected !== undefined) {
    const stale = staleRevision(deps.log, command.target(input.data, overlay), { command, expected });
    if (stale) return decline(stale);
  }

  const at = new Date(deps.clock.now()).toISOString();
  const decision = command.decide(overlay, input.data, decideContext(deps, caller, { id: envelope.id, at }));
  if (isRefusal(decision)) return decline(decision);
  const events = "events" in decision ? decision.events : decision;
  const once = "events" in decision ? decision.once : undefined;
  if (events.length === 0) return decline(refuse("NO_CHANGE", "There is nothing to change"));
  for (const event of events) {
    const definition = deps.room.events.get(event.type);
    if (!definition) throw new Error(`${type} emitted ${event.type}, which no module of this room defines`);
    definition.apply(overlay, event.data, { at, actor });
  }
  const correlation = withMetadata(caller, envelope);
  try {
    const draft = { actor, command_id: envelope.id, digest, type, at, correlation, events };
    const prepared = deps.log.prepare(draft, overlay);
    // Whatever could throw has done so before the commit: once it is written, it is answered and sent.
    const outgoing = deps.visibility.outgoing(prepared.row);
    const given = answer(deps.room, command, prepared.row);
    if (envelope.metadata?.dry_run)
      return { outcome: { ...given, seq: deps.log.head, dry_run: true }, committed: null };
    return { outcome: withOnce(given, once), committed: { row: deps.log.commit(prepared), outgoing } };
  } catch (error) {
    if (error instanceof RoomFull) return decline(refuse("PAYLOAD_TOO_LARGE", error.message, { hint: FULL_HINT }));
    if (error instanceof EntityTooLarge) return decline(invalid("", error.message, "maxLength"));
    throw error;
  }
}

function declined(type: string | null, id: string | null, refusal: Refusal): PipelineResult {
  return { outcome: { ok: false, type, id, refusal }, committed: null };
}

type Made = Pick<LogRow, "command_id" | "seq" | "events">;

/** The answer is made from events alone, so that a retry gets the same one from the log row. */
function answer(room: RoomDefinition, command: CommandDefinition, made: Made): Answer {
  const [first] = made.events;
  const wire = first && room.events.get(first.type)?.wire;
  const data = first ? (wire ? wire.from(first.data) : first.data) : {};
  return { ok: true, type: command.type, id: made.command_id, seq: made.seq, answers: command.answers, data };
}

function withOnce(given: Answer, once: Readonly<Record<string, unknown>> | undefined): Answer {
  return once ? { ...given, data: { ...asObject(given.data), ...once } } : given;
}

function asObject(data: unknown): object {
  return typeof data === "object" && data !== null ? data : { value: data };
}

function permitted(command: CommandDefinition, caller: Caller, input: unknown): Refusal | null {
  const needs = command.needs(input);
  if (can(caller.admission.grants, needs, command.concerns(input))) return null;
  return refuse("PERMISSION_DENIED", `${command.type} needs the permission ${needs}`, { details: { needs } });
}

function staleRevision(
  log: CommitLog,
  target: ReturnType<CommandDefinition["target"]>,
  { command, expected }: { command: CommandDefinition; expected: number },
): Refusal | null {
  if (!target) return noTarget(command.type);
  const [kind, id] = target;
  const stored = log.read(kind.kind, id);
  const current = stored?.revision ?? 0;
  if (current === expected) return null;
  const last = stored ? log.rows(stored.seq - 1, 1)[0] : undefined;
  return refuse("CONFLICT", `${kind.kind} ${id} is at revision ${current}, not ${expected}`, {
    details: {
      kind: kind.kind,
      id,
      current_revision: current,
      expected_revision: expected,
      ...(last && { changed_by: last.actor, changed_at: last.at, changed_with: last.type }),
    },
  });
}

/** Metadata may repeat who and where the sender is, as the earlier systems did, but not claim otherwise. */
function contradicts(deps: PipelineDeps, caller: Caller, envelope: Envelope): Refusal | null {
  const { user, session, campaign } = envelope.metadata ?? {};
  const { identity, admission } = caller;
  if (user && user.userId !== identity.subject && user.userId !== admission.actor.id) {
    return refuseField("PERMISSION_DENIED", "/metadata/user/userId", "This is not the holder of the token");
  }
  if (session && session.sessionId !== identity.session_id) {
    return refuseField("PERMISSION_DENIED", "/metadata/session/sessionId", "This is not the session of the token");
  }
  const isOurs = CampaignId.safeParse(campaign?.campaignId).success;
  if (campaign && isOurs && deps.campaign_id && campaign.campaignId !== deps.campaign_id) {
    return refuseField("CAMPAIGN_NOT_FOUND", "/metadata/campaign/campaignId", "This is not the campaign of this room");
  }
  return null;
}

function decideContext(deps: PipelineDeps, caller: Caller, command: { id: string; at: string }): DecideContext {
  const seed = `${deps.workspace_id}/${deps.campaign_id ?? ""} ${actorRef(caller.admission.actor)} ${command.id}`;
  return {
    now: command.at,
    actor: caller.admission.actor,
    grants: caller.admission.grants,
    identity: caller.identity,
    workspace_id: deps.workspace_id,
    campaign_id: deps.campaign_id,
    id: (prefix, n = 0) => `${prefix}_${deps.random.ulidFrom(`${seed} ${prefix} ${n}`)}`,
    secret: () => deps.random.secret(),
  };
}

/** Where a command came from, as the audit keeps it: what its metadata says, and the session that its token proves. */
function withMetadata({ correlation, identity }: Caller, envelope: Envelope): Correlation {
  const { correlation_id, device, traceparent } = envelope.metadata ?? {};
  const { session_id } = identity;
  return {
    ...correlation,
    ...(correlation_id && { id: correlation_id }),
    ...(device && { device: device.deviceId }),
    ...(session_id && { session: session_id }),
    ...(traceparent && { traceparent }),
  };
}

/** The named field of a frame that failed its schema, if it is there to echo: nobody waits for an answer in vain. */
export function claimed(raw: unknown, field: "type" | "id"): string | null {
  if (typeof raw !== "object" || raw === null) return null;
  const value: unknown = Reflect.get(raw, field);
  if (typeof value !== "string" || value.length > 255) return null;
  return field === "type" ? value.replace(/:requested$/, "") : value;
}

function badEnvelope(error: z.ZodError): Refusal {
  return refuse("INVALID_REQUEST", "The command's envelope is not valid", { issues: toIssues(error) });
}
