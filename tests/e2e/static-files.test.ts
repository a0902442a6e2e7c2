import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "./support/browser.ts";
import { sharedUrl } from "./support/shared-server.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** What a browser sends when a person types an address. */
const NAVIGATION = { accept: "text/html", "sec-fetch-mode": "navigate" };

describe("static files", () => {
  it.each(["/", "/campaigns/anything"])("answer the app's page at %s, with the security headers", async (path) => {
    const response = await fetch(`${sharedUrl()}${path}`, { headers: NAVIGATION });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-security-policy")).toContain("script-src 'self'");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(await response.text()).toContain("<title>Flightdeck");
  });

  it.each(["/v1/nothing", "/openapi.json", "/healthz", "/readyz"])("leave %s to the worker", async (path) => {
    const response = await fetch(`${sharedUrl()}${path}`, { headers: NAVIGATION });
    expect(await response.text()).not.toContain("<html");
  });

  it("have a reference page that lists the calls and breaks no rule of its own policy", async () => {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    await page.goto(`${sharedUrl()}/docs`);
    await page.locator(".opblock-tag").first().waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });
});
