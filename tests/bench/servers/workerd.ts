// A process of its own: runs a bundled worker on workerd, reached directly and not through the development server's proxy.
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { freePort } from "../../../scripts/local/server.ts";

/** Which worker, and where it keeps its data. */
export interface WorkerdOptions {
  readonly config: string;
  readonly bundle: string;
  readonly stateDir: string;
  readonly vars: Readonly<Record<string, string>>;
  /** A folder of D1 migrations, for a worker that has a database. */
  readonly migrations?: string;
}

const NAME = "bench";

// Given by the benchmark that starts this file.
const options = JSON.parse(process.argv[2] ?? "") as WorkerdOptions;
// Typed by wrangler's own copy of miniflare's types, which do not match these. Static files are left out: their simulator is
// a worker that every connection would pass.
const {
  assets: _,
  bindings,
  ...worker
} = unstable_getMiniflareWorkerOptions(options.config).workerOptions as Record<string, object>;
const port = await freePort();
mkdirSync(options.stateDir, { recursive: true });
const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    resourcePersistencePath: options.stateDir,
    // What the worker logs is read, as everywhere, and thrown away.
    handleRuntimeStdio(stdout: Readable, stderr: Readable) {
      stdout.resume();
      stderr.resume();
    },
    // For profiling with the DevTools protocol; it slows the worker down.
    ...(process.env["BENCH_INSPECT"] && { inspectorPort: Number(process.env["BENCH_INSPECT"]) }),
    workers: [
      {
        ...worker,
        name: NAME,
        modulesRoot: join(options.bundle, ".."),
        modules: [{ type: "ESModule", path: options.bundle, contents: readFileSync(options.bundle, "utf8") }],
        bindings: { ...bindings, ...options.vars },
        unsafeDirectSockets: [{ host: "127.0.0.1", port, serviceName: NAME }],
      },
    ],
  }),
);
await miniflare.ready;
if (options.migrations !== undefined) await migrate(options.migrations);
process.send?.({ url: `http://127.0.0.1:${port}`, pid: childPid() });
process.on("disconnect", () => void miniflare.dispose().finally(() => process.exit(0)));

/** Makes the tables of an empty database. The migrations have no semicolon inside a statement. */
async function migrate(folder: string): Promise<void> {
  const db = await miniflare.getD1Database("DB");
  for (const name of readdirSync(folder).toSorted()) {
    const text = readFileSync(join(folder, name), "utf8").replaceAll(/^\s*--.*$/gm, "");
    const statements = text.split(";").filter((statement) => statement.trim() !== "");
    await db.batch(statements.map((statement) => db.prepare(statement)));
  }
}

/** The workerd that miniflare started. */
function childPid(): number {
  const children = readdirSync(`/proc/${process.pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${process.pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean),
  );
  const workerd = children.find((pid) => readFileSync(`/proc/${pid}/comm`, "utf8").startsWith("workerd"));
  if (workerd === undefined) throw new Error("workerd does not run");
  return Number(workerd);
}
