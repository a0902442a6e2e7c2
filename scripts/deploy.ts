// `npm run deploy`: client, D1 tables, worker, in this order. docs/deploy.md has what must exist before the first time.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildClient } from "./local/client-build.ts";
import { BIN, ROOT } from "./local/paths.ts";
import { run } from "./local/run.ts";

const PLACEHOLDER_ID = "00000000-0000-0000-0000-000000000000";

if (readFileSync(join(ROOT, "wrangler.toml"), "utf8").includes(PLACEHOLDER_ID)) {
  throw new Error(
    "wrangler.toml still has the placeholder database_id. docs/deploy.md, step 2, tells how to get yours.",
  );
}
await buildClient();
// Tables first: a new worker may need the new columns, and migrations only ever add.
const wrangler = join(BIN, "wrangler");
const migrated = run(wrangler, ["d1", "migrations", "apply", "DB", "--remote"]);
process.exitCode = migrated === 0 ? run(wrangler, ["deploy"]) : migrated;
