import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { facebookReport } from "../../worker/effects/delivery-import/report.fixture.ts";
import { Api, mustWork } from "./support/api.ts";
import { launchBrowser, openAs } from "./support/browser.ts";
import { sharedUrl } from "./support/shared-server.ts";

const url = sharedUrl();
const report = facebookReport();
let browser: Browser;
let owner: Api & { workspaceId: string };

beforeAll(async () => {
  browser = await launchBrowser();
  owner = await Api.as(url, "owner");
});

afterAll(() => browser.close());

interface Counters {
  readonly impressions: number;
  readonly clicks: number;
  readonly spend_micros: number;
  readonly leads: number;
  readonly conversions: number;
}

test(
  `[P7] ${report.name} imports to its exact totals in the room, in D1 and on the screen; importing it again changes nothing`,
  { timeout: 120_000 },
  async () => {
    const created = mustWork(
      await owner.post(`/v1/workspaces/${owner.workspaceId}/campaign/create`, {
        title: `Import ${crypto.randomUUID()}`,
      }),
    );
    const campaignId = String(created.data?.["id"]);
    const path = `/v1/workspaces/${owner.workspaceId}/campaigns/${campaignId}`;

    const first = mustWork(await upload(path));
    expect(first).toMatchObject({ counts: { rows: report.rows, imported: report.rows, failed: 0 } });

    const counters = async (): Promise<Counters[]> => {
      const { body } = await owner.get(`${path}/package_counter`);
      return (body["items"] as { data: { totals: Counters } }[]).map((item) => item.data.totals);
    };
    const inRoom = await counters();
    expect(totalOf(inRoom)).toEqual(report.totals);
    expect(inRoom.map((each) => each.spend_micros).toSorted((a, b) => a - b)).toEqual(
      report.campaigns.map((each) => each.spend_micros).toSorted((a, b) => a - b),
    );

    const { body: reports } = await owner.get(`${path}/media_buy_report`);
    expect(totalOf((reports["items"] as { data: { totals: Counters } }[]).map((item) => item.data.totals))).toEqual(
      report.totals,
    );

    const spent = async (): Promise<Record<string, number>> => {
      const { body } = await owner.get(`${path}/spend?by=day&limit=200`);
      return totalOf((body["items"] as { counters: Counters }[]).map((item) => item.counters));
    };
    await expect.poll(spent, { timeout: 30_000 }).toEqual(report.totals);

    const { page, context, errors } = await openAs(browser, "viewer", {
      url,
      path: `/workspaces/${owner.workspaceId}/campaigns/${campaignId}`,
    });
    const shown = (testId: string): Promise<number> => page.getByTestId(testId).getAttribute("data-value").then(Number);
    await expect.poll(() => shown("totals-spend"), { timeout: 10_000 }).toBe(report.totals.spend_micros);
    expect([await shown("totals-impressions"), await shown("totals-clicks")]).toEqual([
      report.totals.impressions,
      report.totals.clicks,
    ]);
    expect(errors).toEqual([]);
    await context.close();

    const again = mustWork(await upload(path));
    expect(again).toMatchObject({ counts: { imported: report.rows, buys_created: 0, creatives_created: 0 } });
    expect(again["counts"]).toMatchObject({ unchanged: (again["counts"] as { facts: number }).facts });
    expect(await counters()).toEqual(inRoom);
    expect(await spent()).toEqual(report.totals);
  },
);

async function upload(path: string): ReturnType<Api["get"]> {
  const response = await fetch(`${url}${path}/delivery/import?file_name=facebook-ads.csv&currency=USD`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${owner.token}`,
      "content-type": "text/csv",
      "idempotency-key": crypto.randomUUID(),
    },
    body: report.bytes as Uint8Array<ArrayBuffer>,
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: JSON.parse(text) as Record<string, unknown>,
  };
}

function totalOf(parts: readonly Counters[]): Record<string, number> {
  const sum = (measure: keyof Counters): number => parts.reduce((total, part) => total + part[measure], 0);
  return {
    impressions: sum("impressions"),
    clicks: sum("clicks"),
    spend_micros: sum("spend_micros"),
    leads: sum("leads"),
    conversions: sum("conversions"),
  };
}
