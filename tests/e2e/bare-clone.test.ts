import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "../../scripts/local/paths.ts";
import { spawnGroup } from "../../scripts/local/process-group.ts";
import type { ProcessGroup } from "../../scripts/local/process-group.ts";
import { freePort } from "../../scripts/local/server.ts";
import { signIn } from "./support/people.ts";

const INSTALL_TIMEOUT_MS = 300_000;
const FOREIGN_VARIABLE = /^npm_(?!config_(registry|cache|userconfig|globalconfig)$)/i;

let clone: string;
let port: number;
let running: ProcessGroup | undefined;

beforeAll(async () => {
  clone = mkdtempSync(join(tmpdir(), "flightdeck-clone-"));
  const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: ROOT });
  for (const path of files.toString().split("\0")) {
    if (path !== "" && existsSync(join(ROOT, path))) cpSync(join(ROOT, path), join(clone, path));
  }
  port = await freePort();
});
afterAll(async () => {
  await running?.stop();
  rmSync(clone, { recursive: true, force: true, maxRetries: 10, retryDelay: 500 });
});

/** `npm start` as typed in a terminal that knows nothing of this checkout; resolves when it says that it is ready. */
async function npmStart(): Promise<ProcessGroup> {
  const foreign = Object.keys(process.env).filter((name) => FOREIGN_VARIABLE.test(name));
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => !folder.startsWith(ROOT));
  const group = spawnGroup("npm", ["start"], {
    cwd: clone,
    env: {
      ...Object.fromEntries(foreign.map((name) => [name, undefined])),
      PATH: path.join(delimiter),
      PORT: `${port}`,
    },
    output: "keep",
  });
  running = group;
  let ended = "";
  void group.ended.then((code) => {
    ended = `npm start ended with code ${code}`;
  });
  await expect
    .poll(() => group.output() + ended, { timeout: INSTALL_TIMEOUT_MS, interval: 200 })
    .toMatch(/Flightdeck is ready at|npm start ended/);
  expect(group.output() + ended).toContain("Flightdeck is ready at");
  return group;
}

/** Ctrl-C: the terminal signals everything in its foreground group. */
async function pressCtrlC(group: ProcessGroup): Promise<void> {
  process.kill(-group.pid, "SIGINT");
  await group.ended;
}

describe("[P1] npm start on a bare clone", () => {
  it(
    "installs, serves the product with its demo, ends by Ctrl-C, and starts again with its data",
    async () => {
      const url = `http://127.0.0.1:${port}`;
      const first = await npmStart();
      expect(first.output()).toContain("Installing packages");
      expect(await (await fetch(url)).text()).toContain("<title>Flightdeck");
      const before = await readMe(url);
      expect(before).toMatchObject({ status: 200 });

      await pressCtrlC(first);
      await expect(freePort(port)).resolves.toBe(port);

      const second = await npmStart();
      expect(second.output()).not.toMatch(/Installing|Seeding/);
      expect(await readMe(url)).toEqual(before);
      await pressCtrlC(second);
      await expect(freePort(port)).resolves.toBe(port);
    },
    2 * INSTALL_TIMEOUT_MS,
  );
});

async function readMe(url: string): Promise<{ status: number; body: unknown }> {
  const { token } = await signIn(url, "owner");
  const response = await fetch(`${url}/v1/me`, { headers: { authorization: `Bearer ${token}` } });
  // How far the read model has come may differ: an alarm of the first run may ring in the second.
  const body: unknown = JSON.parse(await response.text(), (key, value: unknown) =>
    key === "as_of" ? undefined : value,
  );
  return { status: response.status, body };
}
