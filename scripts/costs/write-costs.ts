import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { z } from "zod";
import { ROOT } from "../local/paths.ts";
import type { CostBasis } from "./cost-model.ts";
import { costsPage } from "./costs-page.ts";

const BASIS = join(ROOT, "docs", "costs.json");
const PAGE = join(ROOT, "docs", "costs.md");
const Rows = z.strictObject({ room: z.number(), d1: z.number(), workspace: z.number() });
const Basis = z.strictObject({ measured_on: z.string(), busy: Rows, alone: Rows });

/** Writes docs/costs.md, from what was measured last or, if given, now. */
export async function writeCosts(measured?: CostBasis): Promise<void> {
  if (measured) writeFileSync(BASIS, await format(JSON.stringify(measured), { parser: "json", printWidth: 120 }));
  writeFileSync(PAGE, await renderCosts());
}

/** docs/costs.md as it should be. */
export async function renderCosts(): Promise<string> {
  const basis = Basis.parse(JSON.parse(readFileSync(BASIS, "utf8")));
  return await format(costsPage(basis), { parser: "markdown", printWidth: 120 });
}
