import { actorRef, can } from "../../core/model/access.ts";
import type { Permission } from "../../core/model/access.ts";
import type { StoredEntity } from "../../core/model/entity.ts";
import { refuse } from "../../core/model/refusal.ts";
import type { Refusal } from "../../core/model/refusal.ts";
import type { Admission, RoomDefinition } from "../../core/model/room.ts";
import type { CommitLog } from "./commit-log.ts";
import type { ReadRefused, RoomRead, Standing } from "./outcome.ts";
import { describeMe, wireRow } from "./visibility.ts";
import type { Visibility } from "./visibility.ts";

/** What reading works with. */
export interface ReadDeps {
  readonly room: RoomDefinition;
  readonly log: CommitLog;
  readonly visibility: Visibility;
  readonly now: number;
}

/** What is there is not there for whoever may not see it: the same answer, whatever was asked. */
export function notFound(): Refusal {
  return refuse("NOT_FOUND", "Not found");
}

/** Entities of one resident kind as `admission` may see them; with `ref` the one that has it as id, external id or slug. */
export function readEntities(
  deps: ReadDeps,
  admission: Admission,
  { kind, ref }: { kind: string; ref?: string | undefined },
): RoomRead | ReadRefused {
  const { room, log, visibility, now } = deps;
  if (!room.entities.get(kind)?.resident) return { ok: false, refusal: notFound() };
  const found: Iterable<StoredEntity> = ref === undefined ? log.scan(kind) : byRef(log, kind, ref);
  const rows = [...found]
    .filter((stored) => !stored.deleted && visibility.seesRow(admission.grants, stored))
    .map((stored) => wireRow(stored));
  if (ref !== undefined && rows.length === 0) return { ok: false, refusal: notFound() };
  const { epoch, seq } = log.position;
  return { ok: true, as_of: { epoch, seq, at: new Date(now).toISOString() }, rows };
}

/** Whether `admission` may read something that is answered elsewhere. */
export function standingOf(admission: Admission, needs: Permission, campaignId?: string): Standing | ReadRefused {
  const { actor, grants } = admission;
  if (can(grants, needs, campaignId)) return { ok: true, actor: actorRef(actor), me: describeMe(admission), grants };
  if (campaignId !== undefined) return { ok: false, refusal: notFound() };
  return { ok: false, refusal: refuse("PERMISSION_DENIED", `This needs the permission ${needs}`) };
}

/** Slugs are the room's own to give, external ids anybody's to set: one never stands in for another's slug. The first is the one meant. */
function byRef(log: CommitLog, kind: string, ref: string): StoredEntity[] {
  const byId = log.read(kind, ref);
  if (byId && !byId.deleted) return [byId];
  const live = [...log.scan(kind)].filter((stored) => !stored.deleted);
  const named = (field: string): StoredEntity[] => live.filter(({ value }) => Reflect.get(value, field) === ref);
  const bySlug = named("slug");
  return bySlug.length > 0 ? bySlug : named("external_id").toSorted((a, b) => (ageOf(a) < ageOf(b) ? -1 : 1));
}

/** Sorts by creation; an entity that does not say when by its id, whose ULID does roughly. */
function ageOf({ id, value }: StoredEntity): string {
  const at: unknown = Reflect.get(value, "created_at");
  return `${typeof at === "string" ? at : ""} ${id}`;
}
