// `npm run test:soak -- --mutations 1000000`: acknowledged mutations under random kills, cut sockets and a locked D1.
// Started again it goes on where it ended; --fresh begins anew. The report goes to docs/soak-report.md.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { soak } from "../tests/chaos/soak.ts";
import { LOCAL_DIR, ROOT } from "./local/paths.ts";

const { values } = parseArgs({
  options: {
    mutations: { type: "string", default: "20000" },
    seed: { type: "string", default: "20261120" },
    fresh: { type: "boolean", default: false },
  },
});
const directory = join(LOCAL_DIR, "soak");
if (values.fresh) rmSync(directory, { recursive: true, force: true });
const held = await soak({
  directory,
  report: join(ROOT, "docs", "soak-report.md"),
  mutations: Number(values.mutations),
  seed: Number(values.seed),
});
process.exit(held ? 0 : 1);
