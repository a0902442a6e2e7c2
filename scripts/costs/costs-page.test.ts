import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "../local/paths.ts";
import { renderCosts } from "./write-costs.ts";

it("docs/costs.md says what the prices and the measured rows come to", async () => {
  expect(readFileSync(join(ROOT, "docs/costs.md"), "utf8")).toBe(await renderCosts());
});
