import { actorRef, can } from "../../core/model/access.ts";
import type { Permission } from "../../core/model/access.ts";
import type { StoredEntity } from "../../core/model/entity.ts";
import { refuse } from "../../core/model/refusal.ts";
import type { Refusal } from "../../core/model/refusal.ts";
import type { Admission, RoomDefinition } from "../../core/model/room.ts";
import type { ViewDefinition } from "../../core/model/view.ts";
import type { CommitLog } from "./commit-log.ts";
import type { ReadRefused, RoomRead, Standing } from "./outcome.ts";
import type { WireRow } from "../../core/protocol/frames.ts";
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

interface Wanted {
  readonly kind: string;
  /** An id, external id or slug. */
  readonly ref?: string | undefined;
}

/** Entities of one resident kind, or the rows of a view, as `admission` may see them; with `ref` the one that it names. */
export function readRows(deps: ReadDeps, admission: Admission, wanted: Wanted): RoomRead | ReadRefused {
  const { room, log, now } = deps;
  const view = room.views.get(wanted.kind);
  if (!view && !room.entities.get(wanted.kind)?.resident) return { ok: false, refusal: notFound() };
  const rows = view ? viewRows(deps, admission, { view, ref: wanted.ref }) : entityRows(deps, admission, wanted);
  if (wanted.ref !== undefined && rows.length === 0) return { ok: false, refusal: notFound() };
  const { epoch, seq } = log.position;
  return { ok: true, as_of: { epoch, seq, at: new Date(now).toISOString() }, rows };
}

function entityRows({ log, visibility }: ReadDeps, { grants }: Admission, { kind, ref }: Wanted): WireRow[] {
  const found: Iterable<StoredEntity> = ref === undefined ? log.scan(kind) : byRef(log, kind, ref);
  return [...found]
    .filter((stored) => !stored.deleted && visibility.seesRow(grants, stored))
    .map((stored) => wireRow(stored));
}

function viewRows(
  { log, visibility, now }: ReadDeps,
  { grants }: Admission,
  { view, ref }: { view: ViewDefinition; ref: string | undefined },
): WireRow[] {
  const at = new Date(now).toISOString();
  const tx = log.overlay();
  const one = ref === undefined ? undefined : view.one(tx, ref, at);
  const found = ref === undefined ? view.all(tx, at) : one ? [one] : [];
  return found
    .filter(({ value }) => visibility.seesAudience(grants, view.audience?.(value) ?? null))
    .map(({ revision, value }) => [view.name, value.id, revision, { ...value }]);
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
