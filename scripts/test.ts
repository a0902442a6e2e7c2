// `npm test`: every test. Arguments go to vitest, e.g. `npm test -- --project unit core/model`.
import { join } from "node:path";
import { ensureChromium } from "./local/chromium.ts";
import { buildClient } from "./local/client-build.ts";
import { BIN } from "./local/paths.ts";
import { run } from "./local/run.ts";

await buildClient();
const env = { CHROME_PATH: ensureChromium(), WRANGLER_SEND_METRICS: "false" };
process.exitCode = run(join(BIN, "vitest"), ["run", ...process.argv.slice(2)], env);
