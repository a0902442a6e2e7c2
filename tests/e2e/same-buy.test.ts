import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { WireCommit } from "../../core/protocol/frames.ts";
import { Api, makeCampaign, mustWork } from "./support/api.ts";
import type { TestCampaign } from "./support/api.ts";
import { launchBrowser, openAs } from "./support/browser.ts";
import { sharedUrl } from "./support/shared-server.ts";

const url = sharedUrl();
const ROUNDS = 5;
const PROGRAM_CAP = 300_000_000;
let browser: Browser;
let owner: Api & { workspaceId: string };
let key: Api;
let campaign: TestCampaign;

beforeAll(async () => {
  browser = await launchBrowser();
  owner = await Api.as(url, "owner");
  const scopes = ["campaign.read", "media_buy.edit", "delivery.report"];
  const made = mustWork(
    await owner.post(`/v1/workspaces/${owner.workspaceId}/api_key/create`, { name: "same buy", scopes }),
  );
  key = new Api(url, String(made.data?.["secret"]));
  campaign = await makeCampaign(owner);
});

afterAll(() => browser.close());

test("[P2] two windows and a program change the same buy at once: all see the same final state and the same order of events, and a third window the same totals", async () => {
  const { mediaBuyId, campaignId, path } = campaign;
  const campaignPage = { url, path: `/workspaces/${campaign.workspaceId}/campaigns/${campaignId}` };
  const first = await openAs(browser, "operator", { url });
  const second = await openAs(browser, "operator2", { url });
  const workspace = await openAs(browser, "viewer", { url });
  const orders = [watchOrder(first.page), watchOrder(second.page)];
  for (const { page } of [first, second]) {
    await page.goto(campaignPage.url + campaignPage.path);
    await page.getByTestId(`buy-${mediaBuyId}-edit`).click();
  }

  for (let round = 1; round <= ROUNDS; round++) {
    await Promise.all([
      setCap(first.page, 100 + round),
      setCap(second.page, 200 + round),
      capByProgram(PROGRAM_CAP + round * 1_000_000),
      report(round),
    ]);
  }

  const room = async (): Promise<number> => {
    const { body } = await key.get(`${path}/media_buy/${mediaBuyId}`);
    return Number(body.data?.["daily_cap_micros"]);
  };
  const cap = await room();
  for (const { page } of [first, second, workspace]) {
    await expect.poll(() => value(page, `buy-${mediaBuyId}-cap`), { timeout: 10_000 }).toBe(cap);
    await expect.poll(() => value(page, `buy-${mediaBuyId}-spend`), { timeout: 10_000 }).toBe(ROUNDS * 2_000_000);
  }

  const [one, two] = orders.map((order) => order.map(([seq, , , event]) => `${seq} ${event?.[0] ?? ""}`));
  expect(one?.length).toBeGreaterThanOrEqual(ROUNDS * 2);
  expect(one).toEqual(two);
  expect(one).toEqual(one?.toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)));

  const rows = await workspace.page.locator('[data-testid^="buy-row-"]').all();
  const spends = await Promise.all(
    rows.map((row) => row.locator('[data-testid$="-spend"]').getAttribute("data-value")),
  );
  const sum = spends.reduce((total, spend) => total + Number(spend), 0);
  expect(await value(workspace.page, "totals-spend")).toBe(sum);
  expect([...first.errors, ...second.errors, ...workspace.errors]).toEqual([]);
  await Promise.all([first, second, workspace].map(({ context }) => context.close()));
});

/** Every commit of the campaign's room that the page gets, in the order in which it gets them. */
function watchOrder(page: Page): WireCommit[] {
  const commits: WireCommit[] = [];
  page.on("websocket", (socket) => {
    if (!socket.url().includes(campaign.campaignId)) return;
    socket.on("framereceived", ({ payload }) => {
      const frame = JSON.parse(String(payload)) as { type: string; commits?: WireCommit[] };
      if (frame.type === "commits") commits.push(...(frame.commits ?? []));
    });
  });
  return commits;
}

async function setCap(page: Page, amount: number): Promise<void> {
  await page.getByTestId(`buy-${campaign.mediaBuyId}-cap-input`).fill(String(amount));
  await page.getByTestId(`buy-${campaign.mediaBuyId}-cap-save`).click();
}

async function capByProgram(amount_micros: number): Promise<void> {
  const operations = [{ operation: "set_daily_cap", amount_micros }];
  mustWork(await key.post(`${campaign.path}/media_buy/update`, { media_buy_id: campaign.mediaBuyId, operations }));
}

/** The day so far: each round reports 2 dollars more. */
async function report(round: number): Promise<void> {
  const fact = {
    package_id: campaign.packageId,
    date: new Date(Date.now() - 86_400_000).toISOString().slice(0, 10),
    device: "mobile",
    country: "US",
    source: "test",
    impressions: round * 1_000,
    spend_micros: round * 2_000_000,
  };
  mustWork(await key.post(`${campaign.path}/delivery/report`, { facts: [fact] }));
}

async function value(page: Page, testId: string): Promise<number> {
  return Number(await page.getByTestId(testId).getAttribute("data-value"));
}
