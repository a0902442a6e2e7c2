import { describe, expect, it } from "vitest";
import { can } from "../../core/model/access.ts";
import type { Role } from "../../core/model/access.ts";
import type { StoredEntity } from "../../core/model/entity.ts";
import type { LogRow } from "./ports.ts";
import { boardRoom } from "./testing/board-room.ts";
import type { Reader } from "./testing/reader.ts";
import { rowsOf } from "./testing/reader.ts";
import { Simulation } from "./testing/simulation.ts";

const SEEDS = Array.from({ length: 20 }, (_, seed) => seed + 1);
const STEPS = 500;

/** The role somebody has after each commit, from the log alone; null: nobody here. */
class Roles {
  readonly #rows: readonly LogRow[];

  constructor(rows: readonly LogRow[]) {
    this.#rows = rows;
  }

  at(who: string, seq: number): Role | null {
    let role: Role | null = null;
    for (const row of this.#rows.slice(0, seq)) {
      for (const { type, data } of row.events) {
        const set = data as { id: string; role: Role | null };
        if (type === "person:set:v1:success" && set.id === who) role = set.role;
      }
    }
    return role;
  }
}

function sees(role: Role | null, needs: "workspace.read" | "member.manage"): boolean {
  return role !== null && can({ kind: "role", role }, needs);
}

/** What a commit looks like to somebody who holds all of these roles. */
function visible(row: LogRow, roles: readonly (Role | null)[]): string {
  const events = row.events.flatMap(({ type, data }) => {
    const definition = boardRoom.events.get(type)!;
    const needs = definition.audience(data)?.needs === "member.manage" ? "member.manage" : "workspace.read";
    const wire = definition.wire ? definition.wire.from(data) : data;
    return roles.every((role) => sees(role, needs)) ? [[type, wire]] : [];
  });
  return JSON.stringify(events);
}

/** A reader's stream is the log as filtered for them; what a change of rights overtook may be missing. */
function streamIsTheLog(reader: Reader, rows: readonly LogRow[], roles: Roles): void {
  const { from, position, who } = reader;
  for (const row of rows.slice(from, position?.seq ?? from)) {
    const got = JSON.stringify(reader.stream.get(row.seq) ?? []);
    const [before, now] = [roles.at(who, row.seq - 1), roles.at(who, row.seq)];
    const later = rows.slice(row.seq).map(({ seq }) => roles.at(who, seq));
    const next = later.find((role) => role !== now) ?? now;
    const allowed = [visible(row, [before, now]), visible(row, [now]), visible(row, [before, now, next])];
    expect(allowed, `${who} at ${row.seq}`).toContain(got);
  }
}

function filtered(entities: readonly StoredEntity[], role: Role | null): string[] {
  return rowsOf(entities.filter(({ kind }) => sees(role, kind === "secret" ? "member.manage" : "workspace.read")));
}

describe("a simulation", () => {
  it.each(SEEDS)("[RE150] with seed %i keeps every promise at once", { timeout: 60_000 }, async (seed) => {
    const simulation = new Simulation(seed);
    const { world } = simulation;
    for (let step = 0; step < STEPS; step++) await simulation.step();
    await simulation.heal();

    const rows = simulation.log();
    const roles = new Roles(rows);
    const { seq } = world.engine.position;
    expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: seq }, (_, n) => n + 1));
    expect(simulation.violations).toEqual([]);
    expect(new Set(world.errors)).toEqual(new Set(["command failed"]));

    for (const { who, id, outcome } of simulation.acknowledged) {
      const made = rows.filter((row) => row.command_id === id && row.actor === `member:${who}`);
      expect(made.map((row) => row.seq)).toEqual([outcome.ok && outcome.seq]);
    }
    const [known, strangers] = [true, false].map((isKnown) =>
      world.readers.filter(({ who }) => (roles.at(who, seq) !== null) === isKnown),
    );
    expect(strangers?.filter(({ sink }) => !sink.closed)).toEqual([]);
    for (const reader of known?.filter(({ sink }) => !sink.closed) ?? []) {
      expect(reader.position).toEqual(world.engine.position);
      streamIsTheLog(reader, rows, roles);
      const now = world.engine.stateAt(seq);
      expect(reader.rows()).toEqual(filtered(now.ok ? now.entities : [], roles.at(reader.who, seq)));
    }
    for (const [at, was] of simulation.was) {
      const then = world.engine.stateAt(at);
      expect(then.ok ? rowsOf(then.entities) : then.reason).toEqual(was);
    }
    for (const { delivered } of simulation.consumers) {
      expect([...new Set(delivered)]).toEqual(rows.map((row) => row.seq));
    }
    world.hibernate();
    expect(world.engine.stateAt(seq)).toMatchObject({ ok: true });
    expect(simulation.counts.get("committed")).toBeGreaterThan(50);
    expect(simulation.counts.get("resumed")).toBeGreaterThan(5);
  });
});
