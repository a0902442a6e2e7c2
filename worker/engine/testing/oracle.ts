import { can } from "../../../core/model/access.ts";
import type { Role } from "../../../core/model/access.ts";
import type { StoredEntity } from "../../../core/model/entity.ts";
import type { LogRow } from "../ports.ts";
import { boardRoom } from "./board-room.ts";
import type { Reader } from "./reader.ts";
import { rowsOf } from "./reader.ts";
import type { Simulation } from "./simulation.ts";

/**
 * Everything a healed simulation shows that a room must never do; empty if it kept every promise. The log is the witness:
 * what was acknowledged is in it once, its `seq` has no gaps, each reader saw what it holds and nothing else,
 * and folding it gives what was live at any time.
 */
export function brokenPromises(simulation: Simulation): string[] {
  const rows = simulation.log();
  return [
    ...simulation.violations,
    ...new Set(simulation.world.errors.filter((message) => message !== "command failed")),
    ...(rows.every((row, at) => row.seq === at + 1) ? [] : ["seq has gaps"]),
    ...acknowledgedOnce(simulation, rows),
    ...simulation.world.readers.flatMap((reader) => wrongWith(reader, simulation, new Roles(rows))),
    ...pastStates(simulation),
    ...deliveries(simulation, rows),
  ];
}

/** The role somebody has after each commit, from the log alone; null: nobody here. */
class Roles {
  readonly rows: readonly LogRow[];

  constructor(rows: readonly LogRow[]) {
    this.rows = rows;
  }

  at(who: string, seq: number): Role | null {
    let role: Role | null = null;
    for (const row of this.rows.slice(0, seq)) {
      for (const { type, data } of row.events) {
        if (type !== "person:set:v1:success") continue;
        // The data of that event, as its schema says.
        const set = data as { readonly id: string; readonly role: Role | null };
        if (set.id === who) role = set.role;
      }
    }
    return role;
  }
}

function acknowledgedOnce({ acknowledged }: Simulation, rows: readonly LogRow[]): string[] {
  return acknowledged.flatMap(({ who, id, outcome }) => {
    const made = rows.filter((row) => row.command_id === id && row.actor === `member:${who}`).map(({ seq }) => seq);
    const told = outcome.ok ? outcome.seq : null;
    return made.length === 1 && made[0] === told ? [] : [`${id} was acknowledged at ${told} and is at ${made.join()}`];
  });
}

function wrongWith(reader: Reader, { world }: Simulation, roles: Roles): string[] {
  const { seq } = world.engine.position;
  const role = roles.at(reader.who, seq);
  if (reader.sink.closed) return [];
  if (!role) return [`${reader.who} is still connected`];
  if (JSON.stringify(reader.position) !== JSON.stringify(world.engine.position)) {
    return [`${reader.who} is at ${reader.position?.seq}, not ${seq}`];
  }
  const now = world.engine.stateAt(seq);
  const visible = (now.ok ? now.entities : []).filter((stored) => seesEntity(role, stored));
  const same = JSON.stringify(reader.rows()) === JSON.stringify(rowsOf(visible));
  return [...(same ? [] : [`${reader.who} holds other rows than the room`]), ...wrongStream(reader, roles)];
}

/** A reader's stream is the log as filtered for them; what a change of rights overtook may be missing. */
function wrongStream({ from, position, who, stream }: Reader, roles: Roles): string[] {
  return roles.rows.slice(from, position?.seq ?? from).flatMap((row) => {
    const got = JSON.stringify(stream.get(row.seq) ?? []);
    const [before, now] = [roles.at(who, row.seq - 1), roles.at(who, row.seq)];
    const next = roles.rows.slice(row.seq).find(({ seq }) => roles.at(who, seq) !== now);
    const later = next ? roles.at(who, next.seq) : now;
    const allowed = [seenBy(row, [before, now]), seenBy(row, [now]), seenBy(row, [before, now, later])];
    return allowed.includes(got) ? [] : [`${who} was sent ${got} of ${row.seq}`];
  });
}

/** What a commit looks like to somebody who holds all of these roles. */
function seenBy(row: LogRow, roles: readonly (Role | null)[]): string {
  const events = row.events.flatMap(({ type, data }) => {
    const definition = boardRoom.events.get(type);
    if (!definition) return [];
    const needs = definition.audience(data)?.needs ?? "workspace.read";
    const wire = definition.wire ? definition.wire.from(data) : data;
    return roles.every((role) => role !== null && can({ kind: "role", role }, needs)) ? [[type, wire]] : [];
  });
  return JSON.stringify(events);
}

function seesEntity(role: Role, { kind, value }: StoredEntity): boolean {
  const needs = boardRoom.entities.get(kind)?.audience?.(value).needs ?? "workspace.read";
  return can({ kind: "role", role }, needs);
}

function pastStates({ was, world }: Simulation): string[] {
  return [...was].flatMap(([seq, rows]) => {
    const then = world.engine.stateAt(seq);
    return then.ok && JSON.stringify(rowsOf(then.entities)) === JSON.stringify(rows)
      ? []
      : [`the state at ${seq} is wrong`];
  });
}

function deliveries({ consumers }: Simulation, rows: readonly LogRow[]): string[] {
  const all = rows.map(({ seq }) => seq).join();
  return consumers.flatMap(({ name, delivered }) =>
    [...new Set(delivered)].join() === all ? [] : [`${name} was not delivered everything in order`],
  );
}
