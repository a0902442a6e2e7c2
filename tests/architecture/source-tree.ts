import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { Visitor, parseSync } from "oxc-parser";
import { ROOT } from "../../scripts/local/paths.ts";

/** One file of product code, as the architecture rules see it. */
export interface SourceFile {
  /** From the repository's root, with forward slashes. */
  readonly path: string;
  readonly lines: number;
  /** What it imports, statically or not: paths from the root for its own files, else names of packages. */
  readonly imports: readonly string[];
  readonly functions: readonly { name: string; line: number; lines: number }[];
  /** Whether it only passes on what other files export. */
  readonly isBarrel: boolean;
  /** Every name that occurs in it, types and globals included. */
  readonly names: ReadonlySet<string>;
}

/** Reads the product code below folders of the repository: no tests, no fixtures, no declarations. */
export function readSources(folders: readonly string[]): SourceFile[] {
  const pattern = folders.map((folder) => `${folder}/**/*.{ts,tsx,mjs}`);
  return globSync(pattern, { cwd: ROOT })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => !/\.(test|fixture)\.tsx?$|\.d\.ts$|\/testing\/|node_modules/.test(path))
    .toSorted()
    .map(readSource);
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(ROOT, path), "utf8");
  const { program, module, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]?.message}`);

  const names = new Set<string>();
  const functions: { name: string; line: number; lines: number }[] = [];
  const lineAt = (offset: number): number => text.slice(0, offset).split("\n").length;
  const measure = (node: { start: number; end: number; id?: { name: string } | null }): void => {
    const line = lineAt(node.start);
    functions.push({ name: node.id?.name ?? "anonymous", line, lines: lineAt(node.end) - line + 1 });
  };
  new Visitor({
    Identifier: ({ name }) => void names.add(name),
    FunctionDeclaration: measure,
    FunctionExpression: measure,
    ArrowFunctionExpression: measure,
  }).visit(program);

  const specifiers = [
    ...module.staticImports.map((entry) => entry.moduleRequest.value),
    ...module.staticExports.flatMap((entry) => entry.entries.flatMap((item) => item.moduleRequest?.value ?? [])),
    ...module.dynamicImports.map((entry) => text.slice(entry.moduleRequest.start + 1, entry.moduleRequest.end - 1)),
  ];
  return {
    path,
    lines: text.trimEnd().split("\n").length,
    imports: [...new Set(specifiers)].map((specifier) => resolve(path, specifier)),
    functions,
    isBarrel:
      program.body.length > 0 &&
      program.body.every(({ type }) => type === "ExportAllDeclaration" || type === "ExportNamedDeclaration") &&
      module.staticExports.every((entry) => entry.entries.every((item) => item.moduleRequest !== null)),
    names,
  };
}

function resolve(from: string, specifier: string): string {
  if (specifier.startsWith(".")) return relative(ROOT, join(ROOT, dirname(from), specifier)).replaceAll("\\", "/");
  return specifier;
}
