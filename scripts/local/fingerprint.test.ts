import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { onceFor } from "./fingerprint.ts";

let folder: string;
let runs: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "flightdeck-test-"));
  runs = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

const work = (): Promise<void> => {
  runs++;
  return Promise.resolve();
};

describe("work done once for its inputs", () => {
  it("runs the first time, and not again while nothing changed", async () => {
    writeFileSync(join(folder, "source"), "a");
    await onceFor(join(folder, "stamp"), [join(folder, "source")], work);
    await onceFor(join(folder, "stamp"), [join(folder, "source")], work);
    expect(runs).toBe(1);
  });

  it("runs again when a file below a folder changed, came or went", async () => {
    const stamp = join(folder, "..", `${folder.split("/").at(-1)}.stamp`);
    await onceFor(stamp, [folder], work);
    writeFileSync(join(folder, "new"), "a");
    await onceFor(stamp, [folder], work);
    writeFileSync(join(folder, "new"), "b");
    await onceFor(stamp, [folder], work);
    rmSync(join(folder, "new"));
    await onceFor(stamp, [folder], work);
    rmSync(stamp);
    expect(runs).toBe(4);
  });

  it("runs again after it failed", async () => {
    const stamp = join(folder, "stamp");
    await expect(onceFor(stamp, [], () => Promise.reject(new Error("disk full")))).rejects.toThrow("disk full");
    await onceFor(stamp, [], work);
    expect(runs).toBe(1);
  });
});
