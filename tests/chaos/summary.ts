import type { FaultTest } from "./catalogue.ts";
import type { Figure } from "./scale.ts";

/** A test that was run, or was not. */
export interface Ran {
  readonly file: string;
  readonly title: string;
  readonly state: "passed" | "failed" | "skipped" | "pending";
  readonly figures: readonly Figure[];
}

/** The lines of a summary, one for each test of the list, and how many of them are proved. */
export interface Summary {
  readonly lines: readonly string[];
  readonly proved: number;
}

/**
 * What a run proved: a test of the list is proved if something ran for it and all of that passed, each cited proof included.
 * What belongs to no number of the list (the negative controls, the simulation) is told at the end, with number 0.
 */
export function summarize(catalogue: readonly FaultTest[], ran: readonly Ran[]): Summary {
  const lines: string[] = [];
  let proved = 0;
  for (const { id, fault, proofs } of catalogue) {
    const own = ran.filter(({ title }) => title.includes(`[#${id}]`));
    const cited = proofs.map(({ file, title }) => ({
      name: file,
      tests: ran.filter((test) => test.file.endsWith(file) && test.title.includes(title)),
    }));
    const all = [...own, ...cited.flatMap(({ tests }) => tests)];
    const missing = cited.filter(({ tests }) => tests.length === 0).map(({ name }) => name);
    const bad = all.filter(({ state }) => state !== "passed");
    const ok = all.length > 0 && missing.length + bad.length === 0;
    if (ok) proved++;
    const figures = own.flatMap((test) => test.figures.filter((figure) => figure.id === id).map(({ text }) => text));
    const citations = cited.map(({ name, tests }) => `${tests.length} of ${name}`);
    const troubles = [
      ...missing.map((name) => `not run: ${name}`),
      ...bad.map(({ state, title }) => `${state}: ${title}`),
    ];
    if (all.length === 0) troubles.push("nothing ran");
    lines.push(`#${id} ${ok ? "ok" : "FAILED"} ${fault}: ${[...troubles, ...figures, ...citations].join("; ")}`);
  }
  const besides = ran.flatMap(({ figures }) => figures.filter(({ id }) => id === 0).map(({ text }) => text));
  return { lines: [...lines, ...besides], proved };
}
