import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** One code block of the tutorial: a new file, a change of one that exists, or commands to run. */
export type Step =
  | { readonly does: "write"; readonly path: string; readonly text: string }
  | { readonly does: "change"; readonly path: string; readonly lines: readonly string[] }
  | { readonly does: "run"; readonly commands: readonly string[] };

/** The code blocks of the README's section "Add a verb", in order. */
export function stepsOf(readme: string): Step[] {
  const section = readme.split(/^## /m).find((part) => part.startsWith("Add a verb\n")) ?? "";
  return [...section.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = "", code = ""]) =>
    toStep(language, code),
  );
}

/** Does what a block of `ts` or `diff` says, below `root`. Throws if a change does not fit. */
export function follow(root: string, step: Exclude<Step, { does: "run" }>): void {
  const path = join(root, step.path);
  if (step.does === "write") {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, step.text);
  } else writeFileSync(path, changed(readFileSync(path, "utf8"), step));
}

function toStep(language: string, code: string): Step {
  const lines = code.trimEnd().split("\n");
  if (language === "sh") return { does: "run", commands: lines };
  const [first = "", ...rest] = lines;
  const path = /^(?:\/\/|@@) (\S+\.ts)/.exec(first)?.[1];
  if (path === undefined) throw new Error(`A block of the tutorial does not begin with its path: ${first}`);
  return language === "diff" ? { does: "change", path, lines: rest } : { does: "write", path, text: code };
}

/** Replaces what the diff's lines without + say by what those without - say. An empty line parts two places. */
function changed(text: string, { path, lines }: { path: string; lines: readonly string[] }): string {
  const places = lines.join("\n").split(/\n\s*\n/);
  return places.reduce((now, place) => {
    const before = pick(place, "+");
    if (now.split(before).length !== 2) throw new Error(`The tutorial's change does not fit ${path}:\n${before}`);
    return now.replace(before, () => pick(place, "-"));
  }, text);
}

function pick(place: string, without: "+" | "-"): string {
  const lines = place.split("\n").filter((line) => !line.startsWith(without));
  return lines.map((line) => `${line.slice(1)}\n`).join("");
}
