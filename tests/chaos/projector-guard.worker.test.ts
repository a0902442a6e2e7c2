import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { campaigns } from "../../core/domain/campaigns/entities.ts";
import { mediaBuys } from "../../core/domain/media-buys/entities.ts";
import { testId } from "../../core/model/given.ts";
import { emptyTables } from "../../worker/platform/d1-tables.fixture.ts";
import { aBuy, aCampaign } from "../../worker/platform/entities.fixture.ts";
import { ProjectedRoom } from "../../worker/platform/projected-room.fixture.ts";
import { historyOf } from "./history.ts";
import type { Projection } from "./history.ts";
import { judge } from "./oracle.ts";
import type { Violation } from "./oracle.ts";
import { figure } from "./scale.ts";

const [WS, CMP, BUY] = [testId("ws", 1), testId("cmp", 1), testId("mb", 1)];

function room(): ProjectedRoom {
  const made = new ProjectedRoom(WS, CMP);
  made.commit((tx) => tx.create(campaigns, aCampaign(CMP)));
  made.commit((tx) => tx.create(mediaBuys, aBuy(1, CMP)));
  for (let n = 0; n < 6; n++) made.commit((tx) => tx.update(mediaBuys, BUY, { notes: `Note ${n}` }));
  return made;
}

/** The database without what keeps an older row from replacing a newer one. */
function unguarded(): D1Database {
  const fake = {
    prepare: (sql: string) =>
      env.DB.prepare(sql.replace(/\nWHERE \(excluded\.epoch, excluded\.seq[^)]*\) > \([^)]*\)/, "")),
    batch: (statements: D1PreparedStatement[]) => env.DB.batch(statements),
  };
  // The cast is safe: the projector uses prepare and batch alone.
  return fake as D1Database;
}

/** Delivers everything, and then once more the beginning, as an object does that died with its cursor unwritten. */
async function lateDelivery(db: D1Database): Promise<Violation[]> {
  const now = room();
  await now.project(db);
  await now.upTo(4).project(db);
  const all = async (table: string, columns: string): Promise<Record<string, unknown>[]> =>
    (await env.DB.prepare(`SELECT ${columns} FROM ${table}`).all<Record<string, unknown>>()).results;
  const [position] = await all("projection_positions", "seq");
  const projection = {
    seq: Number(position?.["seq"]),
    audit: await all("audit", "seq, actor, command_id, type, at"),
    entities: [
      ...(await all("media_buys", "'media_buy' AS kind, id, revision, seq")),
      ...(await all("campaigns", "'campaign' AS kind, id, revision, seq")),
    ],
  };
  // The columns are those of migrations/.
  return judge(historyOf(now.rows, { projections: [projection as unknown as Projection] }));
}

beforeEach(() => emptyTables(env.DB));

test("what is delivered late and again leaves the read model as it was", async () => {
  expect(await lateDelivery(env.DB)).toEqual([]);
});

test("negative control: the oracle catches a projector without its (epoch, seq) guard", async (context) => {
  const violations = await lateDelivery(unguarded());
  expect(violations.map(({ rule }) => rule)).toContain("A5");
  const [first] = violations;
  figure(context, 0, `negative control, the projector's (epoch, seq) guard dropped: caught by A5 (${first?.what})`);
});
