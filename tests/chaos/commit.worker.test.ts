import { abortAllDurableObjects } from "cloudflare:test";
import { expect, test, vi } from "vitest";
import { RuntimeRoom } from "./runtime-room.worker.ts";
import { judge } from "./oracle.ts";
import { figure, scaled } from "./scale.ts";

vi.setConfig({ testTimeout: 300_000 });

test("[#6] an object that dies in the turn of its commit: nobody ever saw it, and it never was", async (context) => {
  const deaths = scaled(50, 5);
  const room = await RuntimeRoom.open();
  const viewers = [await room.viewer("one"), await room.viewer("two")];
  const head = (await room.log()).length;
  for (let n = 1; n <= deaths; n++) {
    const id = `never-was-${String(n).padStart(8, "0")}`;
    const identity = { kind: "user", subject: ownerOf(room), session_id: null } as const;
    const envelope = { type: "campaign:update:v1:requested", id, payload: room.change(n) };
    const dying = room.inside(({ engine }, state) => {
      const outcome = engine.execute(identity, envelope, { id: "chaos" });
      expect(outcome).toMatchObject({ ok: true, seq: head + n });
      state.abort("dies in the turn of its commit");
    });
    await expect(dying).rejects.toThrow("dies in the turn");
    for (const viewer of viewers) viewer.cut();
    await room.write(-n);
  }
  const history = await room.settledHistory();
  room.close();
  expect(judge(history)).toEqual([]);
  expect(history.log.filter(({ command_id }) => command_id.startsWith("never-was"))).toEqual([]);
  const saw = history.seen.filter(({ events }) => events.some((event) => /"n":[1-9]/.test(event)));
  expect(saw).toEqual([]);
  figure(context, 6, `${deaths} deaths between commit and delivery: 0 frames of it delivered, 0 rows left, 0 answered`);
});

test("[#8] an object that dies between writing D1 and its cursor delivers again, and D1 is the same", async (context) => {
  const deaths = scaled(50, 5);
  const room = await RuntimeRoom.open();
  let delivered = 0;
  for (let n = 1; n <= deaths; n++) {
    const head = await room.write(n);
    await room.projected(head);
    // D1 has it, and the cursor is written a quarter of a second later: not in time.
    const cursor = await room.inside(({ storage }) => storage.memory().cursors["d1"] ?? 0);
    if (cursor < head) delivered++;
    await abortAllDurableObjects();
  }
  const history = await room.settledHistory();
  room.close();
  expect(judge(history)).toEqual([]);
  expect(delivered).toBeGreaterThan(deaths / 2);
  figure(
    context,
    8,
    `${deaths} deaths, ${delivered} of them with the cursor behind D1: projection identical, 0 rows twice`,
  );
});

test("[#9] an alarm in which everything fails ten times never throws, is set again, and the outbox drains", async (context) => {
  const failures = 10;
  const room = await RuntimeRoom.open();
  await room.settledHistory();
  const rang = await room.inside(async ({ engine, storage, env }, state) => {
    const batch = vi.spyOn(env.DB, "batch").mockRejectedValue(new Error("D1_ERROR: Network connection lost."));
    const timers = vi.spyOn(storage, "dueTimers").mockImplementation(() => {
      throw new Error("no timers today");
    });
    const identity = { kind: "user", subject: ownerOf(room), session_id: null } as const;
    const envelope = { type: "campaign:update:v1:requested", id: "while-all-fails-1", payload: room.change(9) };
    expect(engine.execute(identity, envelope, { id: "chaos" })).toMatchObject({ ok: true });
    let armed = 0;
    for (let n = 0; n < failures; n++) {
      await expect(engine.alarm()).resolves.toBeUndefined();
      if ((await state.storage.getAlarm()) !== null) armed++;
    }
    expect(batch).toHaveBeenCalled();
    expect(timers).toHaveBeenCalledTimes(failures);
    vi.restoreAllMocks();
    return armed;
  });
  expect(rang).toBe(failures);
  const history = await room.settledHistory();
  room.close();
  expect(judge(history)).toEqual([]);
  figure(context, 9, `${failures} alarms failed: 0 threw, ${rang} set again; the outbox drained`);
});

test("[#10] a commit that D1 will never take is parked and reported, and those after it arrive", async (context) => {
  const room = await RuntimeRoom.open();
  await room.settledHistory();
  const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const poisoned = await room.inside(({ engine, storage, env }) => {
    const batch = env.DB.batch.bind(env.DB);
    const prepare = env.DB.prepare.bind(env.DB);
    const bad = new WeakSet<D1PreparedStatement>();
    vi.spyOn(env.DB, "prepare").mockImplementation((sql) => {
      const statement = prepare(sql);
      const bind = statement.bind.bind(statement);
      statement.bind = (...values: unknown[]) => {
        const bound = bind(...values);
        if (values.some((value) => String(value).includes("indigestible"))) bad.add(bound);
        return bound;
      };
      return statement;
    });
    const refusing: typeof batch = (statements) =>
      statements.some((statement) => bad.has(statement))
        ? Promise.reject(new Error("D1_ERROR: CHECK constraint failed: SQLITE_CONSTRAINT"))
        : batch(statements);
    vi.spyOn(env.DB, "batch").mockImplementation(refusing);
    const identity = { kind: "user", subject: ownerOf(room), session_id: null } as const;
    const send = (id: string, updates: object): number => {
      const payload = { campaign_id: room.team.campaign.id, updates };
      const envelope = { type: "campaign:update:v1:requested", id, payload };
      const outcome = engine.execute(identity, envelope, { id: "chaos" });
      if (!outcome.ok) throw new Error(outcome.refusal.message);
      return outcome.seq;
    };
    // Its audit row holds the text for ever; the campaign itself has it only until the next change.
    const seq = send("poisonous-000001", { title: "indigestible" });
    for (let n = 0; n < 3; n++) send(`after-poison-00${n}`, { title: `Digestible ${n}` });
    expect(storage.head()).toBe(seq + 3);
    return seq;
  });
  await room.projected(poisoned + 3);
  const parked = await room.inside(({ storage }) => storage.parked());
  const reported = errors.mock.calls.filter(([line]) => String(line).includes("outbox row parked")).length;
  vi.restoreAllMocks();
  expect(reported).toBe(1);
  expect(parked.map(({ consumer, seq }) => [consumer, seq])).toEqual([["d1", poisoned]]);
  const { audit } = await room.projection();
  expect(audit.map(({ seq }) => seq).filter((seq) => seq >= poisoned)).toEqual([1, 2, 3].map((n) => poisoned + n));
  room.close();
  figure(context, 10, `seq ${poisoned} parked with its reason, one error logged, 3 later commits in D1`);
});

/** The subject of the founder's token. */
function ownerOf({ team }: RuntimeRoom): string {
  return (JSON.parse(atob(team.owner.split(".")[1] ?? "")) as { sub: string }).sub;
}
