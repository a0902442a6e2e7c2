import { describe, expect, it } from "vitest";
import { historyOf } from "./history.ts";
import type { History, LoggedCommit, Seen, Stream } from "./history.ts";
import { judge, losses } from "./oracle.ts";

const commit = (seq: number): LoggedCommit => ({
  seq,
  actor: "member:ann",
  command_id: `command-${seq}`,
  type: "note:write:v1",
  at: `2026-11-20T12:00:0${seq}.000Z`,
  touched: [["note", "n1", seq]],
  events: [{ type: "note:write:v1:success", data: { text: `${seq}` } }],
});
const log = [1, 2, 3, 4].map(commit);
const wire = (seq: number): string => `["note:write:v1:success",{"text":"${seq}"}]`;
const seen = (seq: number): Seen => ({ viewer: "ben", seq, actor: "member:ann", events: [wire(seq)] });
const stream = (seqs: readonly number[], { from = 0, to = 4 } = {}): Stream => ({
  viewer: "ben",
  from,
  to,
  commits: seqs.map(seen),
  sees: ({ seq }) => [wire(seq)],
});
const audit = log.map(({ touched: _touched, events: _events, ...row }) => row);
const entity = { kind: "note", id: "n1", revision: 4, seq: 4 };

const truth = historyOf(log, {
  acknowledged: [1, 2, 4].map((seq) => ({ command_id: `command-${seq}`, actor: "member:ann", seq })),
  seen: [1, 2, 2, 3].map(seen),
  streams: [stream([1, 2, 3, 4]), stream([3, 4], { from: 2 }), stream([1, 2], { to: 2 })],
  states: [{ holder: "a client", seq: 4, rows: ["a", "b"], folded: ["a", "b"] }],
  projections: [
    { seq: 4, audit, entities: [entity] },
    { seq: 2, audit: audit.slice(0, 2), entities: [] },
  ],
});

function rulesBroken(parts: Partial<History>): string[] {
  return [...new Set(judge({ ...truth, ...parts }).map(({ rule }) => rule))];
}

describe("the oracle", () => {
  it("finds nothing wrong with the truth", () => {
    expect(judge(truth)).toEqual([]);
    expect(losses(truth)).toEqual({ lost: 0, doubled: 0 });
  });

  it("names an acknowledged command that is lost, doubled, elsewhere or somebody else's", () => {
    const acknowledged = [{ command_id: "command-9", actor: null, seq: 5 }];
    expect(judge({ ...truth, acknowledged })).toEqual([{ rule: "A1", what: "command-9, acknowledged at 5, is lost" }]);
    expect(losses({ ...truth, acknowledged }).lost).toBe(1);
    const again = { ...commit(5), command_id: "command-1", touched: [] };
    const doubled = { ...truth, log: [...log, again], projections: [], streams: [] };
    expect(judge(doubled)).toEqual([{ rule: "A1", what: "member:ann command-1 is in the log 2 times" }]);
    expect(losses(doubled).doubled).toBe(1);
    expect(rulesBroken({ acknowledged: [{ command_id: "command-1", actor: "member:ann", seq: 2 }] })).toEqual(["A1"]);
    expect(rulesBroken({ acknowledged: [{ command_id: "command-1", actor: "member:ben", seq: 1 }] })).toEqual(["A1"]);
  });

  it("lets the room repeat its own commands", () => {
    const own = [1, 2].map((seq) => ({ ...commit(seq), actor: "system:room", command_id: "timer" }));
    expect(judge(historyOf(own))).toEqual([]);
  });

  it("names a gap, and a log that begins too late", () => {
    const alone = { acknowledged: [], seen: [], streams: [], projections: [] };
    expect(rulesBroken({ ...alone, log: [commit(1), commit(3)] })).toEqual(["A2"]);
    expect(rulesBroken({ ...alone, log: log.slice(1) })).toEqual(["A2"]);
    expect(rulesBroken({ ...alone, log: log.slice(1), start: 1 })).toEqual([]);
  });

  it.each([
    ["lacks the last commit", stream([1, 2, 3])],
    ["lacks one within", stream([1, 2, 4])],
    ["got one twice", stream([1, 2, 2, 3, 4])],
    ["got them in another order", stream([1, 3, 2, 4])],
    ["got other events", { ...stream([1, 2, 3, 4]), sees: () => ["[]"] }],
    [
      "got what it may not see",
      { ...stream([1, 2, 3, 4]), sees: ({ seq }: LoggedCommit) => (seq > 2 ? [wire(seq)] : []) },
    ],
    ["stands beyond the end", stream([1, 2, 3, 4], { to: 5 })],
  ])("names a stream that %s", (_, bad) => {
    expect(rulesBroken({ streams: [bad] })).toEqual(["A3"]);
  });

  it.each([
    ["more", ["a", "b", "c"]],
    ["less", ["a"]],
    ["something else", ["a", "c"]],
    ["a row twice", ["a", "b", "b"]],
  ])("names a holder of %s than the fold of the log", (_, rows) => {
    expect(rulesBroken({ states: [{ holder: "x", seq: 4, rows, folded: ["a", "b"] }] })).toEqual(["A4"]);
  });

  it.each([
    ["misses an audit row", { seq: 4, audit: audit.slice(0, 3), entities: [] }],
    ["has one too many", { seq: 3, audit, entities: [] }],
    ["has one twice", { seq: 4, audit: [...audit, audit[3]!], entities: [] }],
    ["has an older revision of an entity", { seq: 4, audit, entities: [{ ...entity, revision: 3, seq: 3 }] }],
    ["has an entity nobody wrote", { seq: 4, audit, entities: [{ ...entity, id: "n2" }] }],
  ])("names a read model that %s", (_, projection) => {
    expect(rulesBroken({ projections: [projection] })).toEqual(["A5"]);
  });

  it("names what somebody saw that is not in the log, or is somebody else's or something else there", () => {
    expect(rulesBroken({ seen: [seen(5)] })).toEqual(["A6"]);
    expect(rulesBroken({ seen: [{ ...seen(2), actor: "member:eve" }] })).toEqual(["A6"]);
    expect(rulesBroken({ seen: [{ ...seen(2), events: [wire(3)] }] })).toEqual(["A6"]);
  });

  it("tells at most five of each", () => {
    expect(judge({ ...truth, seen: Array.from({ length: 50 }, (_, n) => seen(n + 5)) })).toHaveLength(5);
  });
});
