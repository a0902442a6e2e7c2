import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./support/browser.ts";
import { sharedUrl } from "./support/shared-server.ts";

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser.close());

test("live mode lets the demo deliver until it is switched off, and the totals stay the sum of the rows", async () => {
  const page = await browser.newPage();
  await page.goto(sharedUrl());
  await page.getByTestId("sign-in-operator").click();
  const shown = (testId: string): Promise<number> => page.getByTestId(testId).getAttribute("data-value").then(Number);
  const before = await shown("totals-impressions");
  await page.getByTestId("live-mode").click();
  await expect.poll(() => shown("totals-impressions"), { timeout: 20_000 }).toBeGreaterThan(before);
  await page.getByTestId("live-mode").click();
  await expect.poll(() => page.getByTestId("live-mode").textContent()).toBe("Start the live demo");

  const sums = await page.evaluate(() => {
    const value = (element: Element | null | undefined): number => Number(element?.getAttribute("data-value"));
    const rows = [...document.querySelectorAll('[data-testid^="buy-row-"]')];
    return {
      total: value(document.querySelector('[data-testid="totals-impressions"]')),
      sum: rows.reduce((all, row) => all + value(row.querySelector('[data-testid$="-impressions"]')), 0),
    };
  });
  expect(sums.total).toBe(sums.sum);
  await page.close();
});
