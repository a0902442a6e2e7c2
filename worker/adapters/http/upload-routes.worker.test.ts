import { beforeAll, describe, expect, it } from "vitest";
import { foundTeam, jsonOf, newKey, post, send } from "../../app.fixture.ts";
import type { Team } from "../../app.fixture.ts";

const REPORT = `Date,Campaign,Impressions,Clicks,Spend
2026-11-01,Autumn boots,1000,12,4.50
2026-11-02,Autumn boots,1100,13,4.75
2026-11-03,Autumn boots,many,13,4.75
`;
interface Imported {
  import_id: string;
  counts: { rows: number; imported: number; failed: number; facts: number };
  errors: { line: number }[];
  total: { impressions: number };
}

let team: Team;
let other: Team;
let imports: string;
beforeAll(async () => {
  [team, other] = [await foundTeam(), await foundTeam()];
  imports = `/v1/workspaces/${team.ws}/campaigns/${team.campaign.slug}/delivery/import`;
  const product = await post(`/v1/workspaces/${team.ws}/inventory_product/create`, team.owner, {
    name: "Feed",
    channel: "social",
    delivery_type: "non_guaranteed",
    pricing_options: [{ id: "cpm", model: "cpm", currency: "USD", floor_price_micros: 4_000_000 }],
    min_budget_micros: 1_000_000,
    available_impressions: 1_000_000,
    targeting_capabilities: ["geo_countries", "devices"],
  });
  if (product.status !== 201) throw new Error(await product.text());
});

const upload = (path: string, headers: Record<string, string | undefined> = {}, token = team.owner) =>
  send(path, { token, body: REPORT, headers: { "content-type": "text/csv", ...headers } });

describe("a report uploaded as CSV", () => {
  it("is imported, its bad rows named, and again with the same key changes nothing", async () => {
    const headers = { "idempotency-key": newKey() };
    const first = await upload(`${imports}?currency=USD&file_name=autumn.csv`, headers);
    const answer = await jsonOf<Imported>(first);
    expect([first.status, answer]).toMatchObject([
      200,
      { counts: { rows: 3, imported: 2, failed: 1 }, errors: [{ line: 4 }] },
    ]);
    expect(await jsonOf<Imported>(await upload(`${imports}?currency=USD&file_name=autumn.csv`, headers))).toMatchObject(
      {
        import_id: answer.import_id,
        total: answer.total,
      },
    );
  });

  it("can be looked at first, without a key", async () => {
    const preview = await upload(`${imports}/preview`, { "idempotency-key": undefined });
    expect(preview.status).toBe(200);
    expect(await jsonOf(preview)).toMatchObject({
      header: ["Date", "Campaign", "Impressions", "Clicks", "Spend"],
      failed: 1,
    });
  });

  it.each([
    ["an unknown option", "?tenant=other", 422],
    ["an option twice", "?currency=USD&currency=EUR", 400],
    ["a mapping that is no JSON", "?mapping={", 422],
    ["a mapping with an unknown column", '?mapping={"columns":{"profit":"Spend"}}', 422],
    ["a currency that is none", "?currency=dollars", 422],
  ])("is refused with %s", async (_case, query, status) => {
    const answer = await upload(`${imports}${query}`);
    expect([answer.status, await jsonOf(answer)]).toMatchObject([status, { status }]);
  });

  it("is refused without a key, in a dry run, and as another type", async () => {
    expect((await upload(imports, { "idempotency-key": undefined })).status).toBe(400);
    expect((await upload(imports, { "dry-run": "true" })).status).toBe(400);
    expect((await upload(imports, { "content-type": "text/plain" })).status).toBe(415);
    expect((await upload(imports, { "content-type": "application/vnd.ms-excel" })).status).toBe(415);
  });

  it("is not found by a stranger", async () => {
    for (const path of [imports, `${imports}/preview`]) {
      const answer = await upload(path, {}, other.owner);
      expect(answer.status).toBe(404);
      expect(await jsonOf(answer)).toMatchObject({ code: "NOT_FOUND" });
    }
  });
});
