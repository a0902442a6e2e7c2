import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ROOT } from "../scripts/local/paths.ts";

const Manifest = z.looseObject({
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
});

const readme = readFileSync(join(ROOT, "README.md"), "utf8");

describe("README", () => {
  it("gives each dependency one line of why, and none to a package that is gone", () => {
    const manifest = Manifest.parse(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")));
    const rows = [...readme.matchAll(/^\| `([^`]+)` +\| .+ \|$/gm)].map(([, name]) => name ?? "");
    const wanted = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)];
    expect(rows.toSorted()).toEqual(wanted.toSorted());
  });

  it.each(["README.md", "AGENTS.md", "CHANGELOG.md", "docs/deploy.md"])("%s links only to files that exist", (page) => {
    const text = readFileSync(join(ROOT, page), "utf8");
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(([, target]) => target ?? "");
    expect(links.filter((target) => !existsSync(join(ROOT, page, "..", target)))).toEqual([]);
  });
});
