import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { ROOT } from "../../../scripts/local/paths.ts";
import { writeCosts } from "../../../scripts/costs/write-costs.ts";
import type { Run } from "../run.ts";
import { benchmarkTables } from "./benchmark-tables.ts";
import { charts } from "./charts.ts";
import { measuredCosts } from "./measured-costs.ts";
import { targetsOf } from "./targets.ts";

const DOCS = join(ROOT, "docs");
const PAGE = join(DOCS, "benchmarks.md");
const BEGIN = "<!-- measured: written by `npm run bench` -->";
const END = "<!-- end of what was measured -->";

/** Writes what a run found into docs/: the tables of the page (its words stay), the JSON, the charts, the costs. */
export async function writePages(run: Run): Promise<void> {
  const page = readFileSync(PAGE, "utf8");
  const [before, rest] = [page.slice(0, page.indexOf(BEGIN)), page.slice(page.indexOf(END))];
  const text = `${before}${BEGIN}\n\n${benchmarkTables(run)}\n\n${rest}`;
  writeFileSync(PAGE, await format(text, { parser: "markdown", printWidth: 120 }));
  const targets = targetsOf(run);
  const group = (name: string): object =>
    Object.fromEntries(targets.filter((each) => each.group === name).map(({ key, value }) => [key, round(value)]));
  writeFileSync(
    join(DOCS, "benchmarks.json"),
    await format(JSON.stringify({ ratios: group("ratios"), absolute: group("absolute") }), { parser: "json" }),
  );
  for (const [name, svg] of Object.entries(charts(run))) writeFileSync(join(DOCS, "images", `${name}.svg`), svg);
  await writeCosts(measuredCosts(run));
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
