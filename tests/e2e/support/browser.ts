import { chromium } from "playwright-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { findChromium } from "../../../scripts/local/chromium.ts";
import { signIn } from "./people.ts";
import type { Person } from "./people.ts";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** A headless Chromium that talks to nobody but the pages it is given. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error("No Chromium found: run the tests with npm test, or set CHROME_PATH");
  return chromium.launch({ executablePath, headless: true, args: FLAGS });
}

export interface SignedInPage {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly token: string;
  readonly workspaceId: string;
  /** What the page reported as uncaught, in order; empty in a healthy page. */
  readonly errors: readonly string[];
}

/** Opens `path` in a window of its own (own storage and sockets), signed in through the page as a demo person would be. */
export async function openAs(
  browser: Browser,
  person: Person,
  options: { url: string; path?: string },
): Promise<SignedInPage> {
  const { token, workspaceId } = await signIn(options.url, person);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.addInitScript((session) => sessionStorage.setItem("flightdeck.session", JSON.stringify(session)), {
    token,
    workspace_id: workspaceId,
    person,
  });
  await page.goto(`${options.url}${options.path ?? "/"}`);
  return { page, context, token, workspaceId, errors };
}
