import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, it } from "vitest";
import { SqliteStorage } from "./sqlite-storage.ts";
import { STORAGE_CONTRACT } from "./storage-contract.ts";

describe("a room's storage in SQLite", () => {
  it.each(STORAGE_CONTRACT.map((each, index) => ({ ...each, index })))("$name", async ({ index, run }) => {
    // An object of its own for each case; nobody created a room in it, so its engine stays away.
    const stub = env.WORKSPACE_ROOM.getByName(`ws_01JD${String(index).padStart(22, "0")}`);
    await runInDurableObject(stub, (_, state) => {
      run(new SqliteStorage(state.storage), () => new SqliteStorage(state.storage));
    });
  });
});
