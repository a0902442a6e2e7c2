import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { testId } from "../../core/model/given.ts";
import { isRefusal } from "../../core/model/refusal.ts";
import { readMyWorkspaces } from "./my-workspaces.ts";
import { aReader, SPRING, twoWorkspaces } from "./read-model.fixture.ts";
import { READS } from "./reads.ts";
import type { ReadDb } from "./sql.ts";

/** Filters of each read, one set for each way its SQL can look; every read is also asked with the bare minimum. */
const FILTERS: Readonly<Record<string, Record<string, string>[]>> = {
  campaigns: [{ status: "active", text: "spring" }],
  media_buys: [
    { status: "paused" },
    { campaign_id: SPRING, channel: "ctv", brand: "NorthTrail" },
    { text: "north", updated_since: "2026-11-20T00:00:00Z" },
  ],
  creatives: [
    { media_buy_id: testId("mb", 1), status: "rejected" },
    { campaign_id: SPRING, text: "creative" },
  ],
  feedback: [{ type: "brand_lift", campaign_id: SPRING }],
  imports: [{ status: "running" }],
  members: [{ role: "owner", text: "o" }],
  api_keys: [{ text: "n8n" }],
  inventory_products: [{ channel: "ctv" }],
  search: [{ q: "halcyon" }, { q: "north", kind: "media_buy", campaign_id: SPRING }],
  spend: ["day", "brand", "channel", "device", "country", "creative", "package", "media_buy", "campaign"].flatMap(
    (by) => [{ by }, { by, campaign_id: SPRING, media_buy_id: testId("mb", 1), from: "2026-11-01", to: "2026-11-30" }],
  ),
  audit: [{ actor: "member:mem_2", type: "media_buy:update:v1", campaign_id: SPRING, since: "2026-11-20T00:00:00Z" }],
  audit_trail: [
    { kind: "media_buy", id: testId("mb", 1), campaign_id: SPRING },
    { kind: "member", id: testId("mem", 1) },
  ],
};
const NEEDS_MORE = new Set(["search", "spend", "audit_trail"]);

interface Asked {
  readonly sql: string;
  readonly params: unknown[];
}

/** The database, keeping what it is asked. */
function recording(): { db: ReadDb; asked: Asked[] } {
  const asked: Asked[] = [];
  const db: ReadDb = {
    prepare(sql) {
      const statement = env.DB.prepare(sql);
      return new Proxy(statement, {
        get(target, name) {
          if (name !== "bind") return Reflect.get(target, name) as unknown;
          return (...params: unknown[]) => {
            asked.push({ sql, params });
            return target.bind(...params);
          };
        },
      });
    },
    batch: (statements) => env.DB.batch(statements),
  };
  return { db, asked };
}

async function planOf({ sql, params }: Asked): Promise<string[]> {
  const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .bind(...params)
    .all<{ detail: string }>();
  return results.map(({ detail }) => detail);
}

/** `k` and subqueries are bounded by a limit within. A scan is only right over a parameter's JSON, a row's own JSON, full text matches, or what an inner query made. */
const HARMLESS_SCAN = /^SCAN (json_each|k|\(subquery-\d+\)|value|search_texts VIRTUAL TABLE INDEX \d+:.*M\d)/;

/** Whether a step of a plan walks through rows of other workspaces. `d` is numbered by what full text search found. */
function isSlow(step: string): boolean {
  if (step.startsWith("SCAN")) return !HARMLESS_SCAN.test(step);
  return step.startsWith("SEARCH") && !step.includes("workspace_id=?") && !step.startsWith("SEARCH d USING INTEGER");
}

it("tells a plan that walks through a table from one that does not", () => {
  expect(["SCAN media_buys", "SCAN t", "SEARCH t USING INDEX x (status=?)"].filter(isSlow)).toHaveLength(3);
  expect(["SCAN k", "SEARCH t USING PRIMARY KEY (workspace_id=?)"].filter(isSlow)).toEqual([]);
});

beforeAll(async () => {
  await twoWorkspaces();
});

describe.each(READS.map((read) => ({ name: read.name, read })))("$name", ({ name, read }) => {
  const queries = [...(NEEDS_MORE.has(name) ? [] : [{}]), ...(FILTERS[name] ?? [])];

  it("is asked in every way its filters allow", () => {
    expect(queries.length).toBeGreaterThan(0);
  });

  it.each(queries.map((query) => ({ query })))(
    "finds its rows by an index that begins with the workspace: $query",
    async ({ query }) => {
      for (const reader of [aReader(), aReader({ campaign_ids: [SPRING] })]) {
        const { db, asked } = recording();
        const first = await read.read(db, reader, read.query.parse({ ...query, limit: "1" }));
        if (isRefusal(first)) throw new Error(first.message);
        if (first.next_cursor !== null) {
          await read.read(db, reader, read.query.parse({ ...query, limit: "1", cursor: first.next_cursor }));
        }
        const slow: { sql: string; step: string }[] = [];
        for (const statement of asked) {
          for (const step of await planOf(statement)) if (isSlow(step)) slow.push({ sql: statement.sql, step });
        }
        expect(slow).toEqual([]);
      }
    },
  );
});

it("the workspaces of a person are found by that person's index", async () => {
  const { db, asked } = recording();
  await readMyWorkspaces(db, "user-1");
  expect(await planOf(asked[0]!)).toEqual([
    "SEARCH m USING INDEX members_of_user (user_id=?)",
    "SEARCH w USING PRIMARY KEY (workspace_id=?)",
    "SEARCH p USING PRIMARY KEY (workspace_id=? AND campaign_id=?)",
  ]);
});
