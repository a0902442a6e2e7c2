import type { History, LoggedCommit, Projection, State, Stream } from "./history.ts";

/**
 * What every fault test asks of a history:
 * A1 each acknowledged command is in the log exactly once, where its sender was told.
 * A2 the log has no gap.
 * A3 each viewer's stream is the log from where it began.
 * A4 the folded log is the snapshot and what every client holds.
 * A5 the read model is the log at its position.
 * A6 nobody saw anything that is not in the log.
 */
export type Rule = "A1" | "A2" | "A3" | "A4" | "A5" | "A6";

/** A broken promise. */
export interface Violation {
  readonly rule: Rule;
  readonly what: string;
}

/** As many of one rule as anybody reads. */
const MAX_OF_A_RULE = 5;

/** All that is wrong with a history; empty: nothing. At most five violations of each rule. */
export function judge(history: History): Violation[] {
  const bySeq = new Map(history.log.map((commit) => [commit.seq, commit]));
  const found: Violation[] = [
    ...acknowledgedOnce(history),
    ...gapless(history),
    ...history.streams.flatMap((stream) => streamIsLog(stream, history.log)),
    ...history.states.flatMap(stateIsFold),
    ...history.projections.flatMap((projection) => projectionIsLog(projection, history.log)),
    ...nothingElseSeen(history, bySeq),
  ];
  const counts = new Map<Rule, number>();
  return found.filter(({ rule }) => {
    const count = (counts.get(rule) ?? 0) + 1;
    counts.set(rule, count);
    return count <= MAX_OF_A_RULE;
  });
}

/** How many acknowledged commands are not in the log, and how many commands are in it more than once. */
export function losses({ log, acknowledged }: History): { lost: number; doubled: number } {
  const times = countCommands(log);
  const inLog = new Set(log.map(({ command_id }) => command_id));
  const lost = acknowledged.filter(({ command_id }) => !inLog.has(command_id)).length;
  return { lost, doubled: [...times.values()].filter((count) => count > 1).length };
}

function countCommands(log: readonly LoggedCommit[]): Map<string, number> {
  const times = new Map<string, number>();
  // What the room sends itself may repeat: such commands are guarded by their own state, not by their id.
  for (const { actor, command_id } of log) {
    if (actor === "system:room") continue;
    const key = `${actor} ${command_id}`;
    times.set(key, (times.get(key) ?? 0) + 1);
  }
  return times;
}

function acknowledgedOnce({ log, acknowledged }: History): Violation[] {
  const byCommand = new Map<string, LoggedCommit[]>();
  for (const commit of log) byCommand.set(commit.command_id, [...(byCommand.get(commit.command_id) ?? []), commit]);
  const found: Violation[] = [...countCommands(log)]
    .filter(([, count]) => count > 1)
    .map(([key, count]) => ({ rule: "A1", what: `${key} is in the log ${count} times` }));
  for (const { command_id, actor, seq } of acknowledged) {
    const commits = (byCommand.get(command_id) ?? []).filter((commit) => actor === null || commit.actor === actor);
    if (commits.length === 0) found.push({ rule: "A1", what: `${command_id}, acknowledged at ${seq}, is lost` });
    else if (!commits.some((commit) => commit.seq === seq))
      found.push({ rule: "A1", what: `${command_id}, acknowledged at ${seq}, is at ${commits[0]?.seq}` });
  }
  return found;
}

function gapless({ log, start }: History): Violation[] {
  const at = log.findIndex(({ seq }, index) => seq !== start + 1 + index);
  return at < 0 ? [] : [{ rule: "A2", what: `seq ${log[at]?.seq} stands where ${start + 1 + at} belongs` }];
}

function streamIsLog({ viewer, from, to, commits, sees }: Stream, log: readonly LoggedCommit[]): Violation[] {
  const expected = log.flatMap((commit) => {
    const events = commit.seq > from && commit.seq <= to ? sees(commit) : [];
    return events.length === 0 ? [] : [{ seq: commit.seq, actor: commit.actor, events }];
  });
  const head = log.at(-1)?.seq ?? 0;
  if (to > head) return [{ rule: "A3", what: `${viewer} stands at ${to}, the log ends at ${head}` }];
  for (let at = 0; at < Math.max(expected.length, commits.length); at++) {
    const [want, got] = [expected[at], commits[at]];
    if (want?.seq === got?.seq && want?.actor === got?.actor && sameTexts(want?.events, got?.events)) continue;
    const order = want?.seq === got?.seq ? "other events" : `seq ${got?.seq ?? "nothing"}`;
    return [{ rule: "A3", what: `${viewer} has ${order} where the log has ${want?.seq ?? "nothing"}` }];
  }
  return [];
}

function stateIsFold({ holder, seq, rows, folded }: State): Violation[] {
  const [holds, should] = [new Set(rows), new Set(folded)];
  const extra = rows.filter((row) => !should.has(row));
  const missing = folded.filter((row) => !holds.has(row));
  if (extra.length + missing.length === 0 && rows.length === folded.length) return [];
  const difference = [...extra.map((row) => `has ${short(row)}`), ...missing.map((row) => `lacks ${short(row)}`)];
  return [{ rule: "A4", what: `${holder} at ${seq} ${difference.slice(0, 3).join(", ") || "holds a row twice"}` }];
}

function projectionIsLog({ seq, audit, entities }: Projection, log: readonly LoggedCommit[]): Violation[] {
  const found: Violation[] = [];
  const expected = log.filter((commit) => commit.seq <= seq).map(auditOf);
  const got = audit.filter((row) => row.seq > (log[0]?.seq ?? 1) - 1).map(auditOf);
  const at = Array.from({ length: Math.max(expected.length, got.length) }, (_, n) => n).find(
    (n) => expected[n] !== got[n],
  );
  if (at !== undefined)
    found.push({
      rule: "A5",
      what: `the audit at ${seq} has ${got[at] ?? "nothing"}, not ${expected[at] ?? "nothing"}`,
    });
  const latest = new Map<string, string>();
  for (const commit of log)
    for (const [kind, id, revision] of commit.touched) latest.set(`${kind} ${id}`, `${revision} at ${commit.seq}`);
  for (const { kind, id, revision, seq: written } of entities) {
    const want = latest.get(`${kind} ${id}`);
    const has = `${revision} at ${written}`;
    if (want !== has) found.push({ rule: "A5", what: `${kind} ${id} is at revision ${has}, not ${want ?? "there"}` });
  }
  return found;
}

function auditOf({ seq, actor, command_id, type, at }: Omit<LoggedCommit, "touched" | "events">): string {
  return [seq, actor, command_id, type, at].join(" ");
}

function nothingElseSeen({ seen, start, wire }: History, bySeq: ReadonlyMap<number, LoggedCommit>): Violation[] {
  return seen
    .filter(({ seq, actor, events }) => {
      if (seq <= start) return false;
      const commit = bySeq.get(seq);
      if (!commit || commit.actor !== actor) return true;
      const made = new Set(commit.events.map(wire));
      return !events.every((event) => made.has(event));
    })
    .map(({ viewer, seq }) => ({ rule: "A6", what: `${viewer} saw something at ${seq} that is not in the log` }));
}

function sameTexts(one: readonly string[] = [], other: readonly string[] = []): boolean {
  return one.length === other.length && one.every((text, at) => text === other[at]);
}

function short(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
