import { exec } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { ROOT } from "../scripts/local/paths.ts";
import { follow, stepsOf } from "./tutorial/readme-steps.ts";

const COPIED = ["core", "worker", "client", "scripts", "migrations", "docs", "tests/worker-setup.ts"];
const COPIED_FILES = ["package.json", "tsconfig.base.json", "vitest.config.ts", "wrangler.toml", ".prettierrc"];
/** Looks for the verb; two folders deep, here and there, so that its imports lead to the same files. */
const FINDER = "find-verb.worker.test.ts";
const TESTS = [
  "core/domain/campaigns/rename-campaign.test.ts",
  "core/rooms/permissions.test.ts",
  "core/protocol/protocol-hash.test.ts",
  `worker/tutorial/${FINDER}`,
];
const TIMEOUT_MS = 120_000;

const Report = z.looseObject({
  testResults: z.array(
    z.looseObject({
      name: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.looseObject({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).nullish() }),
      ),
    }),
  ),
});
type FileReport = z.infer<typeof Report>["testResults"][number];

const steps = stepsOf(readFileSync(join(ROOT, "README.md"), "utf8"));

describe("[P10] the verb of the README's tutorial", () => {
  let copy: string;
  let reports: FileReport[] = [];
  let typeErrors = "";

  beforeAll(async () => {
    copy = mkdtempSync(join(tmpdir(), "flightdeck-tutorial-"));
    for (const name of [...COPIED, ...COPIED_FILES]) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"), "dir");
    mkdirSync(join(copy, "dist/client"), { recursive: true });
    for (const step of steps) {
      if (step.does !== "run") follow(copy, step);
      else for (const command of step.commands) await shell(copy, command);
    }
    cpSync(join(ROOT, "tests/tutorial", FINDER), join(copy, "worker/tutorial", FINDER), { recursive: true });
    [reports, typeErrors] = await Promise.all([runTests(copy), checkTypes(copy)]);
  }, TIMEOUT_MS);

  afterAll(() => rmSync(copy, { recursive: true, force: true, maxRetries: 5 }));

  it("is one new file and its test; the rest of the section changes files that exist", () => {
    const written = steps.flatMap((step) => (step.does === "write" ? [step.path] : []));
    expect(written).toEqual(
      ["rename-campaign.ts", "rename-campaign.test.ts"].map((name) => `core/domain/campaigns/${name}`),
    );
    const changed = steps.flatMap((step) => (step.does === "change" ? [step.path] : []));
    expect(changed).toEqual(["core/domain/campaigns/index.ts", "core/rooms/permissions.test.ts"]);
  });

  it.each(TESTS)("passes %s", (name) => {
    const report = reports.find((each) => each.name.endsWith(name));
    expect(report, `${name} did not run`).toBeDefined();
    expect(failuresIn(report)).toEqual([]);
  });

  it.each([
    ["the WebSocket", /^is found on the WebSocket/],
    ["HTTP", /^is found on HTTP/],
    ["OpenAPI", /^is found in the OpenAPI document/],
    ["the roles that may send it", /^is allowed by role/],
    ["the permission table", /^\[P9\] who may send what .*campaign:rename:v1\b.*operator admin owner/],
    ["the optimistic client", /^is found on the optimistic client/],
  ])("is found on %s", (_surface, name) => {
    const results = reports.flatMap((report) => report.assertionResults);
    const found = results.find(({ fullName }) => name.test(fullName));
    expect({ status: found?.status, failures: found?.failureMessages }).toEqual({ status: "passed", failures: [] });
  });

  it("is in the generated reference", () => {
    expect(readFileSync(join(copy, "docs/protocol.md"), "utf8")).toContain("### `campaign:rename:v1`");
  });

  it("type-checks", () => {
    expect(typeErrors).toBe("");
  });
});

function failuresIn(report: FileReport | undefined): string[] {
  const failed = report?.assertionResults.filter((result) => result.status !== "passed") ?? [];
  const inTests = failed.map((result) => `${result.fullName}: ${result.failureMessages?.join("\n") ?? result.status}`);
  return report?.message ? [report.message, ...inTests] : inTests;
}

async function runTests(copy: string): Promise<FileReport[]> {
  const report = join(copy, "report.json");
  const options = `--project unit --project worker --reporter json --outputFile ${report}`;
  // What fails is in the report, too.
  const output = await shell(copy, `vitest run ${options} ${TESTS.join(" ")}`).catch((error: unknown) => error);
  if (!existsSync(report)) throw new Error("The tests of the tutorial did not run", { cause: output });
  return Report.parse(JSON.parse(readFileSync(report, "utf8"))).testResults;
}

/** What the compiler says of the files that the tutorial writes, with everything they import. */
async function checkTypes(copy: string): Promise<string> {
  const files = steps.flatMap((step) => (step.does === "write" ? [step.path] : []));
  writeFileSync(join(copy, "tsconfig.json"), JSON.stringify({ extends: "./tsconfig.base.json", files }));
  return await shell(copy, "tsc --project .").then(
    () => "",
    (error: unknown) => String(Reflect.get(Object(error), "stdout")),
  );
}

/** Runs a command as the reader of the tutorial would, with the tools of the repository. Rejects if it fails. */
async function shell(cwd: string, command: string): Promise<{ stdout: string; stderr: string }> {
  // What vitest and npm tell their own children is not meant for those.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST$|NODE_|npm_)/.test(name));
  const PATH = [join(ROOT, "node_modules/.bin"), process.env["PATH"]].join(delimiter);
  const env = { ...Object.fromEntries(inherited), PATH };
  return await promisify(exec)(command, { cwd, env, timeout: TIMEOUT_MS, maxBuffer: 64 * 1024 * 1024 });
}
