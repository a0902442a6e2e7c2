import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ensureSecrets } from "./secrets.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "flightdeck-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const vars = (): NodeJS.Dict<string> => parseEnv(readFileSync(join(folder, ".dev.vars"), "utf8"));

describe("local secrets", () => {
  it("are random, long enough for HS256, and readable by their owner alone", () => {
    ensureSecrets(folder);
    expect(Buffer.from(vars()["JWT_SECRET"] ?? "", "base64url")).toHaveLength(32);
    expect(statSync(join(folder, ".dev.vars")).mode & 0o077).toBe(0);
  });

  it("switch on the development sign-in and join what the caller adds", () => {
    ensureSecrets(folder, { ALLOWED_ORIGINS: "http://localhost:5173" });
    expect(vars()).toMatchObject({ ENVIRONMENT: "development", ALLOWED_ORIGINS: "http://localhost:5173" });
  });

  it("stay as they are once made", () => {
    ensureSecrets(folder);
    const before = vars();
    ensureSecrets(folder, { ENVIRONMENT: "production" });
    expect(vars()).toEqual(before);
  });
});
