import { describe, expect, it } from "vitest";
import { MemoryStorage } from "../engine/testing/memory-storage.ts";
import { STORAGE_CONTRACT } from "./storage-contract.ts";

describe("a room's storage in memory, of which the engine's tests are made", () => {
  it.each(STORAGE_CONTRACT)("$name", ({ run }) => {
    const storage = new MemoryStorage();
    run(storage, () => storage);
  });

  it("refuses to write outside a transaction, as nothing in the engine may", () => {
    const storage = new MemoryStorage();
    expect(() => storage.setTimer("note", "n1", "2026-11-20T12:00:00.000Z")).toThrow("outside a transaction");
  });
});
